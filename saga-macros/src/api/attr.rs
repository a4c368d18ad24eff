//! `#[api(…)]` and `#[authorizer(…)]`.

use syn::parse::ParseStream;
use syn::{Attribute, Ident, Lit, LitInt, LitStr, Path, Type};

use crate::attribute::keys::{Keys, text, value};
use crate::problem::{self, Problems};
use crate::step::bounds;
use crate::step::environment::{Secret, Variable};
use crate::step::uses::Use;

/// Requests a second, and at once, where nothing is said: as for triggers.
const THROTTLE: (u32, u32) = (10, 20);

/// The longest time that API Gateway waits for a function, in seconds (quotas for REST APIs: 29 s).
const LONGEST: u32 = 29;

/// What the attribute says.
pub struct Settings {
    /// The state of the function.
    pub app: Option<Type>,
    /// Its time in seconds.
    pub timeout: u32,
    /// Its memory in MiB.
    pub memory: Option<u32>,
    /// Its environment.
    pub environment: Vec<Variable>,
    /// Its secrets.
    pub secrets: Vec<Secret>,
    /// The resources that it uses.
    pub uses: Vec<Use>,
    /// Who says who may.
    pub authorizer: Option<Path>,
    /// Why everybody may.
    pub open: Option<LitStr>,
    /// Requests a second, and at once.
    pub throttle: (u32, u32),
}

const FUNCTION: [&str; 3] = ["app", "timeout", "memory"];
const REPEATED: [&str; 3] = ["env", "secrets", "uses"];

const API: Keys = Keys {
    attribute: "api",
    once: &[
        "app",
        "timeout",
        "memory",
        "authorizer",
        "open_because",
        "rate",
        "burst",
    ],
    repeated: &REPEATED,
    refused: &[],
};

const AUTHORIZER: Keys = Keys {
    attribute: "authorizer",
    once: &FUNCTION,
    repeated: &REPEATED,
    refused: &[],
};

impl Settings {
    /// Reads it.
    pub fn read(attribute: &str, attrs: &[Attribute], problems: &mut Problems) -> Self {
        let mut settings = Self {
            app: None,
            timeout: bounds::DEFAULT_TIMEOUT,
            memory: None,
            environment: Vec::new(),
            secrets: Vec::new(),
            uses: Vec::new(),
            authorizer: None,
            open: None,
            throttle: THROTTLE,
        };
        let keys = if attribute == "api" { API } else { AUTHORIZER };
        keys.read(attrs, problems, |key, input, problems| {
            settings.entry(key, input, problems)
        });
        if let (Some(_), Some(reason)) = (&settings.authorizer, &settings.open) {
            let message = "an API with an authorizer is not open";
            problems.at(reason, message, "state one of the two");
        }
        settings
    }

    fn entry(
        &mut self,
        key: &Ident,
        input: ParseStream<'_>,
        problems: &mut Problems,
    ) -> syn::Result<()> {
        match key.to_string().as_str() {
            "app" => self.app = Some(value(input)?),
            "timeout" => self.timeout = timeout(&value(input)?)?,
            "memory" => self.memory = Some(bounds::memory(&value::<Lit>(input)?)?),
            "authorizer" => self.authorizer = Some(value(input)?),
            "open_because" => self.open = Some(text(input, "say why everybody may")?),
            "rate" => self.throttle.0 = positive(&value(input)?)?,
            "burst" => self.throttle.1 = positive(&value(input)?)?,
            "env" => self.environment.extend(Variable::list(input, problems)?),
            "secrets" => self.secrets.extend(Secret::list(input, problems)?),
            _ => self.uses.extend(Use::list(input)?),
        }
        Ok(())
    }
}

fn timeout(literal: &Lit) -> syn::Result<u32> {
    let seconds = bounds::TIMEOUT.seconds(literal)?;
    if seconds <= LONGEST {
        return Ok(seconds);
    }
    let message = format!("a timeout of `{seconds}s` is out of bounds");
    let help = "state up to `\"29s\"`: API Gateway waits no longer for an answer";
    Err(problem::at(literal, message, help))
}

fn positive(number: &LitInt) -> syn::Result<u32> {
    let read = number.base10_parse().ok().filter(|number| *number > 0);
    read.ok_or_else(|| {
        let help = "state how many requests are taken, from 1";
        problem::at(number, "no requests would be taken", help)
    })
}
