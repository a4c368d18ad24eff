//! Whom the function's requests come from: its role, whose temporary credentials Lambda puts into the
//! environment (developer guide, "Defined runtime environment variables").

use saga_sigv4::Credentials;

/// The credentials in the environment; none where there are none.
pub(super) fn read(variable: impl Fn(&str) -> Option<String>) -> Option<Credentials> {
    Some(Credentials {
        id: variable("AWS_ACCESS_KEY_ID")?,
        secret: variable("AWS_SECRET_ACCESS_KEY")?,
        session: variable("AWS_SESSION_TOKEN"),
    })
}
