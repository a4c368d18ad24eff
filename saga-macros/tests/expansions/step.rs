///References to what a [`ChargeFare`] holds.
#[allow(non_snake_case, reason = "the names are those of the author's fields")]
#[derive(Clone, Copy)]
pub struct ChargeFareRef<'s> {
    ///The reference to `fare_id`.
    pub fare_id: ::saga_dsl::Ref<'s, String>,
}
#[automatically_derived]
impl<'s> ::saga_dsl::Literal<'s> for ChargeFareRef<'s> {
    type Data = ChargeFare;
    fn write(
        self,
        arena: &'s ::saga_dsl::__private::Arena,
    ) -> ::saga_dsl::__private::Node<'s> {
        ::saga_dsl::__private::ObjectWriter::new(arena)
            .field("fare_id", self.fare_id)
            .finish()
    }
}
#[automatically_derived]
impl ::saga_dsl::SagaData for ChargeFare {
    type Fields<'s> = ChargeFareRef<'s>;
    fn fields<'s>(value: ::saga_dsl::Ref<'s, ChargeFare>) -> &'s ChargeFareRef<'s> {
        value
            .keep(ChargeFareRef {
                fare_id: value.field("fare_id"),
            })
    }
    fn describe() -> ::saga_dsl::__private::Type {
        ::saga_dsl::__private::Type::Object(::saga_dsl::__private::ObjectType {
            id: ::core::concat!(
                ::core::module_path!(), "::", ::core::stringify!(ChargeFare)
            ),
            description: ::core::option::Option::Some("Charges the card."),
            fields: ::std::vec::Vec::from([
                ::saga_dsl::__private::FieldType {
                    name: "fare_id".into(),
                    description: ::core::option::Option::None,
                    of: <String as ::saga_dsl::SagaData>::describe,
                    optional: false,
                    default: ::core::option::Option::None,
                    skip_null: false,
                    sensitive: ::core::option::Option::None,
                    flatten: false,
                },
            ]),
            closed: false,
        })
    }
}
#[automatically_derived]
impl ::saga_dsl::__private::NamedFields for ChargeFare {}
#[automatically_derived]
impl ::saga_dsl::Step for ChargeFare {
    type Output = Charge;
    type Error = ChargeError;
    type Service = ::saga_dsl::LambdaError;
    fn name() -> ::std::string::String {
        "ChargeFare".into()
    }
    fn description() -> ::core::option::Option<&'static str> {
        ::core::option::Option::Some("Charges the card.")
    }
    const TIMEOUT: ::core::time::Duration = ::core::time::Duration::from_secs(60u64);
}
#[automatically_derived]
impl ::saga_dsl::__private::Lambda for ChargeFare {
    type App = Payments;
    fn declare() -> ::saga_dsl::__private::LambdaDeclaration {
        ::saga_dsl::__private::LambdaDeclaration {
            place: ::saga_dsl::__here!(),
            memory_mib: ::core::option::Option::Some(256u32),
            concurrency: ::core::option::Option::None,
            environment: ::std::vec::Vec::from([
                ::saga_dsl::__private::Variable {
                    name: "PROVIDER_URL".into(),
                    value: ::saga_dsl::__private::VariableValue::Literal(
                        "https://pay.example".into(),
                    ),
                },
                ::saga_dsl::__private::Variable {
                    name: "STAGE".into(),
                    value: ::saga_dsl::__private::VariableValue::Parameter(
                        "Stage".into(),
                    ),
                },
            ]),
            secrets: ::std::vec::Vec::from([
                ::saga_dsl::__private::Secret {
                    variable: "API_KEY".into(),
                    source: ::saga_dsl::__private::SecretSource::SecretsManager(
                        "fare/provider".into(),
                    ),
                },
                ::saga_dsl::__private::Secret {
                    variable: "TOKEN".into(),
                    source: ::saga_dsl::__private::SecretSource::Ssm(
                        "/fare/token".into(),
                    ),
                },
            ]),
            unfenced: ::core::option::Option::Some(
                "naturally idempotent because the provider knows the charge by its key",
            ),
            uses: ::std::vec::Vec::from([
                ::saga_dsl::__private::uses_table::<
                    Fares,
                >(
                    &[
                        ::saga_dsl::__private::Access::Get,
                        ::saga_dsl::__private::Access::Put,
                    ],
                ),
                ::saga_dsl::__private::uses_topic::<Events>(),
                ::saga_dsl::__private::uses_queue::<Jobs>(),
            ]),
        }
    }
}
#[automatically_derived]
impl ::saga_dsl::__private::Undoes<ChargeFare> for RefundFare {}
#[automatically_derived]
impl ::saga_dsl::__private::Undoes<ChargeFare> for VoidCharge {}
#[automatically_derived]
impl<'s> ::saga_dsl::Call<'s> for ChargeFareRef<'s> {
    type Step = ChargeFare;
    fn prepare(self) -> ::saga_dsl::__private::Prepared<'s, ChargeFare> {
        ::saga_dsl::__private::invoke(self)
    }
}
