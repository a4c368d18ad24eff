//! Colours by what they mean. A stream that is no terminal drops them.

/// What a piece of text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It went well.
    Good,
    /// It needs attention.
    Warning,
    /// It went wrong.
    Bad,
    /// A name to find again.
    Name,
    /// A detail.
    Quiet,
}

impl Tone {
    /// The text in its colour.
    pub fn paint(self, text: &str) -> String {
        let code = match self {
            Self::Good => "32",
            Self::Warning => "33",
            Self::Bad => "31",
            Self::Name => "1",
            Self::Quiet => "2",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}
