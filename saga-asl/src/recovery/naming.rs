//! Which names speak of undoing, and of undoing what.

use crate::words::{Words, same};

/// Verbs that undo, and the verbs that each undoes. An empty list: anything. What begins with
/// `un`, `de` or `dis` undoes the rest of the word besides.
const UNDOES: [(&str, &[&str]); 63] = [
    (
        "abort",
        &[
            "begin", "create", "initiate", "launch", "open", "run", "start",
        ],
    ),
    ("backout", &[]),
    (
        "cancel",
        &[
            "activate",
            "add",
            "apply",
            "arrange",
            "assign",
            "book",
            "buy",
            "confirm",
            "create",
            "dispatch",
            "enrol",
            "enroll",
            "hire",
            "hold",
            "initiate",
            "issue",
            "open",
            "order",
            "place",
            "purchase",
            "register",
            "rent",
            "request",
            "reserve",
            "schedule",
            "send",
            "ship",
            "start",
            "submit",
            "subscribe",
        ],
    ),
    ("close", &["create", "open", "start"]),
    ("compensate", &[]),
    ("counteract", &[]),
    ("countermand", &[]),
    (
        "credit",
        &[
            "bill", "capture", "charge", "collect", "debit", "deduct", "pay", "payment",
            "purchase", "withdraw",
        ],
    ),
    ("deactivate", &["activate", "enable"]),
    ("deallocate", &["allocate", "assign"]),
    ("debit", &["credit", "deposit"]),
    ("decline", &["accept", "approve", "offer", "request"]),
    ("decrement", &["add", "count", "increment", "reserve"]),
    (
        "delete",
        &[
            "add",
            "allocate",
            "append",
            "build",
            "copy",
            "create",
            "deploy",
            "enable",
            "generate",
            "initiate",
            "insert",
            "launch",
            "open",
            "post",
            "provision",
            "publish",
            "put",
            "record",
            "register",
            "save",
            "send",
            "store",
            "upload",
            "write",
        ],
    ),
    ("demote", &["promote"]),
    ("deny", &["allow", "approve", "grant", "permit"]),
    ("deregister", &["register"]),
    (
        "destroy",
        &["build", "create", "generate", "launch", "provision"],
    ),
    ("disable", &["activate", "enable"]),
    (
        "discard",
        &["create", "draft", "generate", "prepare", "stage"],
    ),
    ("downgrade", &["promote", "upgrade"]),
    ("drop", &["add", "create", "enrol", "enroll", "pick"]),
    ("erase", &["record", "save", "store", "write"]),
    ("expire", &["activate", "create", "hold", "issue"]),
    (
        "free",
        &[
            "acquire", "allocate", "assign", "block", "book", "claim", "hold", "lock", "occupy",
            "reserve", "take",
        ],
    ),
    ("increment", &["decrement", "deduct", "reduce", "subtract"]),
    (
        "invalidate",
        &["activate", "create", "generate", "issue", "validate"],
    ),
    (
        "recall",
        &[
            "deliver", "dispatch", "issue", "publish", "release", "send", "ship",
        ],
    ),
    (
        "reclaim",
        &["allocate", "assign", "grant", "lend", "transfer"],
    ),
    ("recover", &["lend", "pay", "payment", "send", "transfer"]),
    (
        "refund",
        &[
            "authorise",
            "authorize",
            "bill",
            "buy",
            "capture",
            "charge",
            "collect",
            "debit",
            "deposit",
            "pay",
            "payment",
            "process",
            "purchase",
            "sell",
            "settle",
            "transfer",
            "withdraw",
        ],
    ),
    (
        "reimburse",
        &[
            "bill", "buy", "capture", "charge", "collect", "debit", "pay", "payment", "purchase",
            "withdraw",
        ],
    ),
    (
        "reinstate",
        &["cancel", "deactivate", "remove", "revoke", "suspend"],
    ),
    (
        "reject",
        &[
            "accept", "approve", "create", "offer", "order", "place", "propose", "request",
            "submit",
        ],
    ),
    (
        "release",
        &[
            "acquire",
            "allocate",
            "assign",
            "block",
            "book",
            "checkout",
            "claim",
            "hold",
            "lock",
            "occupy",
            "pick",
            "pin",
            "reservation",
            "reserve",
            "take",
        ],
    ),
    (
        "remove",
        &[
            "add", "allocate", "append", "assign", "attach", "create", "deploy", "enable", "enrol",
            "enroll", "grant", "insert", "publish", "put", "register", "reserve", "save", "store",
            "upload", "write",
        ],
    ),
    ("repay", &["borrow", "charge", "debit"]),
    (
        "replenish",
        &[
            "consume",
            "decrement",
            "deduct",
            "pick",
            "reduce",
            "reserve",
            "take",
        ],
    ),
    (
        "rescind",
        &["approve", "grant", "issue", "offer", "publish"],
    ),
    ("reset", &["change", "configure", "mark", "set", "update"]),
    (
        "restock",
        &[
            "allocate",
            "commit",
            "consume",
            "decrement",
            "deduct",
            "hold",
            "pick",
            "remove",
            "reserve",
            "ship",
            "take",
        ],
    ),
    (
        "restore",
        &[
            "allocate",
            "archive",
            "change",
            "consume",
            "decrement",
            "deduct",
            "delete",
            "hold",
            "modify",
            "move",
            "pick",
            "remove",
            "replace",
            "reserve",
            "set",
            "subtract",
            "take",
            "update",
            "use",
            "withdraw",
        ],
    ),
    (
        "retract",
        &[
            "announce", "issue", "offer", "post", "propose", "publish", "send", "submit",
        ],
    ),
    (
        "return",
        &[
            "acquire", "borrow", "buy", "collect", "deduct", "deliver", "order", "pay", "payment",
            "pick", "purchase", "receive", "rent", "reserve", "ship", "take", "withdraw",
        ],
    ),
    (
        "reverse",
        &[
            "adjust",
            "apply",
            "book",
            "capture",
            "charge",
            "collect",
            "credit",
            "debit",
            "decrement",
            "deposit",
            "increment",
            "move",
            "pay",
            "payment",
            "post",
            "record",
            "settle",
            "ship",
            "transaction",
            "transfer",
            "update",
            "withdraw",
        ],
    ),
    ("revert", &[]),
    (
        "revoke",
        &[
            "allow", "approve", "assign", "create", "enable", "give", "grant", "issue", "permit",
            "publish", "share",
        ],
    ),
    ("rollback", &[]),
    ("shutdown", &["boot", "launch", "start"]),
    ("stop", &["begin", "enable", "launch", "run", "start"]),
    ("suspend", &["activate", "enable", "resume", "start"]),
    (
        "terminate",
        &[
            "create",
            "hire",
            "launch",
            "open",
            "provision",
            "run",
            "start",
        ],
    ),
    ("unassign", &["allocate", "assign"]),
    ("unblock", &["block", "hold"]),
    ("unbook", &["book"]),
    ("undo", &[]),
    ("unlock", &["acquire", "freeze", "hold", "lock", "reserve"]),
    ("unregister", &["register"]),
    ("unreserve", &["hold", "reserve"]),
    ("unship", &["ship"]),
    ("unwind", &[]),
    (
        "void",
        &[
            "auth",
            "authorise",
            "authorize",
            "bill",
            "capture",
            "charge",
            "create",
            "invoice",
            "issue",
            "pay",
            "payment",
            "post",
            "preauth",
            "preauthorise",
            "preauthorize",
            "sign",
        ],
    ),
    (
        "withdraw",
        &[
            "apply", "credit", "deposit", "enrol", "enroll", "file", "offer", "open", "place",
            "post", "propose", "publish", "register", "request", "submit",
        ],
    ),
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
            ("Dissociate", "Associate"),
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
