//! How far an exploration is, on a terminal, once it takes longer than a second.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

/// What takes no longer than this tells nothing.
const SILENCE: Duration = Duration::from_secs(1);

/// Between two lines.
const INTERVAL: Duration = Duration::from_millis(100);

pub(super) struct Progress {
    started: Instant,
    told: Option<Instant>,
    shown: bool,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            started: Instant::now(),
            told: None,
            shown: std::io::stderr().is_terminal(),
        }
    }
}

impl Progress {
    pub(super) fn tell(&mut self, steps: u64, states: usize) {
        let quiet = self.started.elapsed() < SILENCE
            || self.told.is_some_and(|told| told.elapsed() < INTERVAL);
        if !self.shown || quiet {
            return;
        }
        self.told = Some(Instant::now());
        let seconds = self.started.elapsed().as_secs();
        // INVARIANT: nothing is lost where the terminal cannot be written.
        let _ = write!(
            anstream::stderr(),
            "\r{states} distinct states, {steps} steps, {seconds} s"
        );
    }

    /// Leaves the terminal as it was.
    pub(super) fn end(&self) {
        if self.told.is_some() {
            let _ = write!(anstream::stderr(), "\r\x1b[K");
        }
    }
}
