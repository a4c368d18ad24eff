use crate::data::Data;

/// A function at the end of a path, as in `$.items.length()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// The number of items, members or characters.
    Length,
    /// The least of an array of numbers.
    Min,
    /// The greatest of them.
    Max,
    /// Their mean.
    Avg,
    /// Their sum.
    Sum,
    /// Their standard deviation (of a population).
    StdDev,
    /// An object's keys.
    Keys,
}

const FUNCTIONS: [(&str, Function); 7] = [
    ("length", Function::Length),
    ("min", Function::Min),
    ("max", Function::Max),
    ("avg", Function::Avg),
    ("sum", Function::Sum),
    ("stddev", Function::StdDev),
    ("keys", Function::Keys),
];

impl Function {
    /// The function of this name.
    pub fn named(name: &str) -> Option<Self> {
        FUNCTIONS
            .into_iter()
            .find_map(|(known, function)| (known == name).then_some(function))
    }

    /// The name as it is written.
    pub fn name(self) -> &'static str {
        FUNCTIONS
            .into_iter()
            .find_map(|(name, known)| (known == self).then_some(name))
            .unwrap_or_default()
    }

    /// The function's value for `data`; `None` where it has none.
    pub(super) fn apply(self, data: &Data) -> Option<Data> {
        match self {
            Function::Length => length(data),
            Function::Keys => keys(data),
            Function::Min => Data::from_f64(numbers(data)?.into_iter().reduce(f64::min)?),
            Function::Max => Data::from_f64(numbers(data)?.into_iter().reduce(f64::max)?),
            Function::Sum => Data::from_f64(numbers(data)?.iter().sum()),
            Function::Avg => Data::from_f64(mean(&numbers(data)?)?),
            Function::StdDev => Data::from_f64(deviation(&numbers(data)?)?),
        }
    }
}

fn length(data: &Data) -> Option<Data> {
    match data {
        Data::Array(items) => Some(Data::from(items.len())),
        Data::Object(members) => Some(Data::from(members.len())),
        Data::String(text) => Some(Data::from(text.chars().count())),
        Data::Null | Data::Bool(_) | Data::Number(_) => None,
    }
}

fn keys(data: &Data) -> Option<Data> {
    let keys = data.as_object()?.keys().cloned().map(Data::String);
    Some(Data::array(keys.collect()))
}

fn numbers(data: &Data) -> Option<Vec<f64>> {
    let numbers: Vec<f64> = data.as_array()?.iter().filter_map(Data::as_f64).collect();
    (!numbers.is_empty()).then_some(numbers)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "arrays are far shorter than 2^53"
)]
fn mean(numbers: &[f64]) -> Option<f64> {
    (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / numbers.len() as f64)
}

fn deviation(numbers: &[f64]) -> Option<f64> {
    let mean_value = mean(numbers)?;
    let squares: Vec<f64> = numbers.iter().map(|n| (n - mean_value).powi(2)).collect();
    mean(&squares).map(f64::sqrt)
}
