#[automatically_derived]
impl ::saga_dsl::SagaData for FareStatus {
    type Fields<'s> = ();
    fn fields<'s>(value: ::saga_dsl::Ref<'s, FareStatus>) -> &'s () {
        let _ = value;
        &()
    }
    fn describe() -> ::saga_dsl::__private::Type {
        ::saga_dsl::__private::Type::OneOf(
            ::std::vec::Vec::from([
                ::saga_dsl::__private::VariantType {
                    name: "NOT-PAID".into(),
                    description: ::core::option::Option::Some("Not yet paid."),
                    layout: ::saga_dsl::__private::Layout::Unit,
                },
                ::saga_dsl::__private::VariantType {
                    name: "done".into(),
                    description: ::core::option::Option::None,
                    layout: ::saga_dsl::__private::Layout::Unit,
                },
            ]),
        )
    }
}
#[automatically_derived]
impl<'s> ::core::convert::From<FareStatus> for ::saga_dsl::Ref<'s, FareStatus> {
    fn from(value: FareStatus) -> Self {
        Self::scalar(
            ::saga_dsl::__private::Scalar::Text(
                match value {
                    FareStatus::NotPaid { .. } => "NOT-PAID",
                    FareStatus::Completed { .. } => "done",
                },
            ),
        )
    }
}
