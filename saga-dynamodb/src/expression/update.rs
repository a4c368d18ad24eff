//! Updates: SET, REMOVE, ADD, DELETE. All of an update reads the item as it was before it.

use super::Path;
use crate::Error;
use crate::value::{AttributeValue, Item};

/// The actions of an update.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Update {
    /// What is done, in the order of the text.
    pub actions: Vec<Action>,
}

/// One action of an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// `SET path = value`
    Set(Path, Source),
    /// `REMOVE path`
    Remove(Path),
    /// `ADD path :value`: to a number or a set
    Add(Path, AttributeValue),
    /// `DELETE path :value`: from a set
    Delete(Path, AttributeValue),
}

/// Where the value of a SET comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A value of the request.
    Value(AttributeValue),
    /// An attribute.
    Path(Path),
    /// `if_not_exists(path, value)`
    IfNotExists(Path, Box<Source>),
    /// `list_append(a, b)`
    ListAppend(Box<Source>, Box<Source>),
    /// `a + b`
    Plus(Box<Source>, Box<Source>),
    /// `a - b`
    Minus(Box<Source>, Box<Source>),
}

impl Action {
    /// Does it to the item that is being made of the one before. False where its path leads nowhere.
    fn apply(&self, before: &Item, after: &mut Item) -> Result<bool, Error> {
        Ok(match self {
            Self::Set(path, source) => path.write(after, source.read(before)?),
            Self::Remove(path) => path.remove(after),
            Self::Add(path, value) => path.write(after, add(path.read(before), value)?),
            Self::Delete(path, value) => match delete(path.read(before), value)? {
                Some(rest) => path.write(after, rest),
                None => path.remove(after),
            },
        })
    }

    /// The path it changes.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Set(path, _)
            | Self::Remove(path)
            | Self::Add(path, _)
            | Self::Delete(path, _) => path,
        }
    }

    /// The section of the text it stands in.
    #[must_use]
    pub fn section(&self) -> &'static str {
        match self {
            Self::Set(..) => "SET",
            Self::Remove(_) => "REMOVE",
            Self::Add(..) => "ADD",
            Self::Delete(..) => "DELETE",
        }
    }
}

impl Update {
    /// The item as the update leaves it.
    ///
    /// # Errors
    /// `ValidationException`, where a path leads nowhere or a value has the wrong type.
    pub fn apply(&self, before: &Item) -> Result<Item, Error> {
        let mut after = before.clone();
        for action in self.in_order() {
            if !action.apply(before, &mut after)? {
                return Err(Error::Validation(
                    "The document path provided in the update expression is invalid for update"
                        .into(),
                ));
            }
        }
        Ok(after)
    }

    /// The actions as they can be done one after the other. An index means an element of the list as it
    /// was, so elements are removed after everything else, and the last ones first.
    fn in_order(&self) -> Vec<&Action> {
        let is_removal = |action: &&Action| matches!(action, Action::Remove(_));
        let (mut removals, mut actions): (Vec<&Action>, Vec<&Action>) =
            self.actions.iter().partition(is_removal);
        removals.sort_by(|a, b| b.path().cmp(a.path()));
        actions.extend(removals);
        actions
    }

    /// The attributes at the root that it changes.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.actions
            .iter()
            .map(|action| action.path().attribute.as_str())
    }
}

impl Source {
    fn read(&self, item: &Item) -> Result<AttributeValue, Error> {
        match self {
            Self::Value(value) => Ok(value.clone()),
            Self::Path(path) => path.read(item).cloned().ok_or_else(|| {
                Error::Validation(
                    "The provided expression refers to an attribute that does not exist in the item".into(),
                )
            }),
            Self::IfNotExists(path, otherwise) => {
                path.read(item).cloned().map_or_else(|| otherwise.read(item), Ok)
            }
            Self::ListAppend(first, second) => match (first.read(item)?, second.read(item)?) {
                (AttributeValue::List(mut values), AttributeValue::List(more)) => {
                    values.extend(more);
                    Ok(AttributeValue::List(values))
                }
                _ => Err(wrong_type()),
            },
            Self::Plus(left, right) => match (left.read(item)?, right.read(item)?) {
                (AttributeValue::Number(left), AttributeValue::Number(right)) => {
                    left.plus(right).map(AttributeValue::Number)
                }
                _ => Err(wrong_type()),
            },
            Self::Minus(left, right) => match (left.read(item)?, right.read(item)?) {
                (AttributeValue::Number(left), AttributeValue::Number(right)) => {
                    left.minus(right).map(AttributeValue::Number)
                }
                _ => Err(wrong_type()),
            },
        }
    }
}

fn add(before: Option<&AttributeValue>, value: &AttributeValue) -> Result<AttributeValue, Error> {
    use AttributeValue::{Binaries, Number, Numbers, Strings};
    match (before, value) {
        (None, value) => Ok(value.clone()),
        (Some(Number(before)), Number(value)) => before.plus(*value).map(Number),
        (Some(Strings(before)), Strings(value)) => Ok(Strings(before | value)),
        (Some(Binaries(before)), Binaries(value)) => Ok(Binaries(before | value)),
        (Some(Numbers(before)), Numbers(value)) => Ok(Numbers(before | value)),
        _ => Err(wrong_type()),
    }
}

/// What is left of a set; none where nothing is, for a set is never empty.
fn delete(
    before: Option<&AttributeValue>,
    value: &AttributeValue,
) -> Result<Option<AttributeValue>, Error> {
    use AttributeValue::{Binaries, Numbers, Strings};
    let rest = match (before, value) {
        (None, _) => return Ok(None),
        (Some(Strings(before)), Strings(value)) => Strings(before - value),
        (Some(Binaries(before)), Binaries(value)) => Binaries(before - value),
        (Some(Numbers(before)), Numbers(value)) => Numbers(before - value),
        _ => return Err(wrong_type()),
    };
    let empty = match &rest {
        Strings(set) | Binaries(set) => set.is_empty(),
        Numbers(set) => set.is_empty(),
        _ => false,
    };
    Ok((!empty).then_some(rest))
}

fn wrong_type() -> Error {
    Error::Validation("An operand in the update expression has an incorrect data type".into())
}
