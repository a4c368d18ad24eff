//! `#[step(…)]`.

use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, Lit, LitStr, Token, Type};

use super::bounds;
use super::environment::{Secret, Variable};
use super::uses::Use;
use crate::attribute::keys::{Keys, text, value};
use crate::problem::{self, Problems};

/// What `#[step(…)]` says.
#[derive(Default)]
pub struct Step {
    /// The type of its output.
    pub output: Option<Type>,
    /// The type of its errors.
    pub error: Option<Type>,
    /// The steps that undo it.
    pub compensations: Vec<Type>,
    /// The application state of its handler.
    pub app: Option<Type>,
    /// Its time in seconds.
    pub timeout: Option<u32>,
    /// Its function's memory in MiB.
    pub memory: Option<u32>,
    /// Invocations at a time.
    pub concurrency: Option<u32>,
    /// Its name.
    pub name: Option<LitStr>,
    /// Its function's environment.
    pub environment: Vec<Variable>,
    /// Its function's secrets.
    pub secrets: Vec<Secret>,
    /// Why its effect needs no fence.
    pub unfenced: Option<LitStr>,
    /// The resources that its handler uses.
    pub uses: Vec<Use>,
}

const KEYS: Keys = Keys {
    attribute: "step",
    once: &[
        "output",
        "error",
        "app",
        "timeout",
        "memory",
        "concurrency",
        "name",
        "unfenced",
    ],
    repeated: &["compensation", "compensations", "env", "secrets", "uses"],
    refused: &[(
        "heartbeat",
        "a Lambda function sends no heartbeats: `timeout` bounds how long it is waited for",
    )],
};

/// What to state beside `unfenced`.
const UNFENCED: &str = "say what makes the step idempotent by nature: \
     `unfenced = \"naturally idempotent because …\"`; or leave it out, and its effect is fenced";

impl Step {
    /// Reads it.
    pub fn read(attrs: &[Attribute], problems: &mut Problems) -> Self {
        let mut step = Self::default();
        KEYS.read(attrs, problems, |key, input, problems| {
            step.entry(key, input, problems)
        });
        step
    }

    fn entry(
        &mut self,
        key: &Ident,
        input: ParseStream<'_>,
        problems: &mut Problems,
    ) -> syn::Result<()> {
        match key.to_string().as_str() {
            "output" => self.output = Some(value(input)?),
            "error" => self.error = Some(value(input)?),
            "app" => self.app = Some(value(input)?),
            "timeout" => self.timeout = Some(bounds::TIMEOUT.seconds(&value(input)?)?),
            "memory" => self.memory = Some(bounds::memory(&value::<Lit>(input)?)?),
            "concurrency" => self.concurrency = Some(bounds::concurrency(&value(input)?)?),
            "name" => self.name = Some(name(input)?),
            "unfenced" => self.unfenced = Some(text(input, UNFENCED)?),
            "compensation" => self.compensations.push(value(input)?),
            "compensations" => self.compensations.extend(types(input)?),
            "env" => self.environment.extend(Variable::list(input, problems)?),
            "secrets" => self.secrets.extend(Secret::list(input, problems)?),
            _ => self.uses.extend(Use::list(input)?),
        }
        Ok(())
    }
}

fn types(input: ParseStream<'_>) -> syn::Result<Punctuated<Type, Token![,]>> {
    let content;
    syn::parenthesized!(content in input);
    Punctuated::parse_terminated(&content)
}

/// A name that a function and a state can both have.
fn name(input: ParseStream<'_>) -> syn::Result<LitStr> {
    let name = text(
        input,
        "state the name, or leave `name` out: it is the type's",
    )?;
    let written = name.value();
    let letters = written.chars().all(|letter| letter.is_ascii_alphanumeric());
    if letters && written.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return Ok(name);
    }
    let message = format!("`{written}` cannot be the name of a step");
    Err(problem::at(
        &name,
        message,
        "use letters and digits, a letter first",
    ))
}
