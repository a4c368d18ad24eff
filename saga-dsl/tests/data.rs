//! What a reference reads is what serde reads, what a literal writes is what serde reads back, and the
//! schema accepts what serde accepts: for a type of each kind, on values of it and on every slip of them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test"
)]

#[path = "data/evaluate.rs"]
mod evaluate;
#[path = "data/schema.rs"]
mod schema;
#[path = "data/slips.rs"]
mod slips;
#[path = "data/types.rs"]
mod types;

use std::cell::RefCell;
use std::marker::PhantomData;

use evaluate::evaluate;
use pretty_assertions::assert_eq;
use saga_dsl::__private::{Declaration, Declare};
use saga_dsl::Package;
use saga_dsl::prelude::*;
use saga_manifest::expr::Expr;
use saga_manifest::flow::End;
use saga_manifest::saga::SensitiveForm;
use types::*;

thread_local! {
    static READ: RefCell<Vec<Expr>> = const { RefCell::new(Vec::new()) };
}

/// A saga that reads every field of its input and answers it, rewritten field by field.
struct Probe<T>(PhantomData<T>);

impl<T> Declare for Probe<T> {
    fn declare() -> Declaration {
        Declaration {
            name: "Probe",
            description: None,
            place: saga_dsl::__here!(),
            history_key: None,
        }
    }
}

impl<T: Sample> Saga for Probe<T> {
    type Input = T;
    type Output = T;

    fn define<'s>(saga: Flow<'s, '_>, input: Ref<'s, T>) -> Completed<'s, T> {
        READ.set(T::read(input));
        let rewritten = T::rewrite(&saga, input);
        saga.complete(rewritten)
    }
}

/// On the value and on every slip of it that serde takes: the references read what serde has read, and
/// what is rewritten is the same value again. The schema accepts the slips that serde takes, and no other.
#[track_caller]
fn check<T: Sample>(value: T) {
    let mut manifest = Package::new().saga::<Probe<T>>().manifest();
    let saga = manifest.sagas.remove(0);
    let written = serde_json::to_value(&value).unwrap();
    for input in slips::of(&written) {
        let read = serde_json::from_value::<T>(input.clone());
        let accepted = schema::accepts(&saga.input.schema, &input);
        assert_eq!(
            accepted,
            read.is_ok(),
            "{input} is {read:?} to serde, the schema is {}",
            saga.input.schema
        );
        let Ok(read) = read else {
            continue;
        };
        let values: Vec<_> =
            READ.with_borrow(|read| read.iter().map(|expr| evaluate(expr, &input)).collect());
        read.compare(values);
        let End::Complete(result) = &saga.body.end else {
            panic!("{:?}", saga.body.end)
        };
        let rewritten = evaluate(result, &input);
        assert_eq!(
            serde_json::from_value::<T>(rewritten).unwrap(),
            read,
            "{input}, rewritten"
        );
    }
}

fn name() -> Name {
    Name {
        first: "Ada".into(),
        middle: Some("King".into()),
    }
}

#[test]
fn names_are_those_of_rename_all() {
    macro_rules! check_cases {
        ($($module:ident),*) => {$(
            check($module::Fields { fare: "f".into(), fare_amount: 20, last_4_digits: 4, isUTC: true });
            check($module::Variants::Failed);
            check($module::Variants::NotDone);
            check($module::Variants::Http2Error);
            check($module::Variants::Renamed);
        )*};
    }
    check_cases!(
        lower,
        upper,
        pascal,
        camel,
        snake,
        screaming_snake,
        kebab,
        screaming_kebab
    );
}

#[test]
fn names_are_those_of_rename() {
    check(Renamed {
        fare_id: "fare-1".into(),
        fare_amount: -20,
        destination: "there".into(),
        r#type: "single".into(),
        r#async: false,
    });
}

#[test]
fn numbers_have_the_bounds_of_their_types() {
    check(Numbers {
        small: -128,
        large: u64::MAX,
        fraction: 0.5,
        negative: i64::MIN,
    });
}

#[test]
fn what_may_be_absent_is_null_or_its_default() {
    let all = Optional {
        maybe: Some("m".into()),
        left_out: Some(1),
        with_default: Some(2),
        ten_where_absent: Some(3),
        list: vec!["a".into()],
        short_list: vec!["b".into()],
        class: "first".into(),
        cache: 0,
        name: Some(name()),
    };
    check(Optional {
        maybe: None,
        left_out: None,
        with_default: None,
        ten_where_absent: None,
        list: Vec::new(),
        short_list: Vec::new(),
        name: None,
        ..all.clone()
    });
    check(all);
}

#[test]
fn a_types_default_is_that_of_its_fields() {
    check(Defaulted {
        seats: 5,
        class: "third".into(),
        own: 1,
        maybe: None,
    });
    check(DefaultedByFunction { seats: 1 });
}

#[test]
fn a_flattened_field_is_a_projection() {
    check(Flattened {
        fare_id: "fare-1".into(),
        route: Route {
            origin: "here".into(),
            distance: Distance {
                kilometres: 8,
                miles: Some(5),
            },
            stops: vec!["there".into()],
        },
        paid: true,
    });
}

#[test]
fn a_transparent_type_is_what_it_holds() {
    check(FareId("fare-1".into()));
    check(Wrapped { name: name() });
}

#[test]
fn nothing_is_null_and_no_fields_are_an_object() {
    check(Nothing);
    check(NoFields {});
}

#[test]
fn types_are_nested() {
    check(Nested {
        id: FareId("fare-1".into()),
        wrapped: Wrapped { name: name() },
        name: Box::new(name()),
        names: vec![name()],
        by_id: [("a".into(), name())].into(),
        nothing: Nothing,
        no_fields: NoFields {},
        unit: (),
        any: serde_json::json!({ "a": [1] }),
    });
}

#[test]
fn a_type_may_contain_itself() {
    let manifest = Package::new().saga::<Probe<Leg>>().manifest();
    let within = serde_json::json!({ "anyOf": [{ "type": "object" }, { "type": "null" }] });
    let schema = manifest
        .sagas
        .first()
        .map(|saga| &saga.input.schema["properties"]["next"]);
    assert_eq!(schema, Some(&within));
}

#[test]
fn an_option_is_one_to_macros_too() {
    check(OfMacro { maybe: Some(1) });
}

#[test]
fn enums_are_tagged_as_serde_tags_them() {
    check(External::Cash);
    check(External::Card(name()));
    check(External::BankTransfer(FareId("fare-1".into())));
    check(External::Type(7));
    check(Internal::InCash);
    check(Internal::ByCard(name()));
    check(Adjacent::Cash);
    check(Adjacent::Card(name()));
    check(Adjacent::Code(7));
    check(Payments {
        first: External::Cash,
        second: Internal::InCash,
        third: None,
    });
    check(Payments {
        first: External::Card(name()),
        second: Internal::ByCard(name()),
        third: Some(Adjacent::Code(7)),
    });
}

#[test]
fn sensitive_fields_read_and_write_as_others() {
    check(Secrets {
        card: "4242".into(),
        expiry: None,
        name: name(),
    });
    let found: Vec<_> = saga_dsl::data::sensitive_fields::<Secrets>()
        .into_iter()
        .map(|field| (field.path.join("."), field.form))
        .collect();
    let expected = [
        ("card", SensitiveForm::Clear),
        ("expiry", SensitiveForm::Token),
        ("name", SensitiveForm::Ciphertext),
    ];
    assert_eq!(found, expected.map(|(path, form)| (path.to_owned(), form)));
}
