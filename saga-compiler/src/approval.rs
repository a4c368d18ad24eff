//! The code that answers an approval: a task token in a form that survives mail, chat and shells.
//!
//! `saga1.<length>.<check>.<body>`: the token's length in characters, the first 16 hexadecimal digits of
//! its SHA-256, and the token itself in base64url without padding (RFC 4648, section 5). All characters
//! are unreserved in URLs (RFC 3986, section 2.3) and plain to shells. A code that was cut off, or in
//! which a character changed, is told from a whole one before anything is sent; that nobody guesses one
//! is the token's merit. The state machine makes it with functions of JSONata; [`encode`] says what it
//! makes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// What the code is handed to.
pub const COMMAND: &str = "saga-cli approve ";

/// The format's name, which every code begins with.
pub const VERSION: &str = "saga1";

/// Hexadecimal digits of the check.
pub const CHECK: usize = 16;

/// Why a text is no code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// It does not look like one.
    #[error("this is no approval code: one begins with `{VERSION}.`")]
    NotACode,
    /// Something is missing at its end, or was added there.
    #[error("the code is {found} characters long where it should be {expected}")]
    Length {
        /// The characters of its body.
        found: usize,
        /// Those that it says it has.
        expected: usize,
    },
    /// Some of it is not what was sent.
    #[error("a part of the code was changed on its way")]
    Changed,
}

impl CodeError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotACode => "copy the whole of `answer.code` from the message",
            Self::Length { .. } => "copy it anew, to its end: some programs cut long lines off",
            Self::Changed => "copy it anew from the message",
        }
    }
}

/// The code of a task token.
#[must_use]
pub fn encode(token: &str) -> String {
    let length = token.chars().count();
    let body = URL_SAFE_NO_PAD.encode(token);
    format!("{VERSION}.{length}.{}.{body}", check(token))
}

/// The task token of a code. White space in it is what mail programs break lines with, and left out.
///
/// # Errors
/// When the text is no code, or not the whole of one.
pub fn decode(code: &str) -> Result<String, CodeError> {
    let code: String = code.split_whitespace().collect();
    let mut parts = code.splitn(4, '.');
    let mut part = || parts.next().ok_or(CodeError::NotACode);
    let (version, length, sum, body) = (part()?, part()?, part()?, part()?);
    let length: usize = length.parse().map_err(|_| CodeError::NotACode)?;
    if version != VERSION {
        return Err(CodeError::NotACode);
    }
    let expected = URL_SAFE_NO_PAD.encode(vec![0; length.min(MOST)]).len();
    let found = body.len();
    if found != expected {
        return Err(CodeError::Length { found, expected });
    }
    let token = URL_SAFE_NO_PAD.decode(body).ok();
    let token = token.and_then(|bytes| String::from_utf8(bytes).ok());
    token
        .filter(|token| check(token) == sum)
        .ok_or(CodeError::Changed)
}

/// The longest task token, in characters (API reference, `SendTaskSuccess`).
const MOST: usize = 2048;

fn check(token: &str) -> String {
    let digest = Sha256::digest(token);
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.chars().take(CHECK).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "AQCEAAAAKgAAAAMAAAAAAAAAAR+/x==";

    #[test]
    fn a_code_gives_its_token_back() {
        for token in ["", "a", "ab", "abc", TOKEN, &TOKEN.repeat(64)] {
            let code = encode(token);
            assert_eq!(decode(&code).as_deref(), Ok(token), "{code}");
            let unreserved = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
            assert!(code.chars().all(unreserved), "{code}");
        }
    }

    #[test]
    fn lines_that_were_broken_are_joined() {
        let code = encode(TOKEN);
        let (start, end) = code.split_at(30);
        assert_eq!(
            decode(&format!(" {start}\r\n  {end}\n")).as_deref(),
            Ok(TOKEN)
        );
    }

    /// Every single slip of a hand or a program is seen.
    #[test]
    fn a_code_that_was_mangled_is_refused() {
        let code = encode(TOKEN);
        for position in 0..code.len() {
            let (start, end) = code.split_at(position);
            assert!(decode(start).is_err(), "cut off at {position}");
            assert!(
                decode(end).is_err() || position == 0,
                "begins at {position}"
            );
            for other in ["A", "z", "0", "-", ".", "é"] {
                let rest = end.get(1..).unwrap_or_default();
                let changed = format!("{start}{other}{rest}");
                assert!(changed == code || decode(&changed).is_err(), "{changed}");
            }
        }
        assert!(decode(&format!("{code}A")).is_err());
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(decode("hello"), Err(CodeError::NotACode));
        assert_eq!(decode("saga2.1.0.a"), Err(CodeError::NotACode));
        let code = encode("abc");
        let cut = code.get(..code.len() - 1).unwrap();
        let (found, expected) = (3, 4);
        assert_eq!(decode(cut), Err(CodeError::Length { found, expected }));
        assert_eq!(
            decode(&code.replace("YWJj", "YWJk")),
            Err(CodeError::Changed)
        );
    }

    /// The format is a contract with the state machines that are deployed.
    #[test]
    fn the_format_is_this() {
        assert_eq!(encode("abc+/?"), "saga1.6.d10fc542b85d7bc2.YWJjKy8_");
    }
}
