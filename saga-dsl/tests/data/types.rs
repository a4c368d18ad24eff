//! One type for everything that serde's attributes can say, and what each of its fields is.

use std::collections::BTreeMap;
use std::fmt::Debug;

use saga_dsl::prelude::*;
use saga_manifest::expr::Expr;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A type, what its references read, and what is there to read.
pub trait Sample: SagaData + Clone + PartialEq + Debug {
    /// The value, written anew with its struct of references where it has one.
    fn rewrite<'s>(saga: &Flow<'s, '_>, value: Ref<'s, Self>) -> Ref<'s, Self>;
    /// The expressions of references into the value.
    fn read(value: Ref<'_, Self>) -> Vec<Expr>;
    /// That what they read is what serde has read.
    fn compare(&self, read: Vec<Value>);
}

/// Compares as serde does: a struct that is handed on whole may leave out what reads as null.
#[track_caller]
fn same<T: DeserializeOwned + PartialEq + Debug>(field: &str, read: Value, value: &T) {
    let as_read = serde_json::from_value::<T>(read.clone());
    assert_eq!(
        as_read.ok().as_ref(),
        Some(value),
        "`{field}` was read as {read}"
    );
}

macro_rules! samples {
    ($($type:ident { $($($field:tt).+),* $(,)? })*) => {$(
        impl Sample for $type {
            fn rewrite<'s>(saga: &Flow<'s, '_>, value: Ref<'s, Self>) -> Ref<'s, Self> {
                saga.data(*value)
            }

            fn read(value: Ref<'_, Self>) -> Vec<Expr> {
                let _ = value;
                vec![$(value.$($field).+.node().to_expr()),*]
            }

            fn compare(&self, read: Vec<Value>) {
                let mut read = read.into_iter();
                $(same(stringify!($($field).+), read.next().unwrap(), &self.$($field).+);)*
                assert_eq!(read.next(), None);
            }
        }
    )*};
}

macro_rules! enums {
    ($($type:ident),*) => {$(
        impl Sample for $type {
            fn rewrite<'s>(_: &Flow<'s, '_>, value: Ref<'s, Self>) -> Ref<'s, Self> {
                value
            }

            fn read(_: Ref<'_, Self>) -> Vec<Expr> {
                Vec::new()
            }

            fn compare(&self, _: Vec<Value>) {}
        }
    )*};
}

macro_rules! cases {
    ($($module:ident: $rule:literal),*) => {$(
        /// Names by the rule of the module's name.
        pub mod $module {
            use super::*;

            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
            #[serde(rename_all = $rule)]
            #[allow(non_snake_case, reason = "serde has a name for it too")]
            pub struct Fields {
                pub fare: String,
                pub fare_amount: u32,
                pub last_4_digits: u8,
                pub isUTC: bool,
            }

            #[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, SagaData)]
            #[serde(rename_all = $rule)]
            pub enum Variants {
                Failed,
                NotDone,
                Http2Error,
                #[serde(rename = "as it is")]
                Renamed,
            }

            samples! { Fields { fare, fare_amount, last_4_digits, isUTC } }
            enums! { Variants }
        }
    )*};
}

cases! {
    lower: "lowercase",
    upper: "UPPERCASE",
    pascal: "PascalCase",
    camel: "camelCase",
    snake: "snake_case",
    screaming_snake: "SCREAMING_SNAKE_CASE",
    kebab: "kebab-case",
    screaming_kebab: "SCREAMING-KEBAB-CASE"
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Renamed {
    pub fare_id: String,
    #[serde(rename = "Fare Amount")]
    pub fare_amount: i64,
    #[serde(rename(serialize = "to", deserialize = "to"))]
    pub destination: String,
    pub r#type: String,
    pub r#async: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
pub struct Numbers {
    pub small: i8,
    pub large: u64,
    pub fraction: f64,
    pub negative: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
pub struct Optional {
    pub maybe: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<u32>,
    #[serde(default)]
    pub with_default: Option<u32>,
    #[serde(default = "ten")]
    pub ten_where_absent: Option<u32>,
    #[serde(default)]
    pub list: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub short_list: Vec<String>,
    #[serde(default = "standard")]
    pub class: String,
    #[serde(skip)]
    pub cache: u32,
    pub name: Option<Name>,
}

fn ten() -> Option<u32> {
    Some(10)
}

fn standard() -> String {
    "standard".into()
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
pub struct Name {
    pub first: String,
    pub middle: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
#[serde(default)]
pub struct Defaulted {
    pub seats: u32,
    pub class: String,
    #[serde(default)]
    pub own: u32,
    pub maybe: Option<u32>,
}

impl Default for Defaulted {
    fn default() -> Self {
        Self {
            seats: 2,
            class: "first".into(),
            own: 9,
            maybe: Some(4),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
#[serde(default = "two_seats")]
pub struct DefaultedByFunction {
    pub seats: u32,
}

fn two_seats() -> DefaultedByFunction {
    DefaultedByFunction { seats: 2 }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Flattened {
    pub fare_id: String,
    #[serde(flatten)]
    pub route: Route,
    pub paid: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub struct Route {
    pub origin: String,
    #[serde(flatten)]
    pub distance: Distance,
    #[serde(default)]
    pub stops: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
pub struct Distance {
    pub kilometres: u32,
    pub miles: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
pub struct FareId(pub String);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
#[serde(transparent)]
pub struct Wrapped {
    pub name: Name,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
pub struct Nothing;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
pub struct NoFields {}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
pub struct Nested {
    pub id: FareId,
    pub wrapped: Wrapped,
    pub name: Box<Name>,
    pub names: Vec<Name>,
    pub by_id: BTreeMap<String, Name>,
    pub nothing: Nothing,
    pub no_fields: NoFields,
    pub unit: (),
    pub any: Value,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
pub struct Secrets {
    #[saga(sensitive)]
    pub card: String,
    #[saga(sensitive(token))]
    pub expiry: Option<String>,
    #[saga(sensitive(ciphertext))]
    pub name: Name,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
pub enum External {
    Cash,
    Card(Name),
    #[serde(rename = "bank transfer")]
    BankTransfer(FareId),
    Type(u32),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Internal {
    InCash,
    ByCard(Name),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
#[serde(tag = "kind", content = "of", rename_all = "UPPERCASE")]
pub enum Adjacent {
    Cash,
    Card(Name),
    Code(u32),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
pub struct Payments {
    pub first: External,
    pub second: Internal,
    pub third: Option<Adjacent>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
pub struct Leg {
    pub to: String,
    pub next: Option<Box<Self>>,
}

macro_rules! of_type {
    ($type:ty) => {
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
        pub struct OfMacro {
            pub maybe: $type,
        }
    };
}

of_type!(Option<u32>);

samples! {
    Leg { to, next }
    OfMacro { maybe }
    Renamed { fare_id, fare_amount, destination, r#type, r#async }
    Numbers { small, large, fraction, negative }
    Optional { maybe, left_out, with_default, ten_where_absent, list, short_list, class, name }
    Name { first, middle }
    Defaulted { seats, class, own, maybe }
    DefaultedByFunction { seats }
    Flattened { fare_id, route, route.origin, route.distance, route.distance.kilometres,
                route.distance.miles, route.stops, paid }
    Route { origin, distance, stops }
    FareId { 0 }
    Wrapped { name, name.first, name.middle }
    Nothing {}
    NoFields {}
    Nested { id, id.0, wrapped, wrapped.name.first, name.first, name.middle, names, by_id, nothing, no_fields, unit, any }
    Secrets { card, expiry, name }
    Payments { first, second, third }
}

enums! { Internal, Adjacent }

impl Sample for External {
    fn rewrite<'s>(_: &Flow<'s, '_>, value: Ref<'s, Self>) -> Ref<'s, Self> {
        value
    }

    fn read(value: Ref<'_, Self>) -> Vec<Expr> {
        vec![
            value.card.node().to_expr(),
            value.card.map(|card| card.first).node().to_expr(),
            value.bank_transfer.node().to_expr(),
            value.r#type.node().to_expr(),
        ]
    }

    fn compare(&self, read: Vec<Value>) {
        let [card, first, bank_transfer, number] = read.try_into().unwrap();
        let name = match self {
            Self::Card(name) => Some(name.clone()),
            _ => None,
        };
        same(
            "card.first",
            first,
            &name.as_ref().map(|name| name.first.clone()),
        );
        same("card", card, &name);
        let id = match self {
            Self::BankTransfer(id) => Some(id.clone()),
            _ => None,
        };
        same("bank_transfer", bank_transfer, &id);
        let code = match self {
            Self::Type(code) => Some(*code),
            _ => None,
        };
        same("type", number, &code);
    }
}
