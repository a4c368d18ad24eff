#[automatically_derived]
impl ::saga_dsl::Topic for Transactions {
    type Message = Fare;
    type Attributes = TransactionAttributes;
    fn declare() -> ::saga_dsl::__private::TopicEntry {
        ::saga_dsl::__private::TopicEntry {
            name: "Transactions".into(),
            description: ::core::option::Option::Some(
                "Fares that were processed.".into(),
            ),
            place: ::saga_dsl::__here!(),
            origin: ::saga_dsl::__private::Origin::Arn(
                "arn:aws:sns:us-east-1:123456789012:fares".into(),
            ),
        }
    }
}
#[automatically_derived]
impl ::saga_dsl::Resource for Transactions {
    fn register(recorder: &mut ::saga_dsl::__private::Recorder) {
        recorder.topic::<Self>();
    }
}
