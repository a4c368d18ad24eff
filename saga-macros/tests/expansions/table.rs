#[automatically_derived]
impl ::saga_dsl::Table for Fares {
    type Item = Fare;
    type Key<'s> = (::saga_dsl::Ref<'s, String>, ::saga_dsl::Ref<'s, u64>);
    type Isolation = ::saga_dsl::isolation::SemanticLock;
    fn declare() -> ::saga_dsl::__private::TableEntry {
        ::saga_dsl::__private::TableEntry {
            name: "Fares".into(),
            description: ::core::option::Option::None,
            place: ::saga_dsl::__here!(),
            origin: ::saga_dsl::__private::Origin::Parameter("FaresTableArn".into()),
            partition_key: ::saga_dsl::__private::key::<
                Fare,
                String,
            >(|row| row.customer_id),
            sort_key: ::core::option::Option::Some(
                ::saga_dsl::__private::key::<Fare, u64>(|row| row.ordered_at),
            ),
            indexes: ::std::vec::Vec::from([
                ::saga_dsl::__private::Index {
                    name: "by-fare".into(),
                    partition_key: ::saga_dsl::__private::key::<
                        Fare,
                        String,
                    >(|row| row.fare_id),
                    sort_key: ::core::option::Option::None,
                },
            ]),
            isolation: ::saga_dsl::__private::IsolationEntry::Lock(
                ::saga_dsl::__private::holder_field::<Fare>(|row| row.locked_by),
            ),
        }
    }
    fn key_attributes<'s>(
        key: Self::Key<'s>,
        _: &'s ::saga_dsl::__private::Arena,
    ) -> ::std::vec::Vec<::saga_dsl::__private::Attribute> {
        ::std::vec::Vec::from([
            ::saga_dsl::__private::key_attribute(
                &::saga_dsl::__private::key::<Fare, String>(|row| row.customer_id).name,
                key.0,
            ),
            ::saga_dsl::__private::key_attribute(
                &::saga_dsl::__private::key::<Fare, u64>(|row| row.ordered_at).name,
                key.1,
            ),
        ])
    }
}
#[automatically_derived]
impl ::saga_dsl::Resource for Fares {
    fn register(recorder: &mut ::saga_dsl::__private::Recorder) {
        recorder.table::<Self>();
    }
}
