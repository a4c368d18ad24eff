//! Random conditions.

use saga_manifest::expr::{Comparable, Expr, Position, Presence, Test};
use saga_manifest::task::Comparison;

use crate::dice::Dice;
use crate::input;
use crate::reads::field;

const OPERATORS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::NotEqual,
    Comparison::Less,
    Comparison::LessOrEqual,
    Comparison::Greater,
    Comparison::GreaterOrEqual,
];

/// A condition on the input.
pub fn random(dice: &mut Dice) -> Test {
    match dice.below(9) {
        0 => compare(
            Comparable::Number,
            input::NUMBER,
            dice.below(10).into(),
            dice,
        ),
        1 => compare(Comparable::String, input::WORD, "kiwi".into(), dice),
        2 => {
            let time = "1970-01-01T00:00:05Z";
            compare(Comparable::Time, input::TIME, time.into(), dice)
        }
        3 => Test::Text {
            of: field(Expr::Input, input::WORD),
            position: match dice.below(3) {
                0 => Position::Start,
                1 => Position::Anywhere,
                _ => Position::End,
            },
            text: Expr::Literal("i".into()),
        },
        4 => Test::Present(Expr::Field {
            of: Box::new(Expr::Input),
            name: input::MAYBE.into(),
            presence: Presence::Optional,
        }),
        5 => Test::Not(Box::new(flag(dice))),
        6 => Test::All(vec![flag(dice), flag(dice)]),
        7 => Test::Any(vec![flag(dice), flag(dice)]),
        _ => flag(dice),
    }
}

/// A condition on a number or a flag.
pub fn plain(dice: &mut Dice) -> Test {
    match dice.below(3) {
        0 => compare(
            Comparable::Number,
            input::NUMBER,
            dice.below(10).into(),
            dice,
        ),
        1 => Test::Not(Box::new(flag(dice))),
        _ => flag(dice),
    }
}

fn compare(kind: Comparable, left: &str, right: serde_json::Value, dice: &mut Dice) -> Test {
    Test::Compare {
        kind,
        left: field(Expr::Input, left),
        operator: dice
            .one_of(&OPERATORS)
            .copied()
            .unwrap_or(Comparison::Equal),
        right: Expr::Literal(right),
    }
}

fn flag(dice: &mut Dice) -> Test {
    let flag = dice.below(input::FLAGS);
    Test::True(field(Expr::Input, &input::flag(flag)))
}
