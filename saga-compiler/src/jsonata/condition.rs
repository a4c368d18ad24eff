//! A condition as JSONata that never fails, whatever the data are.
//!
//! A Choice state has no Catch, and JSONata raises on `<` of two types and on a function's argument of
//! another type. So types are looked at first, and what depends on them stands in a `?:`, the one
//! operator whose parts every implementation leaves alone until they are needed. Two strings are
//! ordered by the implementation: by code points, or by UTF-16 units, which differ only where a
//! character above U+FFFF meets one from U+E000 to U+FFFF.

use saga_manifest::expr::{Comparable, Expr, Position, Test};
use saga_manifest::task::Comparison;

use super::{Scope, Term, time, value};

/// The condition as text whose value is a boolean.
#[cfg_attr(
    not(test),
    allow(dead_code, reason = "the plan lays out no choices yet")
)]
pub(crate) fn condition(test: &Test, scope: Scope<'_>) -> Term {
    let scope = scope.loose();
    match test {
        Test::Compare {
            kind,
            left,
            operator,
            right,
        } => compare(*kind, left, *operator, right, scope),
        Test::Same(left, right) => {
            let [left, right] = [left, right].map(|expr| value::looked_at(expr, scope));
            left.or(&Term::null())
                .operator("=", &right.or(&Term::null()))
        }
        Test::Present(expr) => value::looked_at(expr, scope).is_present(),
        Test::True(expr) => value::looked_at(expr, scope).operator("=", &boolean(true)),
        Test::Text { of, position, text } => both(of, text, scope, |of, text| {
            typed("string", of, text, &located(of, *position, text))
        }),
        Test::All(tests) => joined(tests, scope, true),
        Test::Any(tests) => joined(tests, scope, false),
        Test::Not(test) => Term::call("$not", &condition(test, scope)),
    }
}

/// Tests one after the other until one gives the other value.
fn joined(tests: &[Test], scope: Scope<'_>, all: bool) -> Term {
    let mut tests = tests.iter().rev().map(|test| condition(test, scope));
    let Some(last) = tests.next() else {
        return boolean(all);
    };
    tests.fold(last, |rest, test| match all {
        true => Term::conditional(&test, &rest, &boolean(false)),
        false => Term::conditional(&test, &boolean(true), &rest),
    })
}

fn compare(
    kind: Comparable,
    left: &Expr,
    operator: Comparison,
    right: &Expr,
    scope: Scope<'_>,
) -> Term {
    let name = match kind {
        Comparable::Number => "number",
        Comparable::String => "string",
        Comparable::Bool if !is_order(operator) => "boolean",
        // Booleans have no order: such a comparison does not hold.
        Comparable::Bool => return boolean(false),
        Comparable::Time => return compare_times(left, operator, right, scope),
    };
    both(left, right, scope, |left, right| {
        typed(name, left, right, &left.operator(sign(operator), right))
    })
}

fn compare_times(left: &Expr, operator: Comparison, right: &Expr, scope: Scope<'_>) -> Term {
    let [left_time, right_time] = ["$left", "$right"].map(Term::path);
    let there = left_time
        .is_present()
        .operator("and", &right_time.is_present());
    let body = Term::conditional(
        &there,
        &left_time.operator(sign(operator), &right_time),
        &boolean(false),
    );
    let order = Term::function(["$left", "$right"], &body);
    let apply = Term::primary(format!("{order}($instant($left), $instant($right))"));
    Term::function(["$left", "$right", "$instant"], &apply).applied([
        value::looked_at(left, scope),
        value::looked_at(right, scope),
        time::instant(),
    ])
}

/// A body of two values: as they are where they may be written twice, else as a function's parameters.
/// A block's variable would hide a variable of the saga's that the second value reads.
fn both(
    left: &Expr,
    right: &Expr,
    scope: Scope<'_>,
    body: impl FnOnce(&Term, &Term) -> Term,
) -> Term {
    let terms = [left, right].map(|expr| value::looked_at(expr, scope));
    let [left_term, right_term] = &terms;
    let repeats = |expr: &Expr, term: &Term| matches!(expr, Expr::Literal(_)) || term.is_path();
    if repeats(left, left_term) && repeats(right, right_term) {
        return body(left_term, right_term);
    }
    let body = body(&Term::path("$left"), &Term::path("$right"));
    Term::function(["$left", "$right"], &body).applied(terms)
}

/// The test where both values are of the type, else false.
fn typed(name: &str, left: &Term, right: &Term, test: &Term) -> Term {
    let is = |term: &Term| Term::call("$type", term).operator("=", &Term::string(name));
    let both = is(left).operator("and", &is(right));
    Term::conditional(&both, test, &boolean(false))
}

/// Whether a string stands in another. `$substring` counts from the end where it is told to start
/// before the start, and not every `$contains` finds the empty string.
fn located(of: &Term, position: Position, text: &Term) -> Term {
    let length = |term: &Term| Term::call("$length", term);
    match position {
        Position::Start => {
            Term::primary(format!("$substring({of}, 0, {})", length(text))).operator("=", text)
        }
        Position::Anywhere => Term::conditional(
            &text.operator("=", &Term::string("")),
            &boolean(true),
            &Term::primary(format!("$contains({of}, {text})")),
        ),
        Position::End => {
            let rest = length(of).operator("-", &length(text));
            Term::conditional(
                &length(text).operator("<=", &length(of)),
                &Term::primary(format!("$substring({of}, {rest})")).operator("=", text),
                &boolean(false),
            )
        }
    }
}

fn is_order(operator: Comparison) -> bool {
    !matches!(operator, Comparison::Equal | Comparison::NotEqual)
}

fn sign(operator: Comparison) -> &'static str {
    match operator {
        Comparison::Equal => "=",
        Comparison::NotEqual => "!=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

fn boolean(value: bool) -> Term {
    Term::primary(if value { "true" } else { "false" })
}
