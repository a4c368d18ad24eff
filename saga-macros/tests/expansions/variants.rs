///References to what a [`Payment`] holds.
#[derive(Clone, Copy)]
struct PaymentRef<'s> {
    ///The content of `BankTransfer`, where it is that.
    bank_transfer: ::saga_dsl::Ref<'s, ::core::option::Option<Account>>,
}
#[automatically_derived]
impl ::saga_dsl::SagaData for Payment {
    type Fields<'s> = PaymentRef<'s>;
    fn fields<'s>(value: ::saga_dsl::Ref<'s, Payment>) -> &'s PaymentRef<'s> {
        value
            .keep(PaymentRef {
                bank_transfer: value.optional_field("BankTransfer"),
            })
    }
    fn describe() -> ::saga_dsl::__private::Type {
        ::saga_dsl::__private::Type::OneOf(
            ::std::vec::Vec::from([
                ::saga_dsl::__private::VariantType {
                    name: "Cash".into(),
                    description: ::core::option::Option::None,
                    layout: ::saga_dsl::__private::Layout::Unit,
                },
                ::saga_dsl::__private::VariantType {
                    name: "BankTransfer".into(),
                    description: ::core::option::Option::None,
                    layout: ::saga_dsl::__private::Layout::External(
                        <Account as ::saga_dsl::SagaData>::describe,
                    ),
                },
            ]),
        )
    }
}
