//! Which names speak of undoing, and of undoing what.

use crate::words::{Words, same};

/// Verbs that undo, and the verbs that each undoes. An empty list: anything.
const UNDOES: [(&str, &[&str]); 31] = [
    (
        "cancel",
        &[
            "book",
            "order",
            "create",
            "place",
            "schedule",
            "submit",
            "start",
            "ship",
            "request",
            "reserve",
            "arrange",
            "dispatch",
            "buy",
            "purchase",
            "subscribe",
            "confirm",
        ],
    ),
    ("compensate", &[]),
    ("credit", &["debit", "charge", "withdraw"]),
    ("deallocate", &["allocate", "assign"]),
    ("deactivate", &["activate", "enable"]),
    ("decrement", &["increment"]),
    (
        "delete",
        &[
            "create", "add", "put", "insert", "register", "store", "save", "upload", "write",
            "record",
        ],
    ),
    ("deregister", &["register"]),
    ("disable", &["enable", "activate"]),
    ("free", &["reserve", "hold", "allocate", "lock", "block"]),
    ("recall", &["ship", "send", "dispatch"]),
    (
        "refund",
        &[
            "charge", "pay", "payment", "debit", "capture", "collect", "bill", "purchase", "buy",
        ],
    ),
    ("reimburse", &["charge", "pay", "payment", "debit"]),
    (
        "release",
        &[
            "reserve",
            "hold",
            "allocate",
            "lock",
            "block",
            "acquire",
            "claim",
            "reservation",
        ],
    ),
    (
        "remove",
        &["add", "create", "put", "insert", "register", "attach"],
    ),
    ("restock", &["reserve", "deduct", "allocate", "pick"]),
    (
        "restore",
        &["deduct", "update", "reserve", "delete", "archive", "move"],
    ),
    ("return", &["take", "withdraw", "borrow", "deduct"]),
    (
        "reverse",
        &[
            "post", "credit", "record", "book", "transfer", "charge", "update", "debit", "pay",
            "payment",
        ],
    ),
    ("revert", &[]),
    ("revoke", &["grant", "issue", "approve", "assign"]),
    ("rollback", &[]),
    ("unassign", &["assign", "allocate"]),
    ("unblock", &["block", "hold"]),
    ("unbook", &["book"]),
    ("undo", &[]),
    ("unlock", &["lock"]),
    ("unregister", &["register"]),
    ("unreserve", &["reserve", "hold"]),
    (
        "void",
        &[
            "authorize",
            "authorise",
            "preauthorize",
            "preauthorise",
            "preauth",
            "auth",
            "issue",
            "capture",
            "charge",
        ],
    ),
    ("withdraw", &["submit", "deposit", "apply"]),
];

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
    undoes: &'static [&'static str],
    /// What is undone, as far as the name says it.
    pub(super) of: Vec<&'w str>,
}

/// How a name undoes, where it does.
pub(super) fn undoing(words: &Words) -> Option<Undoing<'_>> {
    let found = words.telling().enumerate().find_map(|(index, word)| {
        let known = UNDOES.iter().find(|(verb, _)| same_verb(word, verb));
        known.map(|(_, undoes)| (index, *undoes))
    });
    let (verb, undoes) = found?;
    let others = words.telling().enumerate();
    let of = others.filter(|(index, _)| *index != verb);
    Some(Undoing {
        undoes,
        of: of.map(|(_, word)| word).collect(),
    })
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
        let verb = words
            .telling()
            .any(|word| self.undoes.iter().any(|verb| same(word, verb)));
        2 * shared + usize::from(verb)
    }

    /// Whether the name says nothing of what is undone: then it undoes everything.
    pub(super) fn is_general(&self) -> bool {
        self.of.is_empty() && self.undoes.is_empty()
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
        ] {
            assert!(fits(undo, effect) > 0, "{undo} {effect}");
        }
        for (undo, effect) in [
            ("CancelFlight", "ReserveHotel"),
            ("NotifyFailure", "ChargeCard"),
            ("ReleaseInventory", "ChargePayment"),
        ] {
            let own = fits(undo, effect);
            assert!(own < 2, "{undo} {effect} {own}");
        }
    }
}
