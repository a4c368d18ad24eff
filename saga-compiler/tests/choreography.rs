//! The same saga by events: the same outcome as on Step Functions, and none of the guarantees broken, whatever
//! the bus and the processes do.

mod both;
mod outcome;
mod refusals;
mod stories;

use saga_choreography::Choreography;
use saga_manifest::Manifest;
use saga_random::flow::Size;
use saga_random::saga::{NAME, sized};

/// A random saga that can do without an orchestrator. Parallels and choices are nested up to two deep.
fn saga(seed: u64) -> Option<(Manifest, Choreography)> {
    let size = Size {
        steps: 4 + seed % 6,
        depth: seed % 3,
        sagas: 0,
        services: false,
    };
    let mut manifest = sized(seed, size);
    for saga in &mut manifest.sagas {
        saga.notifications.clear();
    }
    let choreography = Choreography::of(&manifest, NAME).ok()?;
    Some((manifest, choreography))
}
