//! The expression language: conditions, updates, projections, key conditions.
//!
//! Text → [`lex`] → [`parse`] with its [`placeholder`]s resolved → a tree without any → evaluation by
//! [`condition`], [`update`] and [`projection`] on an item.

pub mod condition;
mod lex;
mod parse;
pub mod path;
mod placeholder;
pub mod projection;
mod reserved;
pub mod update;

pub use condition::Condition;
pub use path::Path;
pub use placeholder::Placeholders;
pub use projection::Projection;
pub use update::Update;
