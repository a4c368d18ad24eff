//! Pauses: whole seconds within their bound, whatever the data are.

use saga_manifest::expr::{Expr, Presence};
use saga_manifest::flow::Until;
use serde_json::{Value, json};

use super::super::wait;
use super::random::Random;
use super::{engine, scope, variables};

const MOST: u32 = 60;

fn until(input: &Value, of: impl FnOnce(Expr) -> Until) -> Value {
    let mut world = Random::new(1).world();
    world.input = input.clone();
    let variables = variables();
    let field = Expr::Field {
        of: Box::new(Expr::Input),
        name: "until".into(),
        presence: Presence::Required,
    };
    engine::fill(&wait::seconds(&of(field), MOST, scope(variables)), &world)
}

#[track_caller]
fn check_seconds(value: Value, expected: u32) {
    let found = until(&json!({ "until": value }), Until::Seconds);
    assert_eq!(found.as_f64(), Some(expected.into()), "{value}");
}

#[test]
fn seconds_are_whole_and_bounded() {
    check_seconds(json!(0), 0);
    check_seconds(json!(2), 2);
    check_seconds(json!(2.2), 3);
    check_seconds(json!(59.5), 60);
    check_seconds(json!(61), 60);
    check_seconds(json!(1e300), 60);
    check_seconds(json!(-1), 0);
    check_seconds(json!(-0.5), 0);
    for no_number in [json!("2"), json!(null), json!([2]), json!({}), json!(true)] {
        check_seconds(no_number, 0);
    }
    assert_eq!(until(&json!({}), Until::Seconds).as_f64(), Some(0.0));
}

#[track_caller]
fn check_time(value: Value, expected: std::ops::RangeInclusive<u32>) {
    let found = until(&json!({ "until": value }), Until::Time);
    let seconds = found.as_f64().unwrap();
    assert!(seconds.fract() == 0.0, "{found}");
    let bounds = f64::from(*expected.start())..=f64::from(*expected.end());
    assert!(bounds.contains(&seconds), "{value}: {found}");
}

#[test]
fn a_time_is_waited_for_within_the_bound() {
    check_time(json!("1999-12-31T00:00:00Z"), 0..=0);
    check_time(json!("9999-12-31T00:00:00Z"), MOST..=MOST);
    for no_time in [
        json!("9999-13-01T00:00:00Z"),
        json!("soon"),
        json!(9e15),
        json!(null),
    ] {
        check_time(no_time, 0..=0);
    }
    assert_eq!(until(&json!({}), Until::Time).as_f64(), Some(0.0));
}

/// The engine takes what is written, at its own time.
#[test]
fn a_time_nearby_is_waited_for_exactly() {
    let text = wait::seconds(
        &Until::Time(Expr::Literal(json!("2024-01-01T00:00:10.5Z"))),
        MOST,
        scope(variables()),
    );
    let text = text.as_str().unwrap();
    let now = text.replace("$millis()", "$toMillis(\"2024-01-01T00:00:00Z\")");
    let world = Random::new(1).world();
    let found = engine::fill(&now.as_str().into(), &world);
    assert_eq!(found.as_f64(), Some(11.0));
}
