//! Asking before something changes.

use std::io::{BufRead as _, IsTerminal as _, Write};

use crate::exit::Failure;

/// Whether whoever sits at the terminal agrees. `yes` agrees beforehand.
///
/// # Errors
/// When nobody can be asked.
pub fn is_agreed(question: &str, yes: bool, out: &mut dyn Write) -> Result<bool, Failure> {
    out.flush()?;
    if yes {
        return Ok(true);
    }
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return Err(Failure::Usage {
            message: "nobody can be asked: the input is no terminal".to_owned(),
            help: "`--yes` does it without asking".to_owned(),
        });
    }
    write!(out, "{question} [y/N] ")?;
    out.flush()?;
    let mut line = String::new();
    stdin.lock().read_line(&mut line)?;
    Ok(matches!(line.trim(), "y" | "Y" | "yes"))
}
