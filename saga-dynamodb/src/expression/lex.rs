//! Expressions as tokens.

/// A token, with the text it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// A name, keyword or function: `fareId`, `AND`, `size`.
    Word(&'t str),
    /// `#name`
    NamePlaceholder(&'t str),
    /// `:value`
    ValuePlaceholder(&'t str),
    /// An index of a list.
    Digits(&'t str),
    /// An operator or bracket.
    Symbol(&'t str),
}

impl<'t> Token<'t> {
    pub(super) fn text(&self) -> &'t str {
        match self {
            Self::Word(text)
            | Self::NamePlaceholder(text)
            | Self::ValuePlaceholder(text)
            | Self::Digits(text)
            | Self::Symbol(text) => text,
        }
    }

    /// Whether it is this keyword, in whatever case.
    pub(super) fn is_keyword(&self, keyword: &str) -> bool {
        matches!(self, Self::Word(word) if word.eq_ignore_ascii_case(keyword))
    }
}

const SYMBOLS: [&str; 14] = [
    "<>", "<=", ">=", "=", "<", ">", "(", ")", "[", "]", ",", ".", "+", "-",
];

/// The tokens of an expression; else the text from the first character that begins none.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, &str> {
    let mut rest = text.trim_start();
    let mut tokens = Vec::new();
    while !rest.is_empty() {
        let (token, after) = token(rest).ok_or(rest)?;
        tokens.push(token);
        rest = after.trim_start();
    }
    Ok(tokens)
}

fn token(rest: &str) -> Option<(Token<'_>, &str)> {
    let first = rest.chars().next()?;
    if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
        let (symbol, after) = rest.split_at_checked(symbol.len())?;
        return Some((Token::Symbol(symbol), after));
    }
    let end = rest
        .char_indices()
        .skip(1)
        .find(|(_, c)| !is_word(*c))
        .map_or(rest.len(), |(index, _)| index);
    let (text, after) = rest.split_at_checked(end)?;
    let token = match first {
        '#' => Token::NamePlaceholder(text),
        ':' => Token::ValuePlaceholder(text),
        c if c.is_ascii_digit() => Token::Digits(text),
        c if c.is_ascii_alphabetic() || c == '_' => Token::Word(text),
        _ => return None,
    };
    Some((token, after))
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
