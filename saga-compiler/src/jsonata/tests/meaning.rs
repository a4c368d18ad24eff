//! What an expression means, from the words of the manifest alone.

use saga_manifest::expr::{Comparable, Expr, PickedField, Position, Presence, Test};
use saga_manifest::task::Comparison;
use serde_json::{Map, Value};

use super::World;

/// The value of an expression: what is absent is null.
pub(super) fn value(expr: &Expr, world: &World) -> Value {
    match expr {
        Expr::Literal(value) => value.clone(),
        Expr::Input => world.input.clone(),
        Expr::SagaId => "arn:saga".into(),
        Expr::Output(step) | Expr::MaybeOutput(step) => world.output(step).clone(),
        Expr::Element { of, index } => value(of, world)
            .get(*index as usize)
            .cloned()
            .unwrap_or_default(),
        Expr::Item(_) => world.item.clone(),
        Expr::ItemIndex(_) => world.index.into(),
        Expr::Field { of, name, presence } => read(&value(of, world), name, presence),
        Expr::IfPresent {
            value: looked_at,
            then,
            otherwise,
        } => {
            let branch = if value(looked_at, world).is_null() {
                otherwise
            } else {
                then
            };
            value(branch, world)
        }
        Expr::Pick { of, fields } => {
            let of = value(of, world);
            let fields = fields.iter();
            let picked = fields
                .map(|PickedField { name, presence }| (name.clone(), read(&of, name, presence)));
            Value::Object(picked.collect())
        }
        Expr::Object(fields) => {
            let mut object = Map::new();
            for field in fields {
                let value = value(&field.value, world);
                if !(field.skip_null && value.is_null()) {
                    object.insert(field.name.clone(), value);
                }
            }
            Value::Object(object)
        }
        Expr::List(items) => items.iter().map(|item| value(item, world)).collect(),
    }
}

fn read(object: &Value, name: &str, presence: &Presence) -> Value {
    match (object.get(name), presence) {
        (Some(value), _) => value.clone(),
        (None, Presence::Default(default)) => default.clone(),
        (None, _) => Value::Null,
    }
}

/// Whether a condition holds.
pub(super) fn holds(test: &Test, world: &World) -> bool {
    match test {
        Test::Compare {
            kind,
            left,
            operator,
            right,
        } => {
            let (left, right) = (value(left, world), value(right, world));
            match kind {
                Comparable::Number => compares(left.as_f64(), *operator, right.as_f64()),
                Comparable::String => compares(left.as_str(), *operator, right.as_str()),
                Comparable::Time => {
                    let time = |value: &Value| value.as_str().and_then(instant);
                    compares(time(&left), *operator, time(&right))
                }
                Comparable::Bool => match operator {
                    Comparison::Equal | Comparison::NotEqual => {
                        compares(left.as_bool(), *operator, right.as_bool())
                    }
                    _ => false,
                },
            }
        }
        Test::Present(expr) => !value(expr, world).is_null(),
        Test::True(expr) => value(expr, world) == Value::Bool(true),
        Test::Text { of, position, text } => {
            match (value(of, world).as_str(), value(text, world).as_str()) {
                (Some(of), Some(text)) => match position {
                    Position::Start => of.starts_with(text),
                    Position::Anywhere => of.contains(text),
                    Position::End => of.ends_with(text),
                },
                _ => false,
            }
        }
        Test::All(tests) => tests.iter().all(|test| holds(test, world)),
        Test::Any(tests) => tests.iter().any(|test| holds(test, world)),
        Test::Not(test) => !holds(test, world),
    }
}

fn compares<T: PartialOrd>(left: Option<T>, operator: Comparison, right: Option<T>) -> bool {
    let (Some(left), Some(right)) = (left, right) else {
        return false;
    };
    match operator {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => left < right,
        Comparison::LessOrEqual => left <= right,
        Comparison::Greater => left > right,
        Comparison::GreaterOrEqual => left >= right,
    }
}

/// The milliseconds since 1970 of a time in RFC 3339 (section 5.6), rounded down.
fn instant(text: &str) -> Option<i64> {
    let text = text.to_ascii_uppercase();
    let (date, time) = text.split_once('T')?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let february = if leap { 29 } else { 28 };
    let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let position = usize::try_from(month - 1).ok()?;
    let length = *months.get(position)?;
    let before: i64 = months[..position].iter().sum();
    let years = year - 1;
    let days = years * 365 + years / 4 - years / 100 + years / 400 + before + day - 1;
    let (time, offset) = time.split_at(time.find(['Z', '+', '-'])?);
    let minutes = if offset == "Z" {
        0
    } else {
        let east = if offset.starts_with('+') { 1 } else { -1 };
        let [hours, minutes] = numbers(offset.get(1..)?, ':', [2, 2])?;
        (hours < 24 && minutes < 60).then_some(())?;
        east * (hours * 60 + minutes)
    };
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let digits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let millis: String = fraction.chars().chain("000".chars()).take(3).collect();
    let millis: i64 = millis.parse().ok()?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    let there = (1..=length).contains(&day) && hour < 24 && minute < 60 && second < 60;
    let of_day = (hour * 60 + minute - minutes) * 60 + second;
    (there && digits).then_some((days * 86_400 + of_day) * 1_000 + millis)
}

fn numbers<const N: usize>(text: &str, between: char, widths: [usize; N]) -> Option<[i64; N]> {
    let parts: Vec<_> = text.split(between).collect();
    let parts: [&str; N] = parts.try_into().ok()?;
    let fits = |(part, width): (&&str, usize)| {
        part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let all = parts.iter().zip(widths).all(fits);
    all.then(|| parts.map(|part| part.parse().unwrap()))
}
