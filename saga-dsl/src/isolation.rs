//! Isolation: how sagas that run at the same time are kept apart on a table's items.
//!
//! A saga is not isolated as a transaction is: others see what its steps did before it has ended. What is done
//! about that is stated once for each table (`#[table(isolation = …)]`), and decides what a flow may do to its
//! items. The countermeasures are those of Garcia-Molina and Salem's sagas as later literature names them.
//!
//! | Isolation | A flow | Against |
//! |---|---|---|
//! | [`SemanticLock`] | takes the lock ([`Flow::lock`](crate::Flow::lock)) and changes the item through it | changes of others between two steps, and reads of what may be undone |
//! | [`VersionCheck`] | changes the item from the version it has read ([`Table::update_from`](crate::Table::update_from)) | overwriting what another saga has written since |
//! | [`CommutativeUpdate`] | adds and subtracts ([`Table::add`](crate::Table::add), [`Table::subtract`](crate::Table::subtract)) | lost updates; an undo that takes others' changes with it |
//! | [`RereadValue`] | reads again before its pivot ([`Flow::reread`](crate::Flow::reread)) | going on from what is no longer so |
//! | [`NotNeeded`] | overwrites | nothing: the author says why |
//!
//! Handlers that write to a table do so at their own risk: what is stated here binds flows.

use crate::data::SagaData;
use crate::reference::Ref;
use crate::resource::field_name;

/// Semantic lock: `isolation = lock(field)`.
pub enum SemanticLock {}

/// Version check: `isolation = version(field)`.
pub enum VersionCheck {}

/// Commutative update: `isolation = commutative`.
pub enum CommutativeUpdate {}

/// Reread value: `isolation = reread`.
pub enum RereadValue {}

/// Nothing keeps sagas apart: `isolation = none("why not")`.
pub enum NotNeeded {}

/// The isolation of a table whose items a flow may put, set and delete as they are.
#[diagnostic::on_unimplemented(
    message = "a table whose isolation is `{Self}` has items that no flow puts, sets or deletes outright",
    label = "not with this table's isolation",
    note = "`SemanticLock`: take the lock with `saga.lock(…)` and change the item through it; `VersionCheck`: \
            `update_from(…)`; `CommutativeUpdate`: `add(…)` and `subtract(…)`"
)]
pub trait Overwrites {}

impl Overwrites for RereadValue {}
impl Overwrites for NotNeeded {}

macro_rules! abilities {
    ($($(#[$doc:meta])* $trait:ident: $kind:ident, $message:literal, $note:literal;)*) => {$(
        $(#[$doc])*
        #[diagnostic::on_unimplemented(
            message = $message,
            label = "not with this table's isolation",
            note = $note
        )]
        pub trait $trait {}

        #[diagnostic::do_not_recommend]
        impl $trait for $kind {}
    )*};
}

abilities! {
    /// The isolation of a table whose items are locked.
    Locks: SemanticLock,
        "a table whose isolation is `{Self}` has no locks",
        "say which field names the holder: `#[table(isolation = lock(field))]`";
    /// The isolation of a table whose items have a version.
    Versions: VersionCheck,
        "a table whose isolation is `{Self}` has items without a version",
        "say which field is the version: `#[table(isolation = version(field))]`";
    /// The isolation of a table whose numbers are added to.
    Commutes: CommutativeUpdate,
        "a table whose isolation is `{Self}` has numbers that are not added to",
        "`#[table(isolation = commutative)]`: then flows add and subtract, and set nothing";
    /// The isolation of a table whose items are read again.
    Rereads: RereadValue,
        "a table whose isolation is `{Self}` has items that are not read again",
        "`#[table(isolation = reread)]`";
}

/// The name of the field that names a lock's holder.
#[doc(hidden)]
#[must_use]
pub fn holder_field<D: SagaData>(
    read: impl for<'s> FnOnce(Ref<'s, D>) -> Ref<'s, Option<String>>,
) -> String {
    field_name::<D>(|row| read(row).node())
}

/// The name of the field that is an item's version.
#[doc(hidden)]
#[must_use]
pub fn version_field<D: SagaData>(
    read: impl for<'s> FnOnce(Ref<'s, D>) -> Ref<'s, crate::data::Version>,
) -> String {
    field_name::<D>(|row| read(row).node())
}
