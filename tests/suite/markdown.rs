//! Texts in Markdown, whose blocks are executed. Shared with the guide's suite.

/// The fenced blocks of a text, with their languages, in order.
pub fn blocks(text: &str) -> Vec<(String, String)> {
    let (mut blocks, mut open) = (Vec::new(), None::<(String, String)>);
    for line in text.lines() {
        match (open.take(), line.strip_prefix("```")) {
            (None, Some(language)) => open = Some((language.to_owned(), String::new())),
            (None, None) => {}
            (Some(block), Some(_)) => blocks.push(block),
            (Some((language, block)), None) => open = Some((language, format!("{block}{line}\n"))),
        }
    }
    blocks
}

/// The blocks of one language, in order.
pub fn blocks_of(language: &str, text: &str) -> Vec<String> {
    let blocks = blocks(text).into_iter();
    let blocks = blocks.filter(|(of, _)| of == language);
    blocks.map(|(_, block)| block).collect()
}
