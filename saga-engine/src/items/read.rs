use saga_asl::data::Data;

use super::csv;

/// The items in a file, as `config` (a `ReaderConfig`) says they are encoded.
///
/// # Errors
/// A cause for `States.ItemReaderFailed`.
pub fn read(bytes: &[u8], config: &Data) -> Result<Vec<Data>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "the file is not UTF-8".to_owned())?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match config
        .get("InputType")
        .and_then(Data::as_str)
        .unwrap_or("JSON")
    {
        "CSV" => csv::read(text, config),
        "JSONL" => json_lines(text),
        "JSON" => json(text, config),
        "MANIFEST" => csv::read(
            text,
            &Data::object([("CSVHeaderLocation", "FIRST_ROW".into())]),
        ),
        other => Err(format!("the input type `{other}` is not supported here")),
    }
}

/// A JSON array, or the one that `ItemsPointer` (RFC 6901) leads to.
fn json(text: &str, config: &Data) -> Result<Vec<Data>, String> {
    let data = Data::parse(text).map_err(|error| format!("the file is not valid JSON: {error}"))?;
    let pointer = config
        .get("ItemsPointer")
        .and_then(Data::as_str)
        .unwrap_or("");
    match follow(&data, pointer) {
        Some(Data::Array(items)) => Ok(items.to_vec()),
        _ => Err("Attempting to map over non-iterable node.".to_owned()),
    }
}

fn follow<'d>(data: &'d Data, pointer: &str) -> Option<&'d Data> {
    pointer.split('/').skip(1).try_fold(data, |data, token| {
        let token = token.replace("~1", "/").replace("~0", "~");
        match data {
            Data::Array(items) => items.get(token.parse::<usize>().ok()?),
            _ => data.get(&token),
        }
    })
}

fn json_lines(text: &str) -> Result<Vec<Data>, String> {
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            Data::parse(line)
                .map_err(|error| format!("line {} is not valid JSON: {error}", number + 1))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Data, read};

    fn check(text: &str, config: &str, expected: &str) {
        let found = match read(text.as_bytes(), &Data::parse(config).unwrap()) {
            Ok(items) => Data::array(items).to_string(),
            Err(cause) => format!("! {cause}"),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn reads_each_type_of_file() {
        for (text, config, expected) in [
            ("[1,{\"a\":2}]", r#"{"InputType":"JSON"}"#, r#"[1,{"a":2}]"#),
            (
                r#"{"a":{"b":[3]}}"#,
                r#"{"InputType":"JSON","ItemsPointer":"/a/b"}"#,
                "[3]",
            ),
            (
                "{\"a\":1}",
                "{}",
                "! Attempting to map over non-iterable node.",
            ),
            (
                "{\"a\":1}\n\n[2]\n",
                r#"{"InputType":"JSONL"}"#,
                r#"[{"a":1},[2]]"#,
            ),
            (
                "a,b\r\n1,\"x, \"\"y\"\"\"\r\n2\r\n",
                r#"{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}"#,
                r#"[{"a":"1","b":"x, \"y\""},{"a":"2","b":""}]"#,
            ),
            (
                "1;2;3\n4;5;6",
                r#"{"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["H"],"CSVDelimiter":"SEMICOLON"}"#,
                r#"[{"H":"1"},{"H":"4"}]"#,
            ),
        ] {
            check(text, config, expected);
        }
    }
}
