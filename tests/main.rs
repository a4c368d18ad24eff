//! The integration suite of the command line: what a user types, and what comes back.

mod suite;
