//! Any text is parsed or refused: no panic, no stack that runs out.

use serde_json::json;

use super::{Condition, Placeholders, Projection, Update};

const PIECES: [&str; 30] = [
    "a",
    "#n",
    "#m",
    ":v",
    ":w",
    "size",
    "(",
    ")",
    "(",
    ",",
    ".",
    "[0]",
    "[",
    "]",
    "=",
    "<>",
    "<=",
    "+",
    "-",
    "AND",
    "OR",
    "NOT",
    "BETWEEN",
    "IN",
    "SET",
    "REMOVE",
    "ADD",
    "begins_with(",
    "if_not_exists(",
    "é",
];

fn parse_all(text: &str) -> bool {
    let request = json!({
        "ExpressionAttributeNames": { "#n": "name" },
        "ExpressionAttributeValues": { ":v": { "N": "1" } },
    });
    let names = Placeholders::read(&request).unwrap();
    let condition = Condition::parse("ConditionExpression", text, &names).is_ok();
    let update = Update::parse(text, &names).is_ok();
    condition || update || Projection::parse(text, &names).is_ok()
}

#[test]
fn random_pieces_are_parsed_or_refused() {
    // A linear congruential generator (Knuth, MMIX): the same texts each time.
    let mut state: u64 = 7;
    let mut below = |bound: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % bound
    };
    let mut parsed = 0;
    for _ in 0..20_000 {
        let length = 1 + below(12);
        let text: Vec<&str> = (0..length).map(|_| PIECES[below(PIECES.len())]).collect();
        parsed += usize::from(parse_all(&text.join(" ")));
    }
    assert!(parsed > 100, "the texts are all nonsense: {parsed}");
}

#[test]
fn nesting_is_bounded() {
    for (piece, times) in [
        ("(", 4_000),
        ("NOT ", 1_000),
        ("SET a = (", 400),
        ("SET a = list_append(", 200),
        ("a.", 2_000),
    ] {
        assert!(!parse_all(&piece.repeat(times)), "{piece}");
    }
    let nested = format!("SET a = {}a", "list_append(".repeat(330));
    assert!(!parse_all(&nested));
    assert!(!parse_all(&"a".repeat(5_000)));
}
