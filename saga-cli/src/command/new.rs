//! `saga-cli new`: a package that builds, runs, verifies and generates as it is.

mod name;
mod template;

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

pub(super) use self::name::Name;
use self::template::Template;
use super::scaffold::{checkout, locked, write};
use crate::exit::{Exit, Failure};

/// Make a new package with a saga in it.
///
/// It builds, runs, verifies and generates as it is; nothing in it has to be deleted.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  saga-cli new orders          the folder `orders`, with the package `orders`
  saga-cli new shop/orders     the same in another folder
  saga-cli new orders --template http")]
pub struct New {
    /// The new package: its name, or a folder whose last part is its name.
    #[arg(value_name = "NAME")]
    folder: PathBuf,
    /// What it begins with.
    #[arg(long, value_enum, default_value_t = Template::Minimal)]
    template: Template,
    /// The checkout of saga whose crates it uses; this program's own, if not stated.
    #[arg(long, value_name = "DIR")]
    checkout: Option<PathBuf>,
}

impl New {
    /// Makes the folder, whole or not at all, and says what can be done with it.
    ///
    /// # Errors
    /// When the name is no package's, the folder is taken or cannot be written, or there is no checkout.
    pub fn run(self, out: &mut dyn Write) -> Result<Exit, Failure> {
        let name = Name::of(&self.folder)?;
        let checkout = checkout(self.checkout.as_deref())?;
        let filled = self.template.fill(&name, &checkout);
        write(&self.folder, filled.chain(locked(&checkout)))?;
        let (folder, target) = (self.folder.display(), self.template.target());
        let entered = match folder.to_string() {
            plain if plain.contains(char::is_whitespace) => format!("\"{plain}\""),
            plain => plain,
        };
        write!(
            out,
            "Made `{folder}`, on the crates of saga in `{checkout}`: they are not published yet.

  cd {entered}
  saga-cli run --input events/completed.json
  saga-cli verify
  saga-cli generate{target} > template.yaml
  cargo test
"
        )?;
        Ok(Exit::Success)
    }
}
