//! Looks through bytes eight at a time: indentation and plain text are most of a definition.

/// Each byte of a word.
const fn each(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// How many spaces the bytes begin with.
pub(super) fn spaces(bytes: &[u8]) -> usize {
    count(bytes, |word| word ^ each(b' '), |byte| byte != b' ')
}

/// How many bytes a string takes over as they are: up to a quote, an escape or a control character.
pub(super) fn plain(bytes: &[u8]) -> usize {
    // The highest bit of each byte that is below a bound of at most 0x80. What a borrow adds is above
    // a byte that was found, and the lowest counts.
    let below = |word: u64, bound: u8| word.wrapping_sub(each(bound)) & !word & each(0x80);
    let stops = |word: u64| {
        let quote = below(word ^ each(b'"'), 1);
        let escape = below(word ^ each(b'\\'), 1);
        quote | escape | below(word, 0x20)
    };
    count(bytes, stops, |byte| {
        byte < 0x20 || matches!(byte, b'"' | b'\\')
    })
}

/// How many bytes come before the first that stops. `stops` has a bit in the lowest byte of a word
/// that does, and none below it.
fn count(bytes: &[u8], stops: impl Fn(u64) -> u64, stops_at: impl Fn(u8) -> bool) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let found = stops(u64::from_le_bytes(*word));
        if found != 0 {
            return index * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let behind = rest.iter().position(|byte| stops_at(*byte));
    words.len() * 8 + behind.unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::{plain, spaces};

    /// What stops, behind so many bytes that do not, and before what would stop earlier if the order
    /// were wrong.
    #[test]
    fn the_first_that_stops_is_found_wherever_it_is() {
        for before in 0..20 {
            for stop in ["\"", "\\", "\n", "\0", "\u{1f}"] {
                for other in ["a", "é", " ", "\u{7f}", "!", "#", "[", "]"] {
                    let text = other.repeat(before) + stop + "\"\\\n tail of it";
                    assert_eq!(plain(text.as_bytes()), other.len() * before, "{text:?}");
                }
            }
            for stop in ["", "\n", "\t", "!", "a", "\"", "é", "\0", "`"] {
                let text = " ".repeat(before) + stop;
                assert_eq!(spaces(text.as_bytes()), before, "{text:?}");
            }
            assert_eq!(plain("x".repeat(before).as_bytes()), before);
        }
    }
}
