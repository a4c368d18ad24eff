//! Blocks that cannot be undone, or that AWS does not take.

use saga_manifest::expr::Expr;
use saga_manifest::flow::{Block, End, Node};
use saga_manifest::saga::{HistoryKey, KeySource, SensitiveField, SensitiveForm};
use saga_manifest::step::Step;

use super::check;
use crate::manifest::blocks::{
    abort, block, choice, ending, map, node, of_body, of_nodes, parallel, savepoint, wait,
};
use crate::manifest::{
    compensatable, compile, field, input, invoke, line, pivot, policy, read_only, retriable,
};

fn at(number: u32, step: Step) -> Node {
    node(Step {
        place: line(number),
        ..step
    })
}

fn book() -> Block {
    block(vec![at(11, compensatable("Book"))])
}

fn pay() -> Block {
    block(vec![at(12, pivot("Pay"))])
}

fn completes(nodes: Vec<Node>) -> Block {
    ending(nodes, End::Complete(Expr::Input))
}

#[test]
fn numbers_out_of_their_range() {
    let one = parallel("Both", vec![book()]);
    check(
        &of_nodes(vec![one]),
        "`Both` runs one branch at a time",
        "two branches",
        &[20],
    );
    let none = choice("Way", vec![book()]);
    check(
        &of_nodes(vec![none]),
        "`Way` has no case",
        "a condition",
        &[30],
    );
    let each = |change: fn(&mut saga_manifest::flow::Map)| {
        let Node::Map(mut of) = map("Each", input("list"), book()) else {
            panic!("another kind of block")
        };
        change(&mut of);
        of_nodes(vec![Node::Map(of)])
    };
    let none = each(|map| map.at_most = 0);
    check(
        &none,
        "the maximum of items of `Each` is 0",
        "1 to 10000",
        &[40],
    );
    let many = each(|map| map.max_concurrency = 41);
    check(&many, "the concurrency of `Each` is 41", "1 to 40", &[40]);
    let long = of_nodes(vec![wait("Pause", 31_536_001)]);
    check(
        &long,
        "the longest pause of `Pause` is 31536001",
        "1 to 31536000",
        &[50],
    );
    let often = of_nodes(vec![savepoint("Again", 6, book())]);
    check(
        &often,
        "the number of tries of `Again` is 6",
        "2 to 5",
        &[60],
    );
}

#[test]
fn a_saga_without_an_end() {
    let manifest = of_body(book());
    check(
        &manifest,
        "the saga `Order` has no end",
        "complete it",
        &[1],
    );
}

#[test]
fn a_saga_that_is_completed_beside_others() {
    for (what, node) in [
        (
            "branch of `Both`",
            parallel("Both", vec![book(), completes(vec![])]),
        ),
        (
            "item of `Each`",
            map("Each", input("list"), completes(vec![])),
        ),
        (
            "savepoint of `Again`",
            savepoint("Again", 2, completes(vec![])),
        ),
    ] {
        let manifest = of_nodes(vec![node.clone()]);
        let message = format!("a {what} completes the saga");
        check(
            &manifest,
            &message,
            "go on with a value",
            &[node.place().line],
        );
    }
}

#[test]
fn a_pivot_beside_others() {
    for (what, node) in [
        ("branch of `Both`", parallel("Both", vec![book(), pay()])),
        ("item of `Each`", map("Each", input("list"), pay())),
        ("savepoint of `Again`", savepoint("Again", 2, pay())),
    ] {
        let manifest = of_nodes(vec![node.clone()]);
        let message = format!("the pivot `Pay` stands in a {what}");
        check(
            &manifest,
            &message,
            "move it behind",
            &[12, node.place().line],
        );
    }
}

#[test]
fn a_choice_of_which_some_ways_pass_a_pivot() {
    let manifest = of_nodes(vec![choice("Way", vec![pay(), block(vec![])])]);
    let message = "some ways through `Way` pass the pivot `Pay`, and some go on without one";
    check(
        &manifest,
        message,
        "give each case that goes on a pivot",
        &[30, 12],
    );
    let ways = vec![
        pay(),
        completes(vec![]),
        ending(vec![], abort("GiveUp", "TooSlow")),
    ];
    let sure = choice("Way", ways);
    compile(&of_nodes(vec![sure, node(retriable("Ship"))]));
}

#[test]
fn what_cannot_come_after_the_pivot() {
    let after = |node: Node| of_nodes(vec![at(12, pivot("Pay")), node]);
    let step = || vec![at(11, retriable("Ship"))];
    let again = after(savepoint("Again", 2, block(step())));
    check(
        &again,
        "the savepoint `Again` comes after the pivot",
        "retries instead",
        &[60, 12],
    );
    let ways = vec![ending(step(), abort("GiveUp", "TooSlow")), block(vec![])];
    let gives_up = after(choice("Way", ways));
    check(
        &gives_up,
        "`GiveUp` gives up after the pivot",
        "before it",
        &[70, 12],
    );
    let both = after(parallel("Both", vec![book(), block(step())]));
    let message = "the compensatable step `Book` comes after the pivot";
    check(&both, message, "saga.forward", &[11, 12]);
}

#[test]
fn an_error_without_a_name() {
    let manifest = of_body(ending(vec![], abort("GiveUp", "")));
    check(
        &manifest,
        "the error of `GiveUp` has a name of 0",
        "1 to 256",
        &[70],
    );
}

/// A step that reads that, after a node.
fn reading(node: Node, read: Expr) -> saga_manifest::Manifest {
    let step = Step {
        call: invoke("Pay", read),
        ..pivot("Pay")
    };
    of_nodes(vec![node, at(12, step)])
}

#[test]
fn what_is_known_in_a_block_does_not_leave_it() {
    let output = || Expr::Output("Book".into());
    let message = "`Pay` reads the output of `Book`, which may not be there";
    for node in [
        parallel("Both", vec![book(), block(vec![])]),
        choice("Way", vec![book(), block(vec![])]),
        map("Each", input("list"), book()),
        savepoint("Again", 2, book()),
    ] {
        check(
            &reading(node, output()),
            message,
            "as its value only",
            &[12, 11],
        );
    }
    let item = reading(
        map("Each", input("list"), book()),
        Expr::Item("Each".into()),
    );
    let message = "`Pay` reads the item of `Each`, and is not a part of it";
    check(&item, message, "as its value only", &[12, 40]);
    let value = Block {
        end: End::Continue(output()),
        ..book()
    };
    let valued = choice("Way", vec![value, block(vec![])]);
    compile(&reading(valued, Expr::Output("Way".into())));
}

#[test]
fn a_branch_that_reads_what_is_known_in_another() {
    let step = Step {
        call: invoke("Pay", Expr::Output("Book".into())),
        ..compensatable("Pay")
    };
    let both = parallel("Both", vec![book(), block(vec![at(12, step)])]);
    let message = "`Pay` reads the output of `Book`, which may not be there";
    check(&of_nodes(vec![both]), message, "comes before it", &[12, 11]);
}

#[test]
fn two_nodes_of_one_name_in_different_blocks() {
    let both = parallel(
        "Both",
        vec![book(), block(vec![at(12, compensatable("Book"))])],
    );
    check(
        &of_nodes(vec![both]),
        "two steps are called `Book`",
        ".named(",
        &[12, 11],
    );
}

#[test]
fn a_step_called_like_a_state_of_a_block() {
    let both = parallel("Both", vec![book(), block(vec![])]);
    let manifest = of_nodes(vec![both, at(12, pivot("BothBranch1Done"))]);
    let message = "two states would be called `BothBranch1Done`";
    check(&manifest, message, "`…Branch1`", &[20, 12]);
    let manifest = of_nodes(vec![
        savepoint("Again", 2, book()),
        at(12, read_only("BookTry2")),
    ]);
    check(
        &manifest,
        "two states would be called `BookTry2`",
        "`…Try2`",
        &[12, 11],
    );
}

#[test]
fn a_history_that_would_be_too_long() {
    let step = |count: u32| Step {
        call: saga_manifest::step::Call {
            retry_others: Some(policy(count)),
            ..invoke("Book", Expr::SagaId)
        },
        ..compensatable("Book")
    };
    let of = |at_most, retries| {
        let Node::Map(mut map) = map("Each", input("list"), block(vec![node(step(retries))]))
        else {
            panic!("another kind of block")
        };
        map.at_most = at_most;
        of_nodes(vec![Node::Map(map)])
    };
    compile(&of(50, 3));
    let message = "an execution of `Order` could write";
    check(&of(10_000, 3), message, "let it have", &[40]);
    check(&of(1, 10_000), message, "make a saga of its item", &[40]);
    let long = of_nodes(vec![node(step(10_000))]);
    check(&long, message, "fewer retries", &[1]);
}

#[test]
fn sensitive_data_through_items_and_values() {
    let secret = |path: &[&str]| SensitiveField {
        path: path.iter().map(|name| (*name).into()).collect(),
        form: SensitiveForm::Clear,
    };
    let keyed = |mut manifest: saga_manifest::Manifest, path: &[&str]| {
        manifest.sagas[0].input.sensitive = vec![secret(path)];
        manifest.sagas[0].history_key = Some(HistoryKey {
            key: KeySource::Created,
            reason: "the provider takes card numbers only".into(),
        });
        manifest.queues.push(crate::manifest::blocks::queue("Told"));
        manifest
    };
    let sends = |body: Expr| Step {
        call: crate::manifest::blocks::send("Told", body),
        ..pivot("Pay")
    };
    let undone = |body: Expr| Step {
        call: crate::manifest::blocks::send("Told", body),
        ..compensatable("Book")
    };
    let message = "writes sensitive data in clear to a message";
    let card = field(Expr::Item("Each".into()), "card");
    let item = map("Each", input("cards"), block(vec![at(11, undone(card))]));
    let path = ["cards", "*", "card"];
    check(
        &keyed(of_nodes(vec![item]), &path),
        message,
        "leave the field out",
        &[11],
    );
    let value = |name: &str| ending(vec![], End::Continue(input(name)));
    let element = Expr::Element {
        of: Box::new(Expr::Output("Both".into())),
        index: 1,
    };
    let both = parallel("Both", vec![value("name"), value("card")]);
    let manifest = of_nodes(vec![both, at(12, sends(element))]);
    check(
        &keyed(manifest, &["card"]),
        message,
        "leave the field out",
        &[12],
    );
    let End::Abort(mut gives_up) = abort("GiveUp", "TooSlow") else {
        panic!("another kind of block")
    };
    gives_up.cause = input("card");
    let manifest = of_body(ending(vec![], End::Abort(gives_up)));
    let message = "`GiveUp` gives sensitive data in clear as its cause";
    check(&keyed(manifest, &["card"]), message, "without it", &[70]);
}
