//! Random calls about items whose table says how sagas are kept apart.

use saga_manifest::error::Outcome;
use saga_manifest::expr::Expr;
use saga_manifest::resource::Isolation;
use saga_manifest::step::Call;
use saga_manifest::task::{Attribute, AttributeShape, Basis, Direction, Shape, Task};

use super::{call, error, key, policy, row};
use crate::dice::Dice;
use crate::reads::field;

/// The table whose items are locked.
pub const LOCKS: &str = "Locks";

/// The attribute that names the holder.
pub const HOLDER: &str = "holder";

/// The table whose numbers are added to.
pub const SUMS: &str = "Sums";

/// The number.
pub const SUM: &str = "total";

/// How many items it has for each path. A request makes the first one; the others are there.
const COUNT: u64 = 2;

/// The table whose items have a version.
pub const VERSIONS: &str = "Versions";

/// The attribute that is the version.
pub const VERSION: &str = "version";

/// The table whose items are read again.
pub const PRICES: &str = "Prices";

/// The attribute of an item that says who has written it.
pub const VALUE: &str = "value";

/// What an attribute says that was changed under a lock.
pub const DONE: &str = "done";

/// What it says when that was undone.
pub const UNDONE: &str = "undone";

/// What DynamoDB answers where a condition does not hold.
const CONDITION_FAILED: &str = "DynamoDB.ConditionalCheckFailedException";

/// The tables, and how they keep sagas apart.
pub(crate) fn tables() -> impl Iterator<Item = (&'static str, Isolation)> {
    let tables = [
        (LOCKS, Isolation::Lock(HOLDER.into())),
        (SUMS, Isolation::Commutative),
        (VERSIONS, Isolation::Version(VERSION.into())),
        (PRICES, Isolation::Reread),
    ];
    tables.into_iter()
}

/// Takes the lock of the item of that name.
pub(crate) fn lock(item: &str, path: Expr, creates: bool, dice: &mut Dice) -> Call {
    let task = Task::DynamodbLock {
        table: LOCKS.into(),
        key: key(item, path),
        creates,
        condition: None,
    };
    contended(task, dice)
}

/// Gives it back. That fails only where the service does.
pub(crate) fn release(item: &str, path: Expr, creates: bool, dice: &mut Dice) -> Call {
    let task = Task::DynamodbRelease {
        table: LOCKS.into(),
        key: key(item, path),
        lock: item.into(),
        creates,
    };
    let mut call = row(task, dice);
    call.errors.retain(|error| error.name != CONDITION_FAILED);
    call
}

/// Changes an attribute of the item under the lock that a step of this name has taken.
pub(crate) fn update(lock: &str, path: Expr, attribute: &str, dice: &mut Dice) -> Call {
    let task = Task::DynamodbUpdate {
        table: LOCKS.into(),
        key: key(lock, path),
        set: vec![Attribute {
            name: attribute.into(),
            shape: Shape::String,
            value: Expr::Literal(DONE.into()),
        }],
        condition: None,
        basis: Some(Basis::Lock(lock.into())),
    };
    row(task, dice)
}

/// Adds to a number, or subtracts from it, mostly within a bound.
pub(crate) fn change(path: Expr, dice: &mut Dice) -> Call {
    let item = dice.below(COUNT);
    let adds = dice.chance(500);
    let bound = if adds { 20 } else { 0 };
    let task = Task::DynamodbAdd {
        table: SUMS.into(),
        key: key(&sum(item), path),
        attribute: SUM.into(),
        direction: if adds {
            Direction::Add
        } else {
            Direction::Subtract
        },
        amount: Expr::Literal(dice.between(1, 5).into()),
        creates: item == 0,
        // A number that is not there yet is within no bound: nobody would ever make it.
        bound: (dice.chance(700) && item != 0).then(|| Expr::Literal(bound.into())),
        condition: None,
    };
    contended(task, dice)
}

/// What takes a change back: of a number its inverse, of what is locked another one.
pub(crate) fn inverse(of: &Call) -> Option<Call> {
    let mut task = of.task.clone();
    match &mut task {
        Task::DynamodbAdd {
            direction, bound, ..
        } => {
            *direction = match direction {
                Direction::Add => Direction::Subtract,
                Direction::Subtract => Direction::Add,
            };
            *bound = None;
        }
        Task::DynamodbUpdate {
            set,
            basis: Some(Basis::Lock(_)),
            ..
        } => {
            for attribute in set {
                attribute.value = Expr::Literal(UNDONE.into());
            }
        }
        _ => return None,
    }
    Some(Call {
        task,
        retry_others: Some(policy(1)),
        ..of.clone()
    })
}

fn sum(number: u64) -> String {
    format!("sum{number}")
}

/// Reads an item of a version.
pub(crate) fn read_version(item: &str, path: Expr, dice: &mut Dice) -> Call {
    read(VERSIONS, item, path, None, dice)
}

/// Reads a price, for the first time or after that step.
pub(crate) fn read_price(item: &str, path: Expr, again: Option<&str>, dice: &mut Dice) -> Call {
    read(PRICES, item, path, again, dice)
}

/// Changes the item from the version that a step of its name has read. What became of it is not asked again.
pub(crate) fn update_from(item: &str, path: Expr, to: Expr, dice: &mut Dice) -> Call {
    let read = Expr::Output(item.into());
    let task = Task::DynamodbUpdate {
        table: VERSIONS.into(),
        key: key(item, path),
        set: vec![Attribute {
            name: VALUE.into(),
            shape: Shape::String,
            value: to,
        }],
        condition: None,
        basis: Some(Basis::Version(field(read, VERSION))),
    };
    let mut call = row(task, dice);
    call.retry_others = None;
    for error in &mut call.errors {
        error.retry = error
            .retry
            .take()
            .filter(|_| error.outcome == Outcome::NotDone);
    }
    call
}

/// The value that a step has read.
pub(crate) fn value(item: &str) -> Expr {
    field(Expr::Output(item.into()), VALUE)
}

fn read(table: &str, item: &str, path: Expr, again: Option<&str>, dice: &mut Dice) -> Call {
    let shape = |name: &str, shape| AttributeShape {
        name: name.into(),
        shape,
    };
    let task = Task::DynamodbGet {
        table: table.into(),
        key: key(item, path),
        item: vec![shape(VALUE, Shape::String), shape(VERSION, Shape::Number)],
        again: again.map(str::to_owned),
    };
    row(task, dice)
}

/// A write that another saga may be in the way of for a moment. Its refusal does not speak of an earlier attempt that is
/// still on its way.
fn contended(task: Task, dice: &mut Dice) -> Call {
    let mut errors = row(task.clone(), dice).errors;
    errors.retain(|error| error.name != CONDITION_FAILED);
    errors.insert(0, error(CONDITION_FAILED, Outcome::NotDone, 500, dice));
    Call {
        errors,
        retry_others: dice.chance(300).then(|| policy(2)),
        ..call(task)
    }
}
