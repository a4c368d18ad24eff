//! Which states a fault or an answer is for.

use std::sync::Arc;

/// Where a call is made.
#[derive(Clone, Copy, Debug)]
pub struct Site<'s> {
    /// The state machine.
    pub machine: &'s str,
    /// The state.
    pub state: &'s str,
    /// The Map states around it with the index of the iteration, outermost first.
    pub iteration: &'s [(Arc<str>, usize)],
}

/// A state, wherever it is: `State`; in one state machine of several: `Machine/State`; in one iteration of
/// the innermost Map around it, from 0: `State[2]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    machine: Option<String>,
    state: String,
    iteration: Option<usize>,
}

impl Address {
    /// The address that a text is, if it leads to one of the `known` states. A state whose name itself looks
    /// like an address is found by its name.
    #[must_use]
    pub fn find(text: &str, known: &[String]) -> Option<Self> {
        if let Some(address) = Self::of(text, None, known) {
            return Some(address);
        }
        let (state, index) = text.strip_suffix(']')?.rsplit_once('[')?;
        Self::of(state, Some(index.parse().ok()?), known)
    }

    fn of(text: &str, iteration: Option<usize>, known: &[String]) -> Option<Self> {
        let nested = || {
            known
                .iter()
                .any(|name| name.split_once('/').is_some_and(|(_, state)| state == text))
        };
        let listed = known.iter().any(|name| name == text);
        let (machine, state) = match text.split_once('/') {
            Some((machine, state)) if listed => (Some(machine.to_owned()), state),
            _ if listed || nested() => (None, text),
            _ => return None,
        };
        Some(Self {
            machine,
            state: state.to_owned(),
            iteration,
        })
    }

    /// Whether it leads there.
    #[must_use]
    pub fn leads_to(&self, site: &Site<'_>) -> bool {
        let machine = self
            .machine
            .as_ref()
            .is_none_or(|machine| machine == site.machine);
        let innermost = site.iteration.last().map(|(_, index)| *index);
        let iteration = self.iteration.is_none() || self.iteration == innermost;
        machine && iteration && self.state == site.state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_a_state_a_machine_or_an_iteration() {
        let known = ["Book", "Odd[1]", "Ship/Pack"].map(str::to_owned);
        let inside = [("Each".into(), 4), ("All".into(), 2)];
        // The text, the machine and the state, whether it leads there outside and inside of iterations.
        for (text, machine, state, leads) in [
            ("Book", "Trip", "Book", Some([true, true])),
            ("Book[2]", "Trip", "Book", Some([false, true])),
            ("Book[4]", "Trip", "Book", Some([false, false])),
            ("Odd[1]", "Trip", "Odd[1]", Some([true, true])),
            ("Odd[1][2]", "Trip", "Odd[1]", Some([false, true])),
            ("Pack", "Ship", "Pack", Some([true, true])),
            ("Ship/Pack", "Ship", "Pack", Some([true, true])),
            ("Ship/Pack", "Trip", "Pack", Some([false, false])),
            ("Ship/Pack[2]", "Ship", "Pack", Some([false, true])),
            ("Trip/Pack", "Ship", "Pack", None),
            ("Book[x]", "Trip", "Book", None),
            ("Pay", "Trip", "Pay", None),
        ] {
            let found = Address::find(text, &known);
            let led = found.map(|address| {
                [&[][..], &inside].map(|iteration| {
                    address.leads_to(&Site {
                        machine,
                        state,
                        iteration,
                    })
                })
            });
            assert_eq!(led, leads, "{text} in {machine}");
        }
    }
}
