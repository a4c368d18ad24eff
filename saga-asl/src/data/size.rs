use super::{Data, Number};

impl Data {
    /// The length in bytes of the value as compact JSON in UTF-8: what Step Functions'
    /// payload quota counts.
    pub fn size(&self) -> usize {
        match self {
            Data::Null | Data::Bool(true) => 4,
            Data::Bool(false) => 5,
            Data::Number(number) => digits(number),
            Data::String(text) => quoted(text),
            Data::Array(items) => enclosed(items.iter().map(Data::size), items.len()),
            Data::Object(members) => {
                let sizes = members
                    .iter()
                    .map(|(key, value)| quoted(key) + 1 + value.size());
                enclosed(sizes, members.len())
            }
        }
    }
}

/// Parts with commas between them and a bracket on each side.
fn enclosed(sizes: impl Iterator<Item = usize>, count: usize) -> usize {
    2 + count.saturating_sub(1) + sizes.sum::<usize>()
}

fn digits(number: &Number) -> usize {
    match number.as_u64() {
        Some(0) => 1,
        Some(whole) => whole.ilog10() as usize + 1,
        None => number.to_string().len(),
    }
}

/// A string with its quotes and escapes, as `serde_json` writes it.
fn quoted(text: &str) -> usize {
    let escape = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 1,
        0..0x20 => 5,
        _ => 0,
    };
    2 + text.len() + text.bytes().map(escape).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::Data;

    #[test]
    fn the_size_is_that_of_the_text() {
        for text in [
            "null",
            "true",
            "false",
            "0",
            "7",
            "10",
            "-3",
            "1.5",
            "18446744073709551615",
            "\"\"",
            r#""a\"b\\c\n\u0001é""#,
            "[]",
            "[1]",
            "[1,[2,3]]",
            "{}",
            r#"{"a":1,"b":{"c":null}}"#,
        ] {
            let data = Data::parse(text).unwrap();
            assert_eq!(data.size(), data.to_string().len(), "{text}");
        }
    }
}
