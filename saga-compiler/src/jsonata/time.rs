//! Times in RFC 3339 as instants, by an expression that takes any text and never fails.

use super::Term;

/// What a text must match to be a time: RFC 3339, section 5.6, with the days that its month has in its
/// year. So `$toMillis` is never given what some implementation of it may refuse or read as another
/// day. A leap second is no time: no clock here could tell it from the second before.
const TIME: &str = concat!(
    "^(?:[0-9]{4}-(?:",
    "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])",
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)",
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))",
    "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)",
    "[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]+)?",
    "(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$",
);

/// A function from anything to the milliseconds since 1970 that it means, rounded down; to null where
/// it is no time. The match must be the whole text, since to some engines `$` is also the place before
/// a last line feed.
pub(super) fn instant() -> Term {
    Term::primary(format!(
        "function($text) {{ $type($text) = \"string\" ? \
         ($match($text, /{TIME}/)[0].match = $text ? \
         $toMillis($uppercase($replace($text, /([.][0-9]{{3}})[0-9]+/, \"$1\"))) : null) : null }}"
    ))
}
