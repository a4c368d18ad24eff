//! Mistakes in what starts a saga.

use saga_manifest::Manifest;
use saga_manifest::saga::{SensitiveField, SensitiveForm};
use saga_manifest::trigger::{
    Access, DetailFilter, Event, FromQueue, Http, Schedule, Source, Trigger,
};
use serde_json::{Value, json};

use super::check;
use crate::manifest::{compensatable, line, saga};

fn started_by(sources: Vec<Source>) -> Manifest {
    let mut manifest = saga(vec![compensatable("Book")]);
    let triggers = (20..).zip(sources);
    manifest.sagas[0].triggers = triggers
        .map(|(number, source)| Trigger {
            place: line(number),
            source,
        })
        .collect();
    manifest
}

fn http(change: impl FnOnce(&mut Http)) -> Source {
    let mut http = Http {
        path: "/orders".into(),
        key: vec!["id".into()],
        access: Access::Iam,
        rate: 10,
        burst: 20,
    };
    change(&mut http);
    Source::Http(http)
}

fn event(filters: Vec<DetailFilter>) -> Source {
    Source::Event(Event {
        source: "com.shop".into(),
        detail_type: "Placed".into(),
        key: vec!["id".into()],
        bus: None,
        filters,
    })
}

#[test]
fn a_path_is_one_of_the_api() {
    for path in ["orders", "/", "/a//b", "/{id}", "/a b"] {
        let manifest = started_by(vec![http(|http| http.path = path.into())]);
        check(&manifest, "no path of the API", "/name", &[20]);
    }
}

#[test]
fn requests_are_taken_and_not_more_than_an_account_takes() {
    let none = started_by(vec![http(|http| http.burst = 0)]);
    check(&none, "no requests at all", "at least one", &[20]);
    let many = started_by(vec![http(|http| http.rate = 10_001)]);
    check(&many, "10001 requests a second", "10000", &[20]);
}

#[test]
fn an_open_api_says_why() {
    let reason = " ".to_owned();
    let manifest = started_by(vec![http(|http| http.access = Access::Open { reason })]);
    check(&manifest, "open to everybody", "say why", &[20]);
}

#[test]
fn a_saga_has_one_path_and_one_business_key() {
    let two = started_by(vec![http(|_| ()), http(|_| ())]);
    check(&two, "on two paths", "keep one", &[21, 20]);
    let queue = Source::Queue(FromQueue {
        queue: "Orders".into(),
        key: vec!["other".into()],
    });
    let keys = started_by(vec![event(Vec::new()), queue]);
    check(&keys, "one business key", "the same field", &[21, 20]);
}

#[test]
fn a_schedule_has_six_fields_and_an_input_that_fits() {
    let schedule = |expression: &str, input: Value| {
        let schedule = Schedule {
            expression: expression.into(),
            time_zone: None,
            input,
        };
        started_by(vec![Source::Schedule(schedule)])
    };
    check(
        &schedule("cron(0 9 * * *)", json!({})),
        "`0 9 * * *`",
        "minutes, hours",
        &[20],
    );
    let large = json!({ "text": "x".repeat(262_144) });
    check(
        &schedule("rate(5 minutes)", large),
        "too large",
        "262144",
        &[20],
    );
}

#[test]
fn a_filter_has_values_that_events_can_have() {
    for any_of in [Vec::new(), vec![json!({})], vec![json!("a"), Value::Null]] {
        let path = vec!["kind".into()];
        let manifest = started_by(vec![event(vec![DetailFilter { path, any_of }])]);
        check(
            &manifest,
            "no event fits this filter on `kind`",
            "at least one value",
            &[20],
        );
    }
}

#[test]
fn clear_sensitive_data_comes_by_a_request_alone() {
    let mut manifest = started_by(vec![event(Vec::new())]);
    manifest.sagas[0].input.sensitive.push(SensitiveField {
        path: vec!["card".into()],
        form: SensitiveForm::Clear,
    });
    let mistakes = saga_compiler::compile(&manifest, &crate::manifest::options()).unwrap_err();
    let text = crate::manifest::shown(&mistakes);
    assert!(text.contains("`card` would lie in clear"), "{text}");
}
