//! Values as text.

use std::fmt::{self, Write};

use super::Value;

const INDENT: &str = "  ";

impl Value {
    /// The value as indented text, two spaces a level, without a final newline.
    #[must_use]
    pub fn to_pretty(&self) -> String {
        let mut text = String::new();
        // INVARIANT: writing to a string does not fail.
        let _ = pretty(self, 0, &mut text);
        text
    }
}

impl fmt::Display for Value {
    /// The value as compact text, without any space.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Array(items) => {
                f.write_char('[')?;
                for (index, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if index == 0 { "" } else { "," })?;
                }
                f.write_char(']')
            }
            Self::Object(fields) => {
                f.write_char('{')?;
                for (index, (name, value)) in fields.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { "," })?;
                    quoted(name, f)?;
                    write!(f, ":{value}")?;
                }
                f.write_char('}')
            }
            scalar => write_scalar(scalar, f),
        }
    }
}

fn write_scalar(value: &Value, out: &mut dyn Write) -> fmt::Result {
    match value {
        Value::Bool(value) => write!(out, "{value}"),
        Value::Number(number) => write!(out, "{number}"),
        Value::String(text) => quoted(text, out),
        Value::Null | Value::Array(_) | Value::Object(_) => out.write_str("null"),
    }
}

fn pretty(value: &Value, depth: usize, out: &mut String) -> fmt::Result {
    match value {
        Value::Array(items) if !items.is_empty() => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                new_line(index, depth + 1, out);
                pretty(item, depth + 1, out)?;
            }
            new_line(0, depth, out);
            out.push(']');
            Ok(())
        }
        Value::Object(fields) if !fields.is_empty() => {
            out.push('{');
            for (index, (name, value)) in fields.iter().enumerate() {
                new_line(index, depth + 1, out);
                quoted(name, out)?;
                out.push_str(": ");
                pretty(value, depth + 1, out)?;
            }
            new_line(0, depth, out);
            out.push('}');
            Ok(())
        }
        other => write!(out, "{other}"),
    }
}

fn new_line(index: usize, depth: usize, out: &mut String) {
    out.push_str(if index == 0 { "\n" } else { ",\n" });
    out.extend(std::iter::repeat_n(INDENT, depth));
}

/// Writes a text in quotes, escaping what RFC 8259 says must be.
///
/// # Errors
/// What the stream reports.
pub fn quoted(text: &str, out: &mut dyn Write) -> fmt::Result {
    out.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' => out.write_str("\\\"")?,
            '\\' => out.write_str("\\\\")?,
            '\n' => out.write_str("\\n")?,
            '\r' => out.write_str("\\r")?,
            '\t' => out.write_str("\\t")?,
            control if u32::from(control) < 0x20 => write!(out, "\\u{:04x}", u32::from(control))?,
            other => out.write_char(other)?,
        }
    }
    out.write_char('"')
}
