//! What a state's words are turned into while states are compared: small numbers.

use std::collections::HashMap;
use std::sync::Arc;

/// A step instance: a step, with the iteration it is in and the key it goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Instance(pub(crate) u32);

/// A key of a fence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key(u32);

/// What faults are counted for: a state, with the iteration it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Target(u32);

/// Where a call is: the Parallel and Map states around it, each with the branch or the iteration.
pub(crate) type Location = Vec<(Arc<str>, usize)>;

/// All names that an exploration has met.
#[derive(Default)]
pub(crate) struct Names {
    instances: Table<(usize, Location, Key)>,
    keys: Table<String>,
    targets: Table<(usize, Location)>,
}

impl Names {
    pub(crate) fn instance(&mut self, step: usize, location: &Location, key: Key) -> Instance {
        Instance(self.instances.number((step, location.clone(), key)))
    }

    pub(crate) fn key(&mut self, key: String) -> Key {
        Key(self.keys.number(key))
    }

    pub(crate) fn key_text(&self, key: Key) -> &str {
        self.keys.get(key.0).map_or("", String::as_str)
    }

    pub(crate) fn target(&mut self, task: usize, location: &Location) -> Target {
        Target(self.targets.number((task, location.clone())))
    }

    pub(crate) fn location_of(&self, instance: Instance) -> &Location {
        const NONE: &Location = &Vec::new();
        self.instances
            .get(instance.0)
            .map_or(NONE, |(_, location, _)| location)
    }

    pub(crate) fn location_of_target(&self, target: Target) -> &Location {
        const NONE: &Location = &Vec::new();
        self.targets
            .get(target.0)
            .map_or(NONE, |(_, location)| location)
    }

    /// Whether neither of two step instances comes before the other: they are in different branches or
    /// iterations of one state.
    pub(crate) fn concurrent(&self, one: Instance, other: Instance) -> bool {
        let pairs = self.location_of(one).iter().zip(self.location_of(other));
        let mut apart = pairs.skip_while(|(one, other)| one == other);
        apart.next().is_some_and(|(one, other)| one.0 == other.0)
    }
}

/// Values by number.
struct Table<T> {
    numbers: HashMap<Arc<T>, u32>,
    values: Vec<Arc<T>>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            numbers: HashMap::new(),
            values: Vec::new(),
        }
    }
}

impl<T: Eq + std::hash::Hash> Table<T> {
    fn number(&mut self, value: T) -> u32 {
        if let Some(number) = self.numbers.get(&value) {
            return *number;
        }
        let number = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        let value = Arc::new(value);
        self.values.push(Arc::clone(&value));
        self.numbers.insert(value, number);
        number
    }

    fn get(&self, number: u32) -> Option<&T> {
        self.values.get(number as usize).map(|value| &**value)
    }
}

/// The iterations of a location, as they are written: `[2]`.
pub(crate) fn item(location: &Location, maps: impl Fn(&str) -> bool) -> String {
    let iterations = location.iter().filter(|(state, _)| maps(state));
    iterations.map(|(_, index)| format!("[{index}]")).collect()
}
