//! Expressions as they are written, and what they give.

use saga_manifest::expr::{Expr, ObjectField, Presence};
use serde_json::json;

use super::super::{template, value};
use super::random::{Random, assert_same};
use super::{engine, meaning, scope, variables};

#[track_caller]
fn check(expr: &Expr, text: &str) {
    let variables = variables();
    assert_eq!(value::value(expr, scope(variables)).to_string(), text);
}

fn field(of: Expr, name: &str, presence: Presence) -> Expr {
    Expr::Field {
        of: Box::new(of),
        name: name.into(),
        presence,
    }
}

#[test]
fn a_required_field_is_a_plain_path() {
    let fare = field(Expr::Input, "fare", Presence::Required);
    let id = field(fare, "id", Presence::Required);
    check(&id, "$states.context.Execution.Input.fare.id");
}

#[test]
fn an_optional_field_is_guarded_once_however_deep() {
    let fare = field(Expr::Input, "fare", Presence::Optional);
    let id = field(fare, "id", Presence::Required);
    let path = "$states.context.Execution.Input.fare.id";
    check(&id, &format!("$exists({path}) ? {path} : null"));
}

#[test]
fn a_default_stands_in_for_what_is_absent() {
    let output = Expr::Output("ChargeFare".into());
    let tip = field(output, "tip", Presence::Default(json!(0)));
    check(&tip, "$exists($chargeFare.tip) ? $chargeFare.tip : 0");
    let nested = field(
        field(Expr::Input, "a", Presence::Default(json!({ "b": 1 }))),
        "b",
        Presence::Required,
    );
    let path = "$states.context.Execution.Input.a";
    check(
        &nested,
        &format!("($exists({path}) ? {path} : {{\"b\": 1}}).b"),
    );
}

#[test]
fn what_a_condition_found_is_not_guarded_again() {
    let maybe = Expr::MaybeOutput("ChargeFare".into());
    let id = field(maybe.clone(), "chargeId", Presence::Required);
    check(
        &id,
        "$exists($chargeFare.chargeId) ? $chargeFare.chargeId : null",
    );
    let mapped = Expr::IfPresent {
        value: Box::new(maybe),
        then: Box::new(id),
        otherwise: Box::new(Expr::Literal(json!(null))),
    };
    check(&mapped, "$chargeFare != null ? $chargeFare.chargeId : null");
}

#[test]
fn names_that_are_no_words_are_quoted() {
    let read = |name| field(Expr::Output("ChargeFare".into()), name, Presence::Required);
    check(&read("two words"), "$chargeFare.`two words`");
    check(&read("and"), "$chargeFare.`and`");
    check(&read("tick`ed"), "$lookup($chargeFare, \"tick`ed\")");
}

#[test]
fn a_null_field_that_is_skipped_is_left_out() {
    let note = field(Expr::Input, "note", Presence::Optional);
    let object = Expr::Object(vec![ObjectField {
        name: "note".into(),
        value: note,
        skip_null: true,
    }]);
    let path = "$states.context.Execution.Input.note";
    check(&object, &format!("{{\"note\": {path} != null ? {path}}}"));
}

#[test]
fn a_constant_is_never_taken_for_an_expression_or_a_substitution() {
    let written = |text: &str| template::string(text).as_str().map(str::to_owned).unwrap();
    assert_eq!(written("plain: 50 % {x}"), "plain: 50 % {x}");
    assert_eq!(
        written("{% $now() %}"),
        "{% \"{\\u0025 $now() %\\u007d\" %}"
    );
    assert_eq!(written("${Table}"), "{% \"$\\u007bTable}\" %}");
}

/// A guarded read never fails and a loose one neither; a strict one fails where the type lied.
#[test]
fn data_that_breaks_its_contract_fails_only_where_that_is_caught() {
    let variables = variables();
    let mut world = Random::new(1).world();
    world.input = json!({});
    let read = field(Expr::Input, "missing", Presence::Required);
    let give = |scope| engine::evaluate(&value::value(&read, scope).to_string(), &world);
    assert_eq!(give(scope(variables)), None);
    assert_eq!(give(scope(variables).guarded()), Some(json!(null)));
    let object = Expr::Object(vec![ObjectField {
        name: "missing".into(),
        value: read.clone(),
        skip_null: false,
    }]);
    let text = value::value(&object, scope(variables).loose()).to_string();
    assert_eq!(engine::evaluate(&text, &world), Some(json!({})));
}

#[test]
fn random_expressions_give_what_their_trees_mean() {
    let variables = variables();
    for seed in 0..1_000 {
        let mut random = Random::new(seed);
        let world = random.world();
        let expr = random.expr(4, &world);
        let expected = meaning::value(&expr, &world);
        for scope in [scope(variables), scope(variables).guarded()] {
            let text = value::value(&expr, scope).to_string();
            let what = format!("seed {seed}: {text}\n{expr:?}\n{world:?}");
            assert!(!text.contains("%}") && !text.contains("${"), "{what}");
            let found = engine::evaluate(&text, &world);
            assert_same(
                &found.unwrap_or_else(|| panic!("undefined: {what}")),
                &expected,
                &what,
            );
            let template = template::template(&expr, scope);
            assert_same(&engine::fill(&template, &world), &expected, &what);
            let json = value::json_text(&expr, scope).to_string();
            let json = engine::evaluate(&json, &world).unwrap();
            let json: serde_json::Value = serde_json::from_str(json.as_str().unwrap()).unwrap();
            assert_same(&json, &expected, &what);
        }
    }
}
