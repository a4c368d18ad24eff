use std::str::FromStr;

use saga_asl::data::Data;

use super::Scope;
use super::template::call_intrinsic;
use crate::fault::Fault;
use crate::program::{Setting, Source};
use crate::random::Seeded;

impl Source {
    /// The value, where a path says what is wrong as `InputPath` does.
    ///
    /// # Errors
    /// A path that leads nowhere, a function or an expression that fails.
    pub fn evaluate(&self, scope: &Scope<'_>, random: &mut Seeded) -> Result<Data, Fault> {
        match self {
            Source::Given(data) => Ok(data.clone()),
            Source::Call(call) => call_intrinsic(call, scope, random),
            Source::Expression(expression) => expression.evaluate(scope, random),
            Source::Path(path) => path.select(scope).map_err(|not_found| {
                Fault::Runtime(format!("Invalid path '{}' : {not_found}", path.as_str()))
            }),
        }
    }

    /// The path, if that is where the value comes from.
    pub fn path(&self) -> Option<&str> {
        match self {
            Source::Path(path) => Some(path.as_str()),
            _ => None,
        }
    }
}

impl Setting {
    /// A number of seconds, items or bytes.
    ///
    /// # Errors
    /// Where there is none, or it is no integer or negative.
    pub fn integer(&self, scope: &Scope<'_>, random: &mut Seeded) -> Result<i64, Fault> {
        let value = self.source.evaluate(scope, random)?;
        let whole = value.as_i64().or_else(|| whole(&value));
        let whole = whole.or_else(|| self.digits(&value));
        whole.ok_or_else(|| self.refuse(&value, "integer"))
    }

    /// A number.
    ///
    /// # Errors
    /// Where there is none.
    pub fn number(&self, scope: &Scope<'_>, random: &mut Seeded) -> Result<f64, Fault> {
        let value = self.source.evaluate(scope, random)?;
        let number = value.as_f64().or_else(|| self.digits(&value));
        number.ok_or_else(|| self.refuse(&value, "float"))
    }

    /// A path may lead to a string of digits: recorded on AWS.
    fn digits<T: FromStr>(&self, value: &Data) -> Option<T> {
        self.source.path()?;
        value.as_str()?.parse().ok()
    }

    /// The fault of a value that is not what the field needs.
    fn refuse(&self, value: &Data, kind: &str) -> Fault {
        let field = self.field;
        match &self.source {
            Source::Expression(expression) => expression.unexpected(value, "number"),
            source => Fault::Runtime(format!(
                "The {field} field refers to value \"{}\" which is not a valid {kind}: {}",
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned),
                source.path().unwrap_or(field)
            )),
        }
    }
}

/// A double without a fraction as an integer.
fn whole(value: &Data) -> Option<i64> {
    let number = value.as_f64().filter(|number| number.fract() == 0.0)?;
    Data::from_f64(number)?.as_i64()
}
