//! `retry(interval = "2s", max_attempts = 4, backoff = 2.0, max_delay = "30s", jitter)`. Bounds and
//! defaults: Amazon States Language, "Errors", and the developer guide of Step Functions, "Retrier
//! fields".

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::ParseStream;
use syn::{Lit, LitInt};

use crate::attribute::duration::Bounds;
use crate::attribute::keys::{Keys, value};
use crate::problem::{self, Problems};

/// A policy; what is not stated is as the language has it.
#[derive(Default)]
pub struct Retry {
    interval: Option<u32>,
    max_attempts: Option<u32>,
    backoff: Option<f64>,
    max_delay: Option<Delay>,
    jitter: bool,
}

/// A delay in seconds, and where it is stated.
type Delay = (u32, Lit);

/// The greatest interval in seconds, and the greatest number of attempts.
const GREATEST: u32 = 99_999_999;

/// A `MaxDelaySeconds` is less than this.
const YEAR: u32 = 31_622_400;

const INTERVAL: Bounds = Bounds {
    of: "retry interval",
    least: 1,
    greatest: GREATEST,
    because: "a retrier's `IntervalSeconds` is a positive number",
};

const MAX_DELAY: Bounds = Bounds {
    of: "retry delay",
    least: 1,
    greatest: YEAR - 1,
    because: "a retrier's `MaxDelaySeconds` is less than 31622400",
};

const KEYS: Keys = Keys {
    attribute: "retry",
    once: &["interval", "max_attempts", "backoff", "max_delay", "jitter"],
    repeated: &[],
    refused: &[],
};

impl Retry {
    /// Reads it.
    pub fn parse(input: ParseStream<'_>, problems: &mut Problems) -> syn::Result<Self> {
        let mut retry = Self::default();
        KEYS.read_nested(input, problems, |key, input, _| {
            match key.to_string().as_str() {
                "interval" => retry.interval = Some(INTERVAL.seconds(&value(input)?)?),
                "max_attempts" => retry.max_attempts = Some(attempts(&value(input)?)?),
                "backoff" => retry.backoff = Some(rate(&value(input)?)?),
                "max_delay" => retry.max_delay = Some(delay(value(input)?)?),
                _ => retry.jitter = true,
            }
            Ok(())
        })?;
        problems.value(retry.grows());
        Ok(retry)
    }

    /// That the longest delay is longer than the first (Amazon States Language, "Errors").
    fn grows(&self) -> syn::Result<()> {
        match &self.max_delay {
            Some((longest, at)) if *longest <= self.interval.unwrap_or(1) => Err(problem::at(
                at,
                "the longest delay is not longer than the first",
                "state a longer one, or leave it out",
            )),
            _ => Ok(()),
        }
    }

    /// The code of the policy.
    pub fn tokens(&self) -> TokenStream {
        let interval = u64::from(self.interval.unwrap_or(1));
        let times = self.max_attempts.map(|times| quote!(.times(#times)));
        let backoff = self.backoff.map(|rate| quote!(.backoff(#rate)));
        let at_most = self.max_delay.as_ref().map(|(delay, _)| {
            let delay = u64::from(*delay);
            quote!(.at_most(::core::time::Duration::from_secs(#delay)))
        });
        let jitter = self.jitter.then(|| quote!(.jitter()));
        quote! {
            ::saga_dsl::Retry::after(::core::time::Duration::from_secs(#interval))
                #times #backoff #at_most #jitter
        }
    }
}

fn delay(literal: Lit) -> syn::Result<Delay> {
    Ok((MAX_DELAY.seconds(&literal)?, literal))
}

fn attempts(number: &LitInt) -> syn::Result<u32> {
    match number.base10_parse() {
        Ok(attempts) if attempts <= GREATEST => Ok(attempts),
        _ => Err(problem::at(
            number,
            "this is out of bounds",
            format!("state 0 to {GREATEST} retries"),
        )),
    }
}

fn rate(number: &Lit) -> syn::Result<f64> {
    let rate = match number {
        Lit::Float(number) => number.base10_parse()?,
        Lit::Int(number) => number.base10_parse()?,
        _ => {
            return Err(problem::at(
                number,
                "this is not a number",
                "state one from `1.0`",
            ));
        }
    };
    if rate >= 1.0 && f64::is_finite(rate) {
        return Ok(rate);
    }
    Err(problem::at(
        number,
        "a backoff rate is at least 1.0",
        "state the factor of the interval from one retry to the next",
    ))
}
