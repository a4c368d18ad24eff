//! Steps in an order that nothing could recover from, and reads of what may not be there.

use saga_manifest::Manifest;
use saga_manifest::expr::Expr;
use saga_manifest::flow::End;
use saga_manifest::saga::Ending;
use saga_manifest::step::{Call, Kind, Step};

use super::check;
use crate::manifest::{
    compensatable, invoke, line, notification, pivot, retriable, saga, step, step_at, work,
};

fn at(place: u32, step: Step) -> Step {
    Step {
        place: line(place),
        ..step
    }
}

fn reads(expr: Expr) -> Call {
    invoke("Book", expr)
}

fn output(step: &str) -> Expr {
    Expr::Output(step.into())
}

#[test]
fn a_compensatable_step_after_the_pivot() {
    let manifest = saga(vec![at(11, pivot("Pay")), at(12, compensatable("Book"))]);
    check(
        &manifest,
        "`Book` comes after the pivot",
        "move it before",
        &[12, 11],
    );
}

#[test]
fn a_second_pivot() {
    let manifest = saga(vec![at(11, pivot("Pay")), at(12, pivot("PayAgain"))]);
    check(
        &manifest,
        "`PayAgain` is a second pivot",
        "one point of no return",
        &[12, 11],
    );
}

#[test]
fn a_step_that_only_goes_forward_before_the_pivot() {
    let manifest = saga(vec![at(11, retriable("Ship"))]);
    check(&manifest, "`Ship` only goes forward", "saga.pivot", &[11]);
}

/// `Book` reads this, its compensation reads that, and `Pay` comes after it.
fn reading(book: Expr, undo: Expr) -> Manifest {
    let kind = Kind::Compensatable {
        compensation: Box::new(reads(undo)),
    };
    saga(vec![
        at(11, step("Book", kind, reads(book))),
        at(12, pivot("Pay")),
    ])
}

#[test]
fn a_step_that_reads_a_later_output() {
    let manifest = reading(output("Pay"), Expr::Input);
    check(
        &manifest,
        "`Book` reads the output of `Pay`",
        "comes before it",
        &[11, 12],
    );
}

#[test]
fn a_compensation_that_needs_its_own_output() {
    let manifest = reading(Expr::Input, output("Book"));
    let message = "the compensation of `Book` reads the output of `Book`, which may not be there";
    check(&manifest, message, "as an `Option`", &[11, 11]);
}

#[test]
fn an_output_of_no_step() {
    let manifest = reading(output("Ship"), Expr::Input);
    check(
        &manifest,
        "reads the output of `Ship`, which is no step",
        "of this saga",
        &[11],
    );
}

#[test]
fn a_notification_that_reads_what_may_not_have_happened() {
    for ending in [Ending::Compensated, Ending::Parked] {
        let mut manifest = reading(Expr::Input, Expr::Input);
        manifest.sagas[0].notifications = vec![notification("Tell", ending, reads(output("Book")))];
        check(
            &manifest,
            "`Tell` reads the output of `Book`",
            "may read the saga's input only",
            &[50, 11],
        );
    }
}

#[test]
fn what_is_sure_to_be_there_may_be_read() {
    let mut manifest = reading(Expr::Input, Expr::MaybeOutput("Book".into()));
    let order = &mut manifest.sagas[0];
    order.body.end = End::Complete(output("Pay"));
    order.notifications = vec![notification(
        "Tell",
        Ending::Completed,
        reads(output("Pay")),
    )];
    step_at(order, 1).call = reads(output("Book"));
    crate::manifest::compile(&manifest);
}

#[test]
fn a_step_that_reads_itself() {
    let mut manifest = saga(vec![at(11, pivot("Pay"))]);
    step_at(&mut manifest.sagas[0], 0).call = Call {
        ..invoke("Pay", Expr::MaybeOutput("Pay".into()))
    };
    check(
        &manifest,
        "`Pay` reads the output of `Pay`",
        "comes before it",
        &[11, 11],
    );
    step_at(&mut manifest.sagas[0], 0).call = work("Pay");
    crate::manifest::compile(&manifest);
}
