//! Durations as authors write them: `"10s"`, `"2m"`, `"1h"`, `"14d"`.

use quote::ToTokens;
use syn::{Lit, LitStr};

use crate::problem;

/// Seconds of a day.
const DAY: u32 = 86_400;

/// What durations a setting takes, in seconds.
pub struct Bounds {
    /// The setting, for messages.
    pub of: &'static str,
    /// The least.
    pub least: u32,
    /// The greatest.
    pub greatest: u32,
    /// Where the bounds come from, for the help.
    pub because: &'static str,
}

impl Bounds {
    /// The duration in seconds.
    pub fn seconds(&self, literal: &Lit) -> syn::Result<u32> {
        let Lit::Str(text) = literal else {
            return Err(not_a_duration(
                literal,
                &literal.to_token_stream().to_string(),
            ));
        };
        let seconds = parse(text)?;
        let (of, because) = (self.of, self.because);
        if seconds == 0 && self.least > 0 {
            let help = format!("state at least {}: {because}", spell(self.least));
            return Err(problem::at(text, format!("a {of} of zero"), help));
        }
        if seconds < self.least || seconds > self.greatest {
            let help = format!(
                "state {} to {}: {because}",
                spell(self.least),
                spell(self.greatest)
            );
            let message = format!("a {of} of `{}` is out of bounds", text.value());
            return Err(problem::at(text, message, help));
        }
        Ok(seconds)
    }
}

fn parse(text: &LitStr) -> syn::Result<u32> {
    let written = text.value();
    let digits = written.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = written.split_at_checked(digits).unwrap_or_default();
    let unit = match unit.trim_start() {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => DAY,
        "ms" | "us" | "ns" => {
            let message = format!("`{written}` is not whole seconds");
            return Err(problem::at(
                text,
                message,
                "state whole seconds, as `\"1s\"`",
            ));
        }
        _ => return Err(not_a_duration(text, &written)),
    };
    let number: u32 = number.parse().map_err(|_| not_a_duration(text, &written))?;
    number
        .checked_mul(unit)
        .ok_or_else(|| not_a_duration(text, &written))
}

fn not_a_duration(at: &impl ToTokens, written: &str) -> syn::Error {
    problem::at(
        at,
        format!("`{written}` is not a duration"),
        "state a number and its unit: `\"10s\"`, `\"2m\"`, `\"1h\"`, `\"14d\"`",
    )
}

fn spell(seconds: u32) -> String {
    match seconds {
        0 => "`\"0s\"`".to_owned(),
        _ if seconds.is_multiple_of(DAY) => format!("`\"{}d\"`", seconds / DAY),
        _ if seconds.is_multiple_of(3_600) => format!("`\"{}h\"`", seconds / 3_600),
        _ if seconds.is_multiple_of(60) => format!("`\"{}m\"`", seconds / 60),
        _ => format!("`\"{seconds}s\"`"),
    }
}
