#[automatically_derived]
impl ::saga_dsl::__private::Routes for OrderApi {
    type App = Shop;
    fn declare() -> ::saga_dsl::__private::ApiDeclaration {
        ::saga_dsl::__private::ApiDeclaration {
            name: "OrderApi",
            description: ::core::option::Option::Some("Orders."),
            function: ::saga_dsl::__private::LambdaDeclaration {
                place: ::saga_dsl::__here!(),
                memory_mib: ::core::option::Option::None,
                concurrency: ::core::option::Option::None,
                environment: ::std::vec::Vec::from([]),
                secrets: ::std::vec::Vec::from([]),
                unfenced: ::core::option::Option::None,
                uses: ::std::vec::Vec::from([
                    ::saga_dsl::__private::uses_table::<
                        Orders,
                    >(&[::saga_dsl::__private::Access::Query]),
                    ::saga_dsl::__private::uses_saga::<
                        Placement,
                    >(
                        &[
                            ::saga_dsl::__private::Access::Start,
                            ::saga_dsl::__private::Access::View,
                        ],
                    ),
                ]),
            },
            timeout_seconds: 10u32,
            routes: ::std::vec::Vec::from([
                ::saga_dsl::__private::Route {
                    method: ::saga_dsl::__private::Method::Get,
                    path: "/order".into(),
                    description: ::core::option::Option::Some("All of them.".into()),
                    place: ::saga_dsl::__here!(),
                },
                ::saga_dsl::__private::Route {
                    method: ::saga_dsl::__private::Method::Delete,
                    path: "/order/{userName}".into(),
                    description: ::core::option::Option::None,
                    place: ::saga_dsl::__here!(),
                },
            ]),
            access: ::saga_dsl::__private::ApiAccess::Authorizer(
                <Tokens as ::saga_dsl::__private::DeclaredAuthorizer>::declare()
                    .name
                    .into(),
            ),
            authorizer: ::core::option::Option::Some(
                ::saga_dsl::__private::RegisteredAuthorizer::of::<Tokens>,
            ),
            rate: 50u32,
            burst: 20u32,
        }
    }
    fn route(
        method: &str,
        path: &str,
        parameters: &mut ::std::collections::BTreeMap<
            ::std::string::String,
            ::std::string::String,
        >,
    ) -> ::core::option::Option<Self> {
        match (method, path) {
            ("GET", "/order") => ::core::option::Option::Some(Self::List {}),
            ("DELETE", "/order/{userName}") => {
                ::core::option::Option::Some(Self::Cancel {
                    user_name: parameters.remove("userName").unwrap_or_default(),
                })
            }
            _ => ::core::option::Option::None,
        }
    }
}
