//! The compiler from outside: manifests in, definitions and templates out.

#![cfg(test)]

mod blocks;
mod calls;
mod choreography;
mod diagnostics;
mod diff;
mod fare_processing;
mod fences;
mod lint;
mod machine;
mod manifest;
mod parking;
mod permissions;
mod random;
mod recovery;
mod redriven;
mod routing;
mod scale;
mod seals;
mod template;
mod unknown;
