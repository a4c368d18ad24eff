//! `saga-cli explain`: prints the page of a rule, or of a kind of file.

use std::io::Write;

use clap::Args;
use saga_asl::lint::Rule;
use saga_asl::rules;
use saga_verify::model::annotations;

use crate::exit::{Exit, Failure};

/// Explain a rule: what it finds, why that is bad, and what to write instead.
#[derive(Debug, Args)]
pub struct Explain {
    /// A rule's code or name, such as `ASL111` or `dangling-target`; `annotations`, for the files of
    /// `verify --annotations`; without one, all rules.
    code: Option<String>,
}

impl Explain {
    /// Prints the page of the rule, or the index of all.
    ///
    /// # Errors
    /// When no rule has that code.
    pub fn run(self, out: &mut dyn Write) -> Result<Exit, Failure> {
        match &self.code {
            None => write!(out, "{}", rules::index())?,
            Some(code) if code == "annotations" => write!(out, "{}", annotations::PAGE)?,
            Some(code) => page(find(code)?, out)?,
        }
        Ok(Exit::Success)
    }
}

fn find(code: &str) -> Result<&'static Rule, Failure> {
    rules::find(code).ok_or_else(|| Failure::Usage {
        message: format!("no rule is called `{code}`"),
        help: match rules::near(code) {
            Some(rule) => format!("did you mean `{}` ({})?", rule.code, rule.name),
            None => "`saga-cli explain` lists all rules".to_owned(),
        },
    })
}

fn page(rule: &Rule, out: &mut dyn Write) -> std::io::Result<()> {
    let (severity, family) = (rule.severity.as_str(), rule.family.as_str());
    writeln!(
        out,
        "# {} {} ({severity}, {family})\n",
        rule.code, rule.name
    )?;
    writeln!(out, "{}", rule.documentation())
}
