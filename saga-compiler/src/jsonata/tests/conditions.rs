//! Conditions: what they say, and that they say it of any data.

use saga_manifest::expr::{Comparable, Expr, Position, Presence, Test};
use saga_manifest::task::Comparison;
use serde_json::{Value, json};

use super::super::condition;
use super::meaning::holds;
use super::random::Random;
use super::{engine, scope, variables};

const KINDS: [Comparable; 4] = [
    Comparable::Number,
    Comparable::String,
    Comparable::Bool,
    Comparable::Time,
];

const OPERATORS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::NotEqual,
    Comparison::Less,
    Comparison::LessOrEqual,
    Comparison::Greater,
    Comparison::GreaterOrEqual,
];

const POSITIONS: [Position; 3] = [Position::Start, Position::Anywhere, Position::End];

/// Texts that are times, that mean the same as another one, or that nearly are one.
const TIMES: [&str; 18] = [
    "2024-02-29T00:00:00Z",
    "2024-02-29t00:00:00z",
    "2024-02-28T23:00:00-01:00",
    "2024-02-29T05:45:00+05:45",
    "2023-02-29T00:00:00Z",
    "2000-02-29T00:00:00.5Z",
    "1900-02-29T00:00:00Z",
    "2024-04-31T00:00:00Z",
    "2024-13-01T00:00:00Z",
    "2024-12-31T23:59:60Z",
    "2024-12-31T24:00:00Z",
    "2024-12-31T23:59:59.123456789Z",
    "2024-12-31T23:59:59.123Z",
    "1969-12-31T23:59:59.999Z",
    "2024-02-29",
    "2024-02-29 00:00:00Z",
    "2024-02-29T00:00:00",
    "2024-02-29T00:00:00Z\n",
];

fn literal(value: Value) -> Expr {
    Expr::Literal(value)
}

fn field(name: &str) -> Expr {
    Expr::Field {
        of: Box::new(Expr::Input),
        name: name.into(),
        presence: Presence::Required,
    }
}

fn compare(kind: Comparable, left: Expr, operator: Comparison, right: Expr) -> Test {
    Test::Compare {
        kind,
        left,
        operator,
        right,
    }
}

/// What the condition gives of an input: always a boolean.
fn evaluate(test: &Test, world: &super::World) -> bool {
    let variables = variables();
    let text = condition::condition(test, scope(variables)).to_string();
    assert!(!text.contains("%}") && !text.contains("${"), "{text}");
    saga_asl::jsonata::parse(&text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    match engine::evaluate(&text, world) {
        Some(Value::Bool(holds)) => holds,
        other => panic!("{other:?}: {text}\n{world:?}"),
    }
}

#[track_caller]
fn check(test: &Test, input: Value, expected: bool) {
    let mut world = Random::new(1).world();
    world.input = input.clone();
    assert_eq!(
        holds(test, &world),
        expected,
        "as meant: {test:?} of {input}"
    );
    assert_eq!(evaluate(test, &world), expected, "{test:?} of {input}");
}

#[test]
fn a_comparison_of_plain_paths_is_short() {
    let test = compare(
        Comparable::Number,
        field("amount"),
        Comparison::Less,
        literal(json!(100)),
    );
    let amount = "$states.context.Execution.Input.amount";
    let variables = variables();
    assert_eq!(
        condition::condition(&test, scope(variables)).to_string(),
        format!(
            "($type({amount}) = \"number\") and ($type(100) = \"number\") ? {amount} < 100 : false"
        )
    );
}

#[test]
fn what_is_of_another_type_does_not_compare() {
    for operator in OPERATORS {
        for (kind, other) in KINDS
            .into_iter()
            .zip([json!("1"), json!(1), json!("true"), json!(1)])
        {
            let same = match kind {
                Comparable::Number => json!(1),
                Comparable::String => json!("1"),
                Comparable::Bool => json!(true),
                Comparable::Time => json!(TIMES[0]),
            };
            for wrong in [other, json!(null), json!([]), json!([same]), json!({})] {
                let test = compare(kind, field("a"), operator, literal(same.clone()));
                check(&test, json!({ "a": wrong }), false);
                check(&test, json!({}), false);
                check(&Test::Not(Box::new(test)), json!({ "a": wrong }), true);
            }
        }
    }
}

#[test]
fn times_compare_by_the_instant_that_they_mean() {
    let cases = [
        (TIMES[0], Comparison::Equal, TIMES[1], true),
        (TIMES[0], Comparison::Equal, TIMES[2], true),
        (TIMES[0], Comparison::Equal, TIMES[3], true),
        (TIMES[0], Comparison::Greater, TIMES[5], true),
        (TIMES[11], Comparison::Equal, TIMES[12], true),
        (TIMES[13], Comparison::Less, TIMES[0], true),
        (TIMES[9], Comparison::GreaterOrEqual, TIMES[0], false),
        (TIMES[17], Comparison::Equal, TIMES[17], false),
        (TIMES[4], Comparison::NotEqual, TIMES[0], false),
    ];
    for (left, operator, right, expected) in cases {
        let test = compare(
            Comparable::Time,
            field("a"),
            operator,
            literal(json!(right)),
        );
        check(&test, json!({ "a": left }), expected);
    }
}

#[test]
fn a_text_stands_in_another() {
    let cases = [
        ("", "", [true, true, true]),
        ("abc", "", [true, true, true]),
        ("", "a", [false, false, false]),
        ("abc", "ab", [true, true, false]),
        ("abc", "b", [false, true, false]),
        ("abc", "bc", [false, true, true]),
        ("abc", "xabc", [false, false, false]),
        ("日本\u{1F600}", "\u{1F600}", [false, true, true]),
        ("a.c", "b", [false, false, false]),
    ];
    for (of, text, expected) in cases {
        for (position, expected) in POSITIONS.into_iter().zip(expected) {
            let test = Test::Text {
                of: field("of"),
                position,
                text: field("text"),
            };
            check(&test, json!({ "of": of, "text": text }), expected);
            check(&test, json!({ "of": of, "text": [text] }), false);
        }
    }
}

#[test]
fn all_and_any_of_none_are_what_logic_says() {
    check(&Test::All(Vec::new()), json!({}), true);
    check(&Test::Any(Vec::new()), json!({}), false);
}

/// A function that reads the second operand does not see the first one in its place.
#[test]
fn an_operand_reads_the_sagas_own_variables() {
    let item = |name: &str| Expr::IfPresent {
        value: Box::new(field(name)),
        then: Box::new(field(name)),
        otherwise: Box::new(literal(json!(0))),
    };
    let test = compare(Comparable::Number, item("a"), Comparison::Less, item("b"));
    check(&test, json!({ "a": 1, "b": 2 }), true);
    check(&test, json!({ "b": -1 }), false);
}

impl Random {
    /// A value that conditions look at, often one of the kind.
    fn operand(&mut self, kind: Comparable, world: &super::World) -> Expr {
        match self.below(4) {
            0 => self.expr(2, world),
            1 => literal(self.json(1)),
            _ => literal(match kind {
                Comparable::Number => self.number(),
                Comparable::String => self.text().into(),
                Comparable::Bool => (self.below(2) == 0).into(),
                Comparable::Time => self.pick(&TIMES).into(),
            }),
        }
    }

    fn test(&mut self, depth: usize, world: &super::World) -> Test {
        let kind = self.pick(&KINDS);
        match self.below(if depth == 0 { 6 } else { 9 }) {
            0 => Test::Present(self.expr(2, world)),
            1 => Test::True(self.operand(Comparable::Bool, world)),
            2 => Test::Text {
                of: self.operand(Comparable::String, world),
                position: self.pick(&POSITIONS),
                text: self.operand(Comparable::String, world),
            },
            3..=5 => compare(
                kind,
                self.operand(kind, world),
                self.pick(&OPERATORS),
                self.operand(kind, world),
            ),
            6 => Test::All(self.tests(depth, world)),
            7 => Test::Any(self.tests(depth, world)),
            _ => Test::Not(Box::new(self.test(depth - 1, world))),
        }
    }

    fn tests(&mut self, depth: usize, world: &super::World) -> Vec<Test> {
        (0..self.below(4))
            .map(|_| self.test(depth - 1, world))
            .collect()
    }
}

#[test]
fn random_conditions_hold_when_their_trees_say_so() {
    let mut held = [0; 2];
    for seed in 0..1_000 {
        let mut random = Random::new(seed);
        let world = random.world();
        let test = random.test(3, &world);
        let expected = holds(&test, &world);
        held[usize::from(expected)] += 1;
        assert_eq!(
            evaluate(&test, &world),
            expected,
            "seed {seed}: {test:?}\n{world:?}"
        );
        // Data that break every promise of their types still give an answer.
        evaluate(&test, &random.world());
    }
    assert!(held.iter().all(|count| *count > 150), "{held:?}");
}

/// Two answers of a service, of which either may name the parts of an object in any order.
#[test]
fn values_are_the_same_in_all_their_parts() {
    let mut same = [0; 2];
    for seed in 0..300 {
        let mut random = Random::new(seed);
        let world = random.world();
        let left = random.json(3);
        let right = match random.below(2) {
            0 => reversed(&left),
            _ => random.json(3),
        };
        let expected = left == right;
        same[usize::from(expected)] += 1;
        let test = Test::Same(literal(left), literal(right));
        assert_eq!(holds(&test, &world), expected, "seed {seed}: {test:?}");
        assert_eq!(evaluate(&test, &world), expected, "seed {seed}: {test:?}");
    }
    assert!(same.iter().all(|count| *count > 50), "{same:?}");
}

/// The same value with the parts of its objects in the other order.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(reversed).collect(),
        Value::Object(fields) => {
            let fields = fields.iter().rev();
            fields
                .map(|(name, value)| (name.clone(), reversed(value)))
                .collect()
        }
        value => value.clone(),
    }
}
