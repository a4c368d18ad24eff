//! What the template is made with: the caller's options, and what the author states of the deployment.

use std::ops::Deref;

use saga_manifest::deployment::Deployment;

use crate::options::Options;

/// Both of them.
#[derive(Clone, Copy)]
pub(super) struct Settings<'a> {
    options: &'a Options,
    pub(super) deployment: &'a Deployment,
}

impl<'a> Settings<'a> {
    pub(super) fn new(options: &'a Options, deployment: &'a Deployment) -> Self {
        Self {
            options,
            deployment,
        }
    }

    /// Whether executions and invocations are traced.
    pub(super) fn traced(&self) -> bool {
        self.deployment.untraced.is_none()
    }
}

impl Deref for Settings<'_> {
    type Target = Options;

    fn deref(&self) -> &Options {
        self.options
    }
}
