#[automatically_derived]
impl ::saga_dsl::Queue for Successes {
    type Message = Fare;
    fn declare() -> ::saga_dsl::__private::QueueEntry {
        ::saga_dsl::__private::QueueEntry {
            name: "Successes".into(),
            description: ::core::option::Option::None,
            place: ::saga_dsl::__here!(),
            origin: ::saga_dsl::__private::Origin::Created,
            visibility_timeout_seconds: 60u32,
            retention_seconds: 345600u32,
            dead_letter_after: ::core::option::Option::Some(3u32),
            subscriptions: ::std::vec::Vec::from([
                ::saga_dsl::__private::Subscription {
                    topic: <Transactions as ::saga_dsl::Topic>::declare().name,
                    raw: true,
                    filters: ::std::vec::Vec::from([
                        ::saga_dsl::__private::Filter {
                            attribute: ::saga_dsl::__private::field_name::<
                                <Transactions as ::saga_dsl::Topic>::Attributes,
                            >(|attributes| attributes.is_successful.node()),
                            any_of: ::std::vec::Vec::from(["true".into()]),
                        },
                        ::saga_dsl::__private::Filter {
                            attribute: ::saga_dsl::__private::field_name::<
                                <Transactions as ::saga_dsl::Topic>::Attributes,
                            >(|attributes| attributes.kind.node()),
                            any_of: ::std::vec::Vec::from([
                                "single".into(),
                                "return".into(),
                            ]),
                        },
                    ]),
                },
            ]),
        }
    }
    fn topics(recorder: &mut ::saga_dsl::__private::Recorder) {
        recorder.topic::<Transactions>();
    }
}
#[automatically_derived]
impl ::saga_dsl::Resource for Successes {
    fn register(recorder: &mut ::saga_dsl::__private::Recorder) {
        recorder.queue::<Self>();
    }
}
