/// The operators, longer ones first, with their power to bind what stands to their left
/// (the table of jsonata.org's reference parser, version 2.0).
pub(super) const OPERATORS: [(&str, u8); 33] = [
    ("..", 20),
    (":=", 10),
    ("!=", 40),
    (">=", 40),
    ("<=", 40),
    ("**", 60),
    ("~>", 40),
    (".", 75),
    ("[", 80),
    ("]", 0),
    ("{", 70),
    ("}", 0),
    ("(", 80),
    (")", 0),
    (",", 0),
    ("@", 80),
    ("#", 80),
    (";", 0),
    (":", 0),
    ("?", 20),
    ("+", 50),
    ("-", 50),
    ("*", 60),
    ("/", 60),
    ("%", 60),
    ("|", 0),
    ("=", 40),
    ("<", 40),
    (">", 40),
    ("^", 40),
    ("&", 50),
    ("!", 0),
    ("~", 0),
];

/// The operators that are words.
pub(super) const WORDS: [(&str, u8); 3] = [("and", 30), ("or", 25), ("in", 40)];

/// How strongly `operator` binds what stands to its left; 0 if it is no infix operator.
pub(super) fn binding_power(operator: &str) -> u8 {
    OPERATORS
        .into_iter()
        .chain(WORDS)
        .find_map(|(known, power)| (known == operator).then_some(power))
        .unwrap_or(0)
}

/// Whether a character ends a name.
pub(super) fn ends_name(c: char) -> bool {
    c.is_whitespace() || "\"'`.[]{}(),@#;:?+-*/%|=<>^&!~".contains(c)
}
