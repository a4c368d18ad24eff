///References to what a [`FareRequest`] holds.
#[allow(non_snake_case, reason = "the names are those of the author's fields")]
#[derive(Clone, Copy)]
pub struct FareRequestRef<'s> {
    /// Whose fare it is.
    pub customer_id: ::saga_dsl::Ref<'s, String>,
    ///The reference to `coupon`.
    pub coupon: ::saga_dsl::Ref<'s, Option<String>>,
    ///The reference to `note`.
    pub note: ::saga_dsl::Ref<'s, Option<String>>,
    ///The reference to `passengers`.
    passengers: ::saga_dsl::Ref<'s, u32>,
    ///The reference to `route`.
    pub route: ::saga_dsl::Ref<'s, Route>,
    ///The reference to `cc`.
    pub cc: ::saga_dsl::Ref<'s, ::saga_dsl::Sensitive<String>>,
}
#[automatically_derived]
impl<'s> ::saga_dsl::Literal<'s> for FareRequestRef<'s> {
    type Data = FareRequest;
    fn write(
        self,
        arena: &'s ::saga_dsl::__private::Arena,
    ) -> ::saga_dsl::__private::Node<'s> {
        ::saga_dsl::__private::ObjectWriter::new(arena)
            .field("customerId", self.customer_id)
            .field("coupon", self.coupon)
            .optional_field("note", self.note)
            .field("passengers", self.passengers)
            .flattened_field(self.route)
            .field("cc", self.cc)
            .finish()
    }
}
#[automatically_derived]
impl ::saga_dsl::SagaData for FareRequest {
    type Fields<'s> = FareRequestRef<'s>;
    fn fields<'s>(value: ::saga_dsl::Ref<'s, FareRequest>) -> &'s FareRequestRef<'s> {
        value
            .keep(FareRequestRef {
                customer_id: value.field("customerId"),
                coupon: value.optional_field("coupon"),
                note: value.optional_field("note"),
                passengers: value.default_field("passengers", &one()),
                route: value.flattened_field(),
                cc: value.field("cc"),
            })
    }
    fn describe() -> ::saga_dsl::__private::Type {
        ::saga_dsl::__private::Type::Object(::saga_dsl::__private::ObjectType {
            id: ::core::concat!(
                ::core::module_path!(), "::", ::core::stringify!(FareRequest)
            ),
            description: ::core::option::Option::Some("A fare to be charged."),
            fields: ::std::vec::Vec::from([
                ::saga_dsl::__private::FieldType {
                    name: "customerId".into(),
                    description: ::core::option::Option::Some("Whose fare it is."),
                    of: <String as ::saga_dsl::SagaData>::describe,
                    optional: false,
                    default: ::core::option::Option::None,
                    skip_null: false,
                    sensitive: ::core::option::Option::None,
                    flatten: false,
                },
                ::saga_dsl::__private::FieldType {
                    name: "coupon".into(),
                    description: ::core::option::Option::None,
                    of: <Option<String> as ::saga_dsl::SagaData>::describe,
                    optional: true,
                    default: ::core::option::Option::None,
                    skip_null: false,
                    sensitive: ::core::option::Option::None,
                    flatten: false,
                },
                ::saga_dsl::__private::FieldType {
                    name: "note".into(),
                    description: ::core::option::Option::None,
                    of: <Option<String> as ::saga_dsl::SagaData>::describe,
                    optional: true,
                    default: ::core::option::Option::None,
                    skip_null: true,
                    sensitive: ::core::option::Option::None,
                    flatten: false,
                },
                ::saga_dsl::__private::FieldType {
                    name: "passengers".into(),
                    description: ::core::option::Option::None,
                    of: <u32 as ::saga_dsl::SagaData>::describe,
                    optional: false,
                    default: ::core::option::Option::Some(|| ::saga_dsl::__private::json_text(
                        &one(),
                    )),
                    skip_null: false,
                    sensitive: ::core::option::Option::None,
                    flatten: false,
                },
                ::saga_dsl::__private::FieldType {
                    name: "route".into(),
                    description: ::core::option::Option::None,
                    of: ::saga_dsl::__private::describe_fields::<Route>,
                    optional: false,
                    default: ::core::option::Option::None,
                    skip_null: false,
                    sensitive: ::core::option::Option::None,
                    flatten: true,
                },
                ::saga_dsl::__private::FieldType {
                    name: "cc".into(),
                    description: ::core::option::Option::None,
                    of: <String as ::saga_dsl::SagaData>::describe,
                    optional: false,
                    default: ::core::option::Option::None,
                    skip_null: false,
                    sensitive: ::core::option::Option::Some(
                        ::saga_dsl::__private::Form::Token,
                    ),
                    flatten: false,
                },
            ]),
            closed: false,
        })
    }
}
#[automatically_derived]
impl ::saga_dsl::__private::NamedFields for FareRequest {}
