//! Places in the user's source.

use std::panic::Location;

use saga_manifest::place::Place;

/// A caller's place.
pub(crate) fn of(at: &Location<'_>) -> Place {
    Place {
        file: at.file().into(),
        line: at.line(),
        column: at.column(),
    }
}

/// The place where a derive stands, for the derive's code.
#[doc(hidden)]
#[macro_export]
macro_rules! __here {
    () => {
        $crate::__private::Place {
            file: ::core::file!().into(),
            line: ::core::line!(),
            column: ::core::column!(),
        }
    };
}
