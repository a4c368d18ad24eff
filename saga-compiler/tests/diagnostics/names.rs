//! Names that stand for two things, or for none.

use saga_manifest::Problem;
use saga_manifest::saga::Ending;
use saga_manifest::step::Step;

use super::check;
use crate::manifest::{compensatable, line, notification, pivot, read_only, retriable, saga, work};

#[test]
fn two_steps_of_one_name() {
    let second = Step {
        place: line(12),
        ..pivot("Book")
    };
    let manifest = saga(vec![compensatable("Book"), second]);
    check(
        &manifest,
        "two steps are called `Book`",
        ".named(",
        &[12, 10],
    );
}

#[test]
fn a_notification_called_like_a_step() {
    let mut manifest = saga(vec![compensatable("Book")]);
    manifest.sagas[0].notifications = vec![notification("Book", Ending::Completed, work("Book"))];
    check(
        &manifest,
        "two steps are called `Book`",
        ".named(",
        &[50, 10],
    );
}

#[test]
fn a_step_called_like_a_state_that_the_compiler_adds() {
    let second = Step {
        place: line(12),
        ..read_only("UndoBook")
    };
    let manifest = saga(vec![compensatable("Book"), second]);
    check(
        &manifest,
        "two states would be called `UndoBook`",
        ".named(",
        &[10, 12],
    );
}

#[test]
fn a_step_called_like_the_end() {
    let second = Step {
        place: line(12),
        ..pivot("OrderSucceeded")
    };
    let manifest = saga(vec![compensatable("Book"), second]);
    check(
        &manifest,
        "two states would be called `OrderSucceeded`",
        "rename",
        &[1, 12],
    );
}

#[test]
fn a_name_that_is_too_long_with_what_the_compiler_adds() {
    let name = "B".repeat(71);
    let manifest = saga(vec![compensatable(&name)]);
    let longest = format!("the state `Undo{name}Parked` would have a name of 81 characters");
    check(&manifest, &longest, "shorten", &[10]);
}

#[test]
fn two_handlers_whose_functions_fall_together() {
    let manifest = saga(vec![pivot("Book"), retriable("Bo_ok")]);
    let mistakes = saga_compiler::compile(&manifest, &crate::manifest::options()).unwrap_err();
    let messages: Vec<_> = mistakes
        .iter()
        .map(|mistake| mistake.message.as_str())
        .collect();
    let expected = ["BookFunction", "BookFunctionLogGroup", "BookFunctionRole"];
    assert_eq!(
        messages,
        expected.map(|id| format!("two parts of the template would be called `{id}`"))
    );
}

#[test]
fn a_handler_that_is_not_there() {
    let mut manifest = saga(vec![compensatable("Book")]);
    manifest.handlers.retain(|handler| handler.name != "Book");
    check(&manifest, "no handler is called `Book`", "rebuild", &[10]);
}

#[test]
fn what_the_definition_itself_found() {
    let mut manifest = saga(vec![compensatable("Book")]);
    manifest.problems.push(Problem {
        message: "the interval of a retry is 0 s".into(),
        help: "use 1 s or more".into(),
        place: line(33),
    });
    check(
        &manifest,
        "the interval of a retry is 0 s",
        "use 1 s",
        &[33],
    );
}

#[test]
fn a_package_without_sagas() {
    check(
        &crate::manifest::empty(),
        "the package has no saga",
        "main!",
        &[],
    );
}
