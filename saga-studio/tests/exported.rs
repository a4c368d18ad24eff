//! A test that the studio exported, as it is (`tests/studio.rs` compares it with what the page shows): it compiles, and
//! comes to what was clicked.

#[allow(
    dead_code,
    reason = "shared with the suite that shows them in the studio"
)]
#[path = "../../tests/studio/sagas.rs"]
mod sagas;

use sagas::Small;

include!("../../tests/studio/exported.rs");
