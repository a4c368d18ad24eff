#[automatically_derived]
impl ::saga_dsl::__private::Declare for FareProcessing {
    fn declare() -> ::saga_dsl::__private::Declaration {
        ::saga_dsl::__private::Declaration {
            name: "FareProcessing",
            description: ::core::option::Option::Some(
                "Charges a fare.\nA failure undoes it.",
            ),
            place: ::saga_dsl::__here!(),
            history_key: ::core::option::Option::Some(::saga_dsl::__private::HistoryKey {
                key: ::saga_dsl::__private::KeySource::Parameter("HistoryKeyArn".into()),
                reason: "the card is in the input".into(),
            }),
        }
    }
}
#[automatically_derived]
impl ::saga_dsl::__private::Undoes<::saga_dsl::__private::Nested<FareProcessing>>
for RefundFare {}
