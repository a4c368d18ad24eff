//! The embedded services as a manifest declares them, called as a direct integration calls them.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "services/story.rs"]
mod story;

use saga_local::services::Embedded;

use story::{check, manifest, use_them};

#[tokio::test]
async fn direct_integrations_reach_tables_topics_and_queues() {
    let services = Embedded::of(&manifest());
    use_them(&services).await;
    check(&services.contents());
}
