//! `#[table(…)]`.

use syn::parse::{Parse, ParseStream};
use syn::{DeriveInput, Ident, LitStr, Token, Type};

use super::isolation::{self, Isolation};
use crate::attribute::keys::{Keys, text, value};
use crate::attribute::origin::Existing;
use crate::problem::{self, Problems};

/// A table that was checked.
pub struct Table {
    /// The type of its items.
    pub item: Type,
    /// Its partition key.
    pub partition_key: Key,
    /// Its sort key.
    pub sort_key: Option<Key>,
    /// Its indexes.
    pub indexes: Vec<Index>,
    /// Where it is, if the stack doesn't create it.
    pub existing: Option<Existing>,
    /// How sagas are kept apart on its items.
    pub isolation: Isolation,
}

/// A key: a field of the item, and its type.
pub struct Key {
    /// The field.
    pub field: Ident,
    /// Its type.
    pub of: Type,
}

/// A global secondary index.
pub struct Index {
    /// Its name.
    pub name: LitStr,
    /// Its partition key.
    pub partition_key: Key,
    /// Its sort key.
    pub sort_key: Option<Key>,
}

const KEYS: Keys = Keys {
    attribute: "table",
    once: &["item", "partition_key", "sort_key", "existing", "isolation"],
    repeated: &["index"],
    refused: &[],
};

const INDEX: Keys = Keys {
    attribute: "index",
    once: &["name", "partition_key", "sort_key"],
    repeated: &[],
    refused: &[],
};

impl Parse for Key {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let field: Ident = input.parse()?;
        if !input.peek(Token![:]) {
            let message = format!("the key `{field}` has no type");
            let help = format!("state the field's type: `{field}: String`");
            return Err(problem::at(&field, message, help));
        }
        input.parse::<Token![:]>()?;
        Ok(Self {
            field,
            of: input.parse()?,
        })
    }
}

/// Reads it.
pub fn read(item: &DeriveInput, problems: &mut Problems) -> Option<Table> {
    let (mut of, mut partition_key, mut sort_key) = (None, None, None);
    let (mut indexes, mut existing, mut isolation) = (Vec::new(), None, None);
    let before = problems.count();
    KEYS.read(&item.attrs, problems, |key, input, problems| {
        match key.to_string().as_str() {
            "item" => of = Some(value(input)?),
            "partition_key" => partition_key = Some(value(input)?),
            "sort_key" => sort_key = Some(value(input)?),
            "isolation" => isolation = Some(value(input)?),
            "index" => indexes.extend(index(key, input, problems)?),
            _ => existing = Existing::parse(key, input, problems)?,
        }
        Ok(())
    });
    if problems.count() == before {
        missing(&item.ident, of.is_none(), partition_key.is_none(), problems);
        if isolation.is_none() {
            let message =
                "a table says how sagas that run at the same time are kept apart on its items";
            problems.at(&item.ident, message, isolation::HELP);
        }
    }
    Some(Table {
        item: of?,
        partition_key: partition_key?,
        sort_key,
        indexes,
        existing,
        isolation: isolation?,
    })
}

fn missing(ident: &Ident, item: bool, partition_key: bool, problems: &mut Problems) {
    if item {
        let help = "add `item = …`, the type of its items";
        problems.at(ident, "a table says what its items hold", help);
    }
    if partition_key {
        let help = "add `partition_key = field: Type`";
        problems.at(ident, "a table has a partition key", help);
    }
}

fn index(
    key: &Ident,
    input: ParseStream<'_>,
    problems: &mut Problems,
) -> syn::Result<Option<Index>> {
    let (mut name, mut partition_key, mut sort_key) = (None, None, None);
    let before = problems.count();
    INDEX.read_nested(input, problems, |key, input, _| {
        match key.to_string().as_str() {
            "name" => name = Some(index_name(input)?),
            "partition_key" => partition_key = Some(value(input)?),
            _ => sort_key = Some(value(input)?),
        }
        Ok(())
    })?;
    match (name, partition_key) {
        (Some(name), Some(partition_key)) => Ok(Some(Index {
            name,
            partition_key,
            sort_key,
        })),
        _ if problems.count() > before => Ok(None),
        _ => Err(problem::at(
            key,
            "an index has a name and a partition key",
            "write `index(name = \"by-…\", partition_key = field: Type)`",
        )),
    }
}

/// 3 to 255 letters, digits, `_`, `-` and `.` (DynamoDB developer guide, "Naming rules").
fn index_name(input: ParseStream<'_>) -> syn::Result<LitStr> {
    let name = text(input, "state the index's name")?;
    let written = name.value();
    let taken = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
    if (3..=255).contains(&written.len()) && written.chars().all(taken) {
        return Ok(name);
    }
    let message = format!("`{written}` cannot be the name of an index");
    let help = "use 3 to 255 letters, digits, `_`, `-` and `.`";
    Err(problem::at(&name, message, help))
}
