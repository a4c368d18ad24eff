//! `None` is a value. A reference to none is `Ref::none()`, and one to some is `Ref::some(…)`.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn cancel<'s>() -> CancelRef<'s> {
    CancelRef { id: None }
}

fn main() {}
