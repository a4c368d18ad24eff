//! What EventBridge hands over: `{"id", "source", "detail-type", "detail", …}`.

use saga_choreography::Event;
use saga_dsl::handler::Failure;
use serde::Deserialize;
use serde_json::Value;

/// An event as EventBridge hands it over.
#[derive(Debug, Deserialize)]
pub(crate) struct Envelope {
    /// The bus's own id for it: another one each time it is published.
    pub(crate) id: String,
    /// What happened.
    #[serde(rename = "detail-type")]
    pub(crate) kind: String,
    /// The event itself.
    pub(crate) detail: Value,
}

/// Reads what a function was invoked with; none where it comes from no bus.
pub(crate) fn read(bytes: &[u8]) -> Option<Envelope> {
    serde_json::from_slice(bytes).ok()
}

impl Envelope {
    /// The event of a saga.
    pub(crate) fn event(self) -> Result<Event, Failure> {
        serde_path_to_error::deserialize(self.detail)
            .map_err(|problem| Failure::bad_event("detail", problem))
    }
}
