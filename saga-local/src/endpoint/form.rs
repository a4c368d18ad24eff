//! The query protocol's requests.

use std::fmt::Write as _;

/// Fields as `application/x-www-form-urlencoded`.
pub(super) fn encoded(fields: &[(String, String)]) -> Vec<u8> {
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
        .collect();
    pairs.join("&").into_bytes()
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                escaped.push(char::from(byte));
            }
            // Writing to a text cannot fail.
            byte => drop(write!(escaped, "%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_escaped() {
        let fields = [
            ("Action".to_owned(), "Publish".to_owned()),
            ("M".to_owned(), "{\"é\": 1}".to_owned()),
        ];
        assert_eq!(
            encoded(&fields),
            b"Action=Publish&M=%7B%22%C3%A9%22%3A%201%7D"
        );
    }
}
