//! Comma-separated values (RFC 4180), as `ItemReader` takes them.

use saga_asl::data::Data;

/// One object for each row, its members named by the headers; values are strings. Fields
/// without a header are left out, missing ones are empty.
pub(super) fn read(text: &str, config: &Data) -> Result<Vec<Data>, String> {
    let mut rows = rows(text, delimiter(config)?).into_iter();
    let headers = match config.get("CSVHeaderLocation").and_then(Data::as_str) {
        Some("GIVEN") => given(config)?,
        _ => rows.next().unwrap_or_default(),
    };
    let item = |row: Vec<String>| {
        let mut fields = row.into_iter();
        let members = headers.iter().map(|header| {
            (
                header.as_str(),
                Data::from(fields.next().unwrap_or_default()),
            )
        });
        Data::object(members)
    };
    Ok(rows.map(item).collect())
}

fn given(config: &Data) -> Result<Vec<String>, String> {
    let headers = config.get("CSVHeaders").and_then(Data::as_array);
    let names = headers.map(|names| names.iter().filter_map(Data::as_str).map(str::to_owned));
    names
        .map(Iterator::collect)
        .ok_or_else(|| "`CSVHeaders` must be given".to_owned())
}

fn delimiter(config: &Data) -> Result<char, String> {
    match config.get("CSVDelimiter").and_then(Data::as_str) {
        None | Some("COMMA") => Ok(','),
        Some("PIPE") => Ok('|'),
        Some("SEMICOLON") => Ok(';'),
        Some("SPACE") => Ok(' '),
        Some("TAB") => Ok('\t'),
        Some(other) => Err(format!("`{other}` is no delimiter")),
    }
}

fn rows(text: &str, delimiter: char) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = vec![String::new()];
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.next_if_eq(&'"').is_some() => push(&mut row, '"'),
            '"' => quoted = !quoted,
            _ if quoted => push(&mut row, letter),
            '\n' => rows.push(std::mem::replace(&mut row, vec![String::new()])),
            '\r' if letters.peek() == Some(&'\n') => {}
            _ if letter == delimiter => row.push(String::new()),
            _ => push(&mut row, letter),
        }
    }
    if row.len() > 1 || row.iter().any(|field| !field.is_empty()) {
        rows.push(row);
    }
    rows
}

fn push(row: &mut [String], letter: char) {
    if let Some(field) = row.last_mut() {
        field.push(letter);
    }
}
