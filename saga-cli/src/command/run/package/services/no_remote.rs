//! What stands for services at a URL in a build without the AWS SDK: there are none.

use std::sync::Arc;

use saga_local::lambda::Function;
use saga_local::saga::Integrations;
use saga_local::services::Contents;
use saga_manifest::Manifest;

use crate::exit::Failure;

/// Nothing that can be had.
pub(in crate::command) enum Remote {}

impl Remote {
    #[expect(clippy::unused_async, reason = "as with the AWS SDK")]
    pub(super) async fn connect(_: &Manifest, _: &str) -> Result<Self, Failure> {
        Err(Failure::Usage {
            message: "`--endpoint-url` needs the AWS SDK, which this saga-cli is built without"
                .into(),
            help: "build it with the feature `aws`, which takes a few minutes once: \
                   `cargo run -p saga-cli --features aws -- run …`"
                .into(),
        })
    }

    pub(super) fn integrations(&self) -> Arc<dyn Integrations> {
        match *self {}
    }

    pub(super) fn make_known(&self, _: &mut Function) {
        match *self {}
    }

    #[expect(clippy::unused_async, reason = "as with the AWS SDK")]
    pub(super) async fn contents(&self, _: &Manifest) -> Result<Contents, Failure> {
        match *self {}
    }
}
