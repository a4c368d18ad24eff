//! A page on the loopback interface in which the sagas of a package are run, broken and looked at.
//!
//! [`Workshop`] ─`shop`→ what is built now ─`describe`, `picture`→ sagas as the page shows them; an order of the page
//! ─`order`→ faults, answers, an input that fits ─`run`, `perform` on a thread of its own→ `record`, which the page reads while
//! it grows: of a state machine by `recorder`, by events by `follow`, what handlers print by `printed`, with dots for what is
//! sensitive (`mask`). `matrix` is what the model says of every fault, `export` what was clicked as a test.
//!
//! `server` answers only whom [`Guard`] lets in: the page itself, with the token of this start.

mod asset;
mod contents;
mod describe;
mod export;
mod follow;
mod guard;
mod mask;
mod matrix;
mod order;
mod perform;
mod picture;
mod place;
mod printed;
mod record;
mod recorder;
mod reply;
mod route;
mod run;
mod server;
mod shop;
mod stage;
mod stream;
mod workshop;

pub use guard::{Guard, Refusal};
pub use picture::graph;
pub use server::Studio;
pub use workshop::{Built, Problem, Workshop};
