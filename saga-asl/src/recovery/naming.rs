//! Which names speak of undoing, and of undoing what.

mod verbs;

use self::verbs::UNDOES;
use crate::words::{Words, same};

/// Verbs of work that only looks.
const LOOKS: [&str; 24] = [
    "analyse",
    "analyze",
    "calculate",
    "check",
    "classify",
    "compute",
    "describe",
    "detect",
    "estimate",
    "evaluate",
    "fetch",
    "find",
    "get",
    "inspect",
    "list",
    "load",
    "lookup",
    "parse",
    "poll",
    "query",
    "read",
    "search",
    "validate",
    "verify",
];

/// Words of work that only tells somebody something.
const TELLS: [&str; 12] = [
    "alert",
    "announce",
    "audit",
    "email",
    "inform",
    "log",
    "message",
    "notification",
    "notify",
    "publish",
    "report",
    "sms",
];

/// How a name undoes.
#[derive(Debug)]
pub(super) struct Undoing<'w> {
    how: How<'w>,
    /// What is undone, as far as the name says it.
    pub(super) of: Vec<&'w str>,
}

/// What a verb says of what it undoes.
#[derive(Debug, Clone, Copy)]
enum How<'w> {
    /// It is in the table, and undoes these verbs.
    Known(&'static [&'static str]),
    /// It turns that one round, where there is such an effect: `deprovision`, `unenroll`.
    Turned(&'w str),
}

/// How a name undoes, where it does.
pub(super) fn undoing(words: &Words) -> Option<Undoing<'_>> {
    let known = words.telling().enumerate().find_map(|(index, word)| {
        let known = UNDOES.iter().find(|(verb, _)| same_verb(word, verb));
        known.map(|(_, undoes)| (index, How::Known(undoes)))
    });
    let turned = || {
        let mut all = words.telling().enumerate();
        all.find_map(|(index, word)| turned(word).map(|verb| (index, How::Turned(verb))))
    };
    let (verb, how) = known.or_else(turned)?;
    let others = words.telling().enumerate();
    let of = others.filter(|(index, _)| *index != verb);
    Some(Undoing {
        how,
        of: of.map(|(_, word)| word).collect(),
    })
}

/// The verb that a word turns round, if it is such a word. `deliver` looks like one too.
fn turned(word: &str) -> Option<&str> {
    const SHORTEST: usize = 4;
    let prefixes = ["un", "de", "dis"].into_iter();
    let mut verbs = prefixes.filter_map(|prefix| word.strip_prefix(prefix));
    verbs.find(|verb| verb.len() >= SHORTEST)
}

/// Whether a word is a form of a verb: `Cancelled`, `Refunding`.
fn same_verb(word: &str, verb: &str) -> bool {
    word == verb || (word.len() > verb.len() && verb.len() > 4 && same(word, verb))
}

impl Undoing<'_> {
    /// How well an effect fits whose name has these words: 0 is not at all.
    pub(super) fn fits(&self, words: &Words) -> usize {
        let shared = self
            .of
            .iter()
            .filter(|word| words.telling().any(|other| same(word, other)))
            .count();
        let verb = words.telling().any(|word| match self.how {
            How::Known(undoes) => undoes.iter().any(|verb| same(word, verb)),
            How::Turned(verb) => same(word, verb),
        });
        match self.how {
            How::Turned(_) if !verb => 0,
            _ => 2 * shared + usize::from(verb),
        }
    }

    /// Whether the name has every word of an effect's: `UndoCharge` is of `Charge` before it is of `ChargeAgain`.
    pub(super) fn names_all_of(&self, words: &Words) -> bool {
        let mut words = words.telling();
        words.all(|word| self.of.iter().any(|own| same(own, word)))
    }

    /// Whether the name says nothing of what is undone: then it undoes everything.
    pub(super) fn is_general(&self) -> bool {
        self.of.is_empty() && matches!(self.how, How::Known([]))
    }
}

/// Whether a name speaks of work that only looks.
pub(super) fn looks(words: &Words) -> bool {
    words
        .iter()
        .next()
        .is_some_and(|word| LOOKS.contains(&word))
}

/// Whether a name speaks of work that only tells somebody something.
pub(super) fn tells(words: &Words) -> bool {
    words.iter().any(|word| TELLS.contains(&word))
}

/// Whether a name says that somebody else takes over: a parked compensation, a person.
pub(super) fn hands_over(words: &Words) -> bool {
    const OVER: [&str; 6] = [
        "park",
        "parked",
        "manual",
        "escalate",
        "intervention",
        "operator",
    ];
    words.iter().any(|word| OVER.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::{Words, undoing};

    /// How well an undo fits an effect.
    fn fits(undo: &str, effect: &str) -> usize {
        undoing(&Words::of(undo)).map_or(0, |undoing| undoing.fits(&Words::of(effect)))
    }

    #[test]
    fn undos_fit_their_effects() {
        for (undo, effect) in [
            ("RefundPayment", "ChargePayment"),
            ("RefundPayment", "ProcessPayment"),
            ("Refund Card", "charge_card"),
            ("ReleaseInventory", "ReserveInventory"),
            ("CancelFlight", "BookFlight"),
            ("CancelHotelBooking", "BookHotel"),
            ("UndoReserveStock", "ReserveStock"),
            ("VoidAuthorization", "AuthorizeCard"),
            ("Refund", "Charge"),
            ("ReverseEntry", "PostEntry"),
            ("DeprovisionDatabase", "ProvisionDatabase"),
            ("unenroll customer", "enroll customer"),
            ("Disassociate", "Associate"),
            ("StopServer", "StartServer"),
            ("RejectOrder", "PlaceOrder"),
            ("Deliver Rollback", "Deliver"),
            ("VoidAuth", "AuthorizeCard"),
        ] {
            assert!(fits(undo, effect) > 0, "{undo} {effect}");
        }
        for (undo, effect) in [
            ("CancelFlight", "ReserveHotel"),
            ("NotifyFailure", "ChargeCard"),
            ("ReleaseInventory", "ChargePayment"),
            ("DeliverNotice", "WriteNotice"),
            ("DescribeOrder", "ScribeNote"),
        ] {
            let own = fits(undo, effect);
            assert!(own < 2, "{undo} {effect} {own}");
        }
    }
}
