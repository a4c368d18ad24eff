//! The process: what it was started for.

use std::process::ExitCode;

use saga_dsl::Package;
use saga_manifest::ASK;

use crate::settings::Settings;
use crate::{manifest, serve};

/// The `main` of a package's binary: `saga_lambda::main!(FareProcessing, Refunds);`. Behind the sagas may stand APIs
/// beside them, and then how all of it is deployed:
/// `saga_lambda::main!(FareProcessing; apis: FareApi; Deployment::new().memory_mib(512));`
#[macro_export]
macro_rules! main {
    (@ [$($saga:ty),+] [$($api:ty),*] $($deployment:expr)?) => {
        fn main() -> ::std::process::ExitCode {
            $crate::__private::run(|| {
                $crate::__private::Package::new()
                    $(.saga::<$saga>())+
                    $(.api::<$api>())*
                    $(.deployment($deployment))?
            })
        }
    };
    ($($saga:ty),+ $(,)?; apis: $($api:ty),+ $(,)? $(; $deployment:expr)?) => {
        $crate::main!(@ [$($saga),+] [$($api),+] $($deployment)?);
    };
    ($($saga:ty),+ $(,)? $(; $deployment:expr)?) => {
        $crate::main!(@ [$($saga),+] [] $($deployment)?);
    };
}

/// What a started binary that nobody asked anything says.
const ABOUT: &str = "\
this is the binary of a saga's handlers: AWS Lambda starts it, and saga-cli asks it for its manifest

  saga-cli generate    writes the template that deploys it
  saga-cli run         runs its sagas here, with these handlers";

/// Usage errors exit with 2, as those of `saga-cli` do.
const USAGE: u8 = 2;

/// Writes the manifest, serves the Runtime API, or says what the binary is.
#[must_use]
pub fn run(package: fn() -> Package) -> ExitCode {
    if let Some(file) = std::env::var_os(ASK) {
        return match manifest::write(&package().manifest(), file.as_ref()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {error}");
                ExitCode::FAILURE
            }
        };
    }
    match Settings::read(|name| std::env::var(name).ok()) {
        Some(settings) => serve::run(&package(), &settings),
        None => {
            eprintln!("{ABOUT}");
            ExitCode::from(USAGE)
        }
    }
}
