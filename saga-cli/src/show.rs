//! What a person sees of a running saga.

mod progress;
mod span;
mod tone;

pub use progress::Progress;
pub use span::duration;
pub use tone::Tone;
