//! Random sagas that a random saga runs, and what all of them have together.

use std::collections::BTreeSet;

use saga_manifest::expr::{Expr, ObjectField};
use saga_manifest::place::Place;
use saga_manifest::saga::Saga;

use crate::flow::{Around, Size, Writer};
use crate::input;
use crate::reads::field;
use crate::saga;

/// What the sagas of a package have together.
#[derive(Debug, Default)]
pub struct Package {
    number: u64,
    /// The sagas that others run.
    pub sagas: Vec<Saga>,
    /// The handlers without a fence.
    pub unfenced: BTreeSet<String>,
}

/// Where a saga may write rows, so that no two of its step instances write the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    /// Everywhere.
    Anywhere,
    /// In no map: an item's own path is taken by that of the item that the saga is run for.
    OutsideOfMaps,
    /// Nowhere: the saga is run for the items of several maps, or for several tries.
    Nowhere,
}

/// Seconds that a saga may take that runs no other, and one that does.
const TIMES: [u32; 2] = [200_000, 40_000_000];

/// A saga that another one runs.
pub(crate) struct Child {
    pub(crate) name: String,
    pub(crate) input: Expr,
    pub(crate) timeout_seconds: u32,
}

impl Writer {
    /// Whether there is room for a saga that this one runs.
    pub(crate) fn may_nest(&self) -> bool {
        self.sagas_left > 0 && self.steps_left > 1
    }

    /// Writes a saga that this one runs.
    pub(crate) fn child(&mut self, only_forward: bool, around: &Around) -> Child {
        let steps = self.dice.between(2, 6).min(self.steps_left);
        let size = Size {
            steps,
            depth: self.dice.below(3),
            sagas: self.sagas_left - 1,
            services: self.services,
        };
        let name = self.name("Trip");
        // It is run for each try of a savepoint, and whoever undoes it does not give its rows free.
        let rows = match (self.rows, &around.map) {
            _ if around.savepoints > 0 => Rows::Nowhere,
            (rows, None) => rows,
            (Rows::Anywhere, Some(_)) => Rows::OutsideOfMaps,
            _ => Rows::Nowhere,
        };
        let mut writer = Self {
            package: std::mem::take(&mut self.package),
            only_forward,
            rows,
            ..Self::new(self.dice.below(u64::MAX), size)
        };
        let body = writer.body(size.depth);
        let told = saga::notifications(&mut writer);
        self.package = writer.package;
        self.package.sagas.push(saga::saga(&name, body, told));
        self.steps_left = self.steps_left.saturating_sub(steps);
        let runs_others = usize::from(size.sagas > 0);
        Child {
            name,
            input: handed_on(around),
            timeout_seconds: TIMES.get(runs_others).copied().unwrap_or_default(),
        }
    }
}

impl Around {
    /// What tells a step instance here from those of the same step for other items.
    pub(crate) fn path(&self) -> Expr {
        match &self.map {
            Some(map) => field(Expr::Item(map.clone()), input::ID),
            None => field(Expr::Input, input::PATH),
        }
    }
}

/// The saga's input, with where it is run.
fn handed_on(around: &Around) -> Expr {
    let plain = |name: String| ObjectField {
        value: field(Expr::Input, &name),
        name,
        skip_null: false,
    };
    let path = ObjectField {
        name: input::PATH.into(),
        value: around.path(),
        skip_null: false,
    };
    Expr::Object(input::names().map(plain).chain([path]).collect())
}

impl Package {
    /// The next word for a name.
    pub(crate) fn word(&mut self) -> String {
        self.number += 1;
        capitalized(&word(self.number))
    }

    pub(crate) fn place(&self) -> Place {
        Place {
            file: "src/random.rs".into(),
            line: u32::try_from(self.number).unwrap_or(u32::MAX),
            column: 1,
        }
    }
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// A word for a number. Linters tell by words of names what undoes what, and take numbers for such.
fn word(number: u64) -> String {
    const STARTS: [&str; 10] = ["b", "d", "f", "g", "k", "l", "m", "n", "r", "t"];
    const VOWELS: [&str; 10] = ["a", "e", "i", "o", "u", "au", "ea", "ie", "oa", "ui"];
    let part = |number: u64| {
        let digit = |number: u64| usize::try_from(number % 10).unwrap_or_default();
        let start = STARTS.get(digit(number / 10)).unwrap_or(&"");
        let vowel = VOWELS.get(digit(number)).unwrap_or(&"");
        format!("{start}{vowel}")
    };
    format!("{}{}", part(number), part(number / 100))
}
