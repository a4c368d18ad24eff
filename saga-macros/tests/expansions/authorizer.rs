#[automatically_derived]
impl ::saga_dsl::__private::DeclaredAuthorizer for Tokens {
    type App = Keys;
    fn declare() -> ::saga_dsl::__private::AuthorizerDeclaration {
        ::saga_dsl::__private::AuthorizerDeclaration {
            name: "Tokens",
            description: ::core::option::Option::Some("Who may."),
            function: ::saga_dsl::__private::LambdaDeclaration {
                place: ::saga_dsl::__here!(),
                memory_mib: ::core::option::Option::None,
                concurrency: ::core::option::Option::None,
                environment: ::std::vec::Vec::from([]),
                secrets: ::std::vec::Vec::from([
                    ::saga_dsl::__private::Secret {
                        variable: "KEY".into(),
                        source: ::saga_dsl::__private::SecretSource::Ssm("/key".into()),
                    },
                ]),
                unfenced: ::core::option::Option::None,
                uses: ::std::vec::Vec::from([]),
            },
            timeout_seconds: 10u32,
        }
    }
}
