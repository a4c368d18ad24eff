//! The program: all of it is in the library beside it.

use std::process::ExitCode;

/// Checking makes and drops many small values, on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    saga_cli::main()
}
