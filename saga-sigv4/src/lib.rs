//! Signature Version 4 of a POST without a query: all that the JSON and query protocols of AWS need.
//!
//! Source: IAM user guide, "Create a signed AWS API request".

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// Whom requests come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The access key's id.
    pub id: String,
    /// The secret access key.
    pub secret: String,
    /// The session's token, for temporary credentials.
    pub session: Option<String>,
}

/// What is signed.
pub struct Signed<'s> {
    /// The service's name in the credential scope: `dynamodb`.
    pub service: &'s str,
    /// The region in the credential scope.
    pub region: &'s str,
    /// The instant as `20261121T070000Z`.
    pub instant: &'s str,
    /// The path, in which nothing needs to be escaped: `/` for the JSON and query protocols.
    pub path: &'s str,
    /// The headers, names in lower case and in order; `host` and `x-amz-date` among them.
    pub headers: &'s [(&'s str, &'s str)],
    /// The body.
    pub body: &'s [u8],
}

impl Signed<'_> {
    /// The value of the `Authorization` header.
    #[must_use]
    pub fn authorization(&self, credentials: &Credentials) -> String {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let scope = format!(
            "{}/{}/{}/aws4_request",
            self.date(),
            self.region,
            self.service
        );
        let request = hex(&Sha256::digest(self.canonical(&names)));
        let text = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{request}", self.instant);
        let signature = hex(&keyed(&self.key(&credentials.secret), text.as_bytes()));
        format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
            credentials.id
        )
    }

    fn date(&self) -> &str {
        self.instant.split('T').next().unwrap_or_default()
    }

    /// The request in the one form that both sides hash.
    fn canonical(&self, names: &str) -> String {
        let headers: String = self
            .headers
            .iter()
            .map(|(name, value)| format!("{name}:{}\n", value.trim()))
            .collect();
        format!(
            "POST\n{}\n\n{headers}\n{names}\n{}",
            self.path,
            hex(&Sha256::digest(self.body))
        )
    }

    fn key(&self, secret: &str) -> Vec<u8> {
        let start = format!("AWS4{secret}").into_bytes();
        [self.date(), self.region, self.service, "aws4_request"]
            .iter()
            .fold(start, |key, part| keyed(&key, part.as_bytes()))
    }
}

fn keyed(key: &[u8], text: &[u8]) -> Vec<u8> {
    // INVARIANT: HMAC takes keys of every length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AWS's published test suite of the signature, cases `post-vanilla` and
    /// `post-x-www-form-urlencoded`.
    #[test]
    fn signatures_are_those_of_the_published_suite() {
        let credentials = Credentials {
            id: "AKIDEXAMPLE".into(),
            secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into(),
            session: None,
        };
        let host = ("host", "example.amazonaws.com");
        let date = ("x-amz-date", "20150830T123600Z");
        let form = ("content-type", "application/x-www-form-urlencoded");
        for (headers, body, expected) in [
            (
                vec![host, date],
                "",
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            ),
            (
                vec![form, host, date],
                "Param1=value1",
                "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
            ),
        ] {
            let signed = Signed {
                service: "service",
                region: "us-east-1",
                instant: "20150830T123600Z",
                path: "/",
                headers: &headers,
                body: body.as_bytes(),
            };
            let authorization = signed.authorization(&credentials);
            assert!(
                authorization.ends_with(&format!("Signature={expected}")),
                "{authorization}"
            );
        }
    }
}
