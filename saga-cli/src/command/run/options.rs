//! The arguments of `run` that are more than a string.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::{Args, ValueEnum};
use saga_engine::execution::ExecutionType;

/// The type of an execution.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub enum TypeArgument {
    /// Up to a year and 25,000 events.
    #[default]
    Standard,
    /// Up to five minutes.
    Express,
}

impl From<TypeArgument> for ExecutionType {
    fn from(argument: TypeArgument) -> Self {
        match argument {
            TypeArgument::Standard => Self::Standard,
            // Whoever runs the command waits for the end.
            TypeArgument::Express => Self::SyncExpress,
        }
    }
}

/// How the execution is shown.
#[derive(Debug, Clone, Copy, Args)]
pub struct Presentation {
    /// Print one JSON object: the status with the output, or with the error and its cause.
    #[arg(long)]
    pub json: bool,

    /// Print the history too, in the form of the API's `GetExecutionHistory`.
    #[arg(long)]
    pub history: bool,
}

/// `FILE[#TESTCASE]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MockArgument {
    pub file: PathBuf,
    pub test_case: Option<String>,
}

impl FromStr for MockArgument {
    type Err = String;

    /// What follows the last `#` is the test case, unless a file has the whole name.
    fn from_str(text: &str) -> Result<Self, String> {
        let whole = Self {
            file: text.into(),
            test_case: None,
        };
        match text.rsplit_once('#') {
            Some(("", _)) => Err("the file's name is missing before `#`".to_owned()),
            Some((_, "")) => Err("the test case's name is missing after `#`".to_owned()),
            Some((file, test_case)) if !Path::new(text).exists() => Ok(Self {
                file: file.into(),
                test_case: Some(test_case.to_owned()),
            }),
            _ => Ok(whole),
        }
    }
}

/// `NAME=FOLDER`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    pub name: String,
    pub folder: PathBuf,
}

impl FromStr for Bucket {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, folder)) if !name.is_empty() && !folder.is_empty() => Ok(Self {
                name: name.to_owned(),
                folder: folder.into(),
            }),
            _ => Err("expected the bucket's name, `=`, and a folder".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bucket, MockArgument};

    #[test]
    fn a_mock_is_a_file_and_perhaps_a_test_case() {
        for (text, expected) in [
            ("mocks.json", Some(("mocks.json", None))),
            ("mocks.json#Happy", Some(("mocks.json", Some("Happy")))),
            ("a#b.json#Sad path", Some(("a#b.json", Some("Sad path")))),
            ("mocks.json#", None),
            ("#Happy", None),
        ] {
            let parsed: Option<MockArgument> = text.parse().ok();
            let found = parsed.map(|mock| (mock.file.display().to_string(), mock.test_case));
            let expected = expected.map(|(file, case)| (file.to_owned(), case.map(str::to_owned)));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_bucket_is_a_name_and_a_folder() {
        assert!("orders=./data".parse::<Bucket>().is_ok());
        assert!("orders".parse::<Bucket>().is_err());
        assert!("=data".parse::<Bucket>().is_err());
    }
}
