::core::compile_error! {
    "a timeout of zero\nhelp: state at least `\"1s\"`: a Lambda function runs for 15 minutes at most"
}
::core::compile_error! {
    "`step` has no `ouput`\nhelp: did you mean `output`?"
}
::core::compile_error! {
    "`#[step(heartbeat)]` cannot be in a saga\nhelp: a Lambda function sends no heartbeats: `timeout` bounds how long it is waited for"
}
::core::compile_error! {
    "`#[serde(alias)]` cannot be in a saga\nhelp: clients send the one name that the schema has: remove the alias"
}
::core::compile_error! {
    "an `Option` cannot be flattened in saga data\nhelp: make its own fields options, or remove `flatten`"
}
///References to what a [`ChargeFare`] holds.
#[allow(non_snake_case, reason = "the names are those of the author's fields")]
#[derive(Clone, Copy)]
pub struct ChargeFareRef<'s> {
    ///The reference to `fare_id`.
    pub fare_id: ::saga_dsl::Ref<'s, String>,
    ///The reference to `route`.
    pub route: ::saga_dsl::Ref<'s, Option<Route>>,
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
            .field("route", self.route)
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
                route: value.optional_field("route"),
            })
    }
    fn describe() -> ::saga_dsl::__private::Type {
        ::saga_dsl::__private::Type::Object(::saga_dsl::__private::ObjectType {
            id: ::core::concat!(
                ::core::module_path!(), "::", ::core::stringify!(ChargeFare)
            ),
            description: ::core::option::Option::None,
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
                ::saga_dsl::__private::FieldType {
                    name: "route".into(),
                    description: ::core::option::Option::None,
                    of: <Option<Route> as ::saga_dsl::SagaData>::describe,
                    optional: true,
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
    type Output = String;
    type Error = ChargeError;
    type Service = ::saga_dsl::LambdaError;
    fn name() -> ::std::string::String {
        "ChargeFare".into()
    }
    fn description() -> ::core::option::Option<&'static str> {
        ::core::option::Option::None
    }
    const TIMEOUT: ::core::time::Duration = ::core::time::Duration::from_secs(10u64);
}
#[automatically_derived]
impl ::saga_dsl::__private::Lambda for ChargeFare {
    type App = ();
    fn declare() -> ::saga_dsl::__private::LambdaDeclaration {
        ::saga_dsl::__private::LambdaDeclaration {
            place: ::saga_dsl::__here!(),
            memory_mib: ::core::option::Option::None,
            concurrency: ::core::option::Option::None,
            environment: ::std::vec::Vec::from([]),
            secrets: ::std::vec::Vec::from([]),
            unfenced: ::core::option::Option::None,
            uses: ::std::vec::Vec::from([]),
        }
    }
}
#[automatically_derived]
impl<'s> ::saga_dsl::Call<'s> for ChargeFareRef<'s> {
    type Step = ChargeFare;
    fn prepare(self) -> ::saga_dsl::__private::Prepared<'s, ChargeFare> {
        ::saga_dsl::__private::invoke(self)
    }
}
