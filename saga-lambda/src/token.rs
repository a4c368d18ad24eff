//! Signed tokens: JSON Web Tokens (RFC 7519) under HMAC with SHA-256 (RFC 7515, `HS256`), and nothing else.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha256;

/// The shortest key in bytes (RFC 7518, section 3.2: as long as the hash).
const SHORTEST_KEY: usize = 32;

/// The longest token in bytes: headers of API Gateway are at most 10,240.
const LONGEST: usize = 8_192;

/// How far the clocks of two machines may differ.
const LEEWAY: Duration = Duration::from_secs(30);

/// What tells true tokens from others.
#[derive(Clone)]
pub struct Tokens {
    key: Hmac<Sha256>,
    audience: String,
}

/// What a true token says.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Claims {
    /// Whom it is of.
    pub sub: String,
    /// Whom it is for.
    aud: Audience,
    /// When it ends, in seconds since 1970.
    pub exp: u64,
    /// When it begins.
    #[serde(default)]
    pub nbf: Option<u64>,
    /// What its bearer may, separated by spaces (RFC 8693, section 4.2).
    #[serde(default)]
    pub scope: String,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Why a token is not true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Untrue {
    /// It is no token.
    #[error("the token is malformed")]
    Malformed,
    /// It is signed otherwise, or not at all.
    #[error("the token is not signed by HS256")]
    OtherAlgorithm,
    /// Somebody else made or changed it.
    #[error("the token's signature is wrong")]
    Forged,
    /// It is for somebody else.
    #[error("the token is for another audience")]
    OtherAudience,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Its time has not come.
    #[error("the token does not hold yet")]
    Early,
}

/// A key that anybody could guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key of tokens has 32 bytes at least, and this one has {0}")]
pub struct WeakKey(usize);

impl Tokens {
    /// Tokens that are signed with this key, for this audience.
    ///
    /// # Errors
    /// The key is shorter than 32 bytes.
    pub fn new(key: &[u8], audience: impl Into<String>) -> Result<Self, WeakKey> {
        let weak = WeakKey(key.len());
        if key.len() < SHORTEST_KEY {
            return Err(weak);
        }
        Ok(Self {
            key: Hmac::new_from_slice(key).map_err(|_| weak)?,
            audience: audience.into(),
        })
    }

    /// What a token says, if it is true at this time. Its signature is compared in constant time, and before anything of
    /// it is believed.
    ///
    /// # Errors
    /// What is wrong with it, for the log: the bearer needs to know only that it is.
    pub fn verify(&self, token: &str, now: SystemTime) -> Result<Claims, Untrue> {
        if token.len() > LONGEST {
            return Err(Untrue::Malformed);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(Untrue::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(Untrue::Malformed)?;
        let header: Value = json(header)?;
        let signature = URL_SAFE_NO_PAD
            .decode(signature)
            .map_err(|_| Untrue::Malformed)?;
        // What has to be understood (`crit`) is not.
        if header.get("alg") != Some(&Value::from("HS256")) || header.get("crit").is_some() {
            return Err(Untrue::OtherAlgorithm);
        }
        let mut mac = self.key.clone();
        mac.update(signed.as_bytes());
        mac.verify_slice(&signature).map_err(|_| Untrue::Forged)?;
        let claims: Claims = json(claims)?;
        let for_us = match &claims.aud {
            Audience::One(one) => *one == self.audience,
            Audience::Several(several) => several.contains(&self.audience),
        };
        if !for_us {
            return Err(Untrue::OtherAudience);
        }
        let at = |seconds| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
        let ends = at(claims.exp).and_then(|end| end.checked_add(LEEWAY));
        if ends.is_some_and(|end| now >= end) {
            return Err(Untrue::Expired);
        }
        match claims.nbf {
            // What cannot be added has not come, either.
            Some(begin) if at(begin).is_none_or(|begin| now + LEEWAY < begin) => Err(Untrue::Early),
            _ => Ok(claims),
        }
    }

    /// A token that says this, for tests and tools.
    #[must_use]
    pub fn sign(&self, claims: &Value) -> String {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
        let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let mut mac = self.key.clone();
        mac.update(signed.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
        format!("{signed}.{signature}")
    }
}

impl Claims {
    /// Whether its bearer has this scope.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|own| own == scope)
    }
}

fn json<T: for<'de> Deserialize<'de>>(part: &str) -> Result<T, Untrue> {
    let bytes = URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| Untrue::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| Untrue::Malformed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";
    const NOW: u64 = 1_800_000_000;

    fn tokens() -> Tokens {
        Tokens::new(KEY, "shop").unwrap()
    }

    fn verify(token: &str) -> Result<Claims, Untrue> {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
        tokens().verify(token, now)
    }

    fn claims(change: Value) -> Value {
        let mut claims =
            json!({ "sub": "ann", "aud": "shop", "exp": NOW + 60, "scope": "a staff" });
        let changed = change.as_object().unwrap().clone();
        claims.as_object_mut().unwrap().extend(changed);
        claims
    }

    #[track_caller]
    fn check(change: Value, expected: Result<&str, Untrue>) {
        let found = verify(&tokens().sign(&claims(change)));
        let found = found.map(|claims| claims.sub);
        assert_eq!(found, expected.map(str::to_owned));
    }

    #[test]
    fn a_true_token_says_whose_it_is() {
        let found = verify(&tokens().sign(&claims(json!({})))).unwrap();
        assert_eq!((found.sub.as_str(), found.exp), ("ann", NOW + 60));
        assert!(found.has_scope("staff") && !found.has_scope("sta"));
    }

    #[test]
    fn a_token_holds_in_its_time_and_for_its_audience() {
        check(json!({ "exp": NOW }), Ok("ann"));
        check(json!({ "exp": NOW - 29 }), Ok("ann"));
        check(json!({ "exp": NOW - 30 }), Err(Untrue::Expired));
        check(json!({ "exp": 0 }), Err(Untrue::Expired));
        check(json!({ "nbf": NOW + 30 }), Ok("ann"));
        check(json!({ "nbf": NOW + 31 }), Err(Untrue::Early));
        check(json!({ "nbf": u64::MAX }), Err(Untrue::Early));
        check(json!({ "aud": "bank" }), Err(Untrue::OtherAudience));
        check(json!({ "aud": ["bank", "shop"] }), Ok("ann"));
        check(json!({ "aud": [] }), Err(Untrue::OtherAudience));
        check(json!({ "aud": null }), Err(Untrue::Malformed));
        check(json!({ "exp": null }), Err(Untrue::Malformed));
        check(json!({ "exp": "soon" }), Err(Untrue::Malformed));
        check(json!({ "sub": null }), Err(Untrue::Malformed));
    }

    #[test]
    fn a_token_of_another_key_is_forged() {
        let other = Tokens::new(b"another key, of thirty-two bytes", "shop").unwrap();
        assert_eq!(verify(&other.sign(&claims(json!({})))), Err(Untrue::Forged));
    }

    #[test]
    fn a_token_that_was_changed_is_forged() {
        let token = tokens().sign(&claims(json!({})));
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let (header, _) = signed.split_once('.').unwrap();
        let payload = URL_SAFE_NO_PAD.encode(claims(json!({ "sub": "bob" })).to_string());
        let changed = format!("{header}.{payload}.{signature}");
        assert_eq!(verify(&changed), Err(Untrue::Forged));
        for cut in ["", "AAAA"] {
            assert_eq!(verify(&format!("{signed}.{cut}")), Err(Untrue::Forged));
        }
    }

    #[test]
    fn only_hs256_is_believed() {
        let payload = URL_SAFE_NO_PAD.encode(claims(json!({})).to_string());
        for header in [
            json!({ "alg": "none" }),
            json!({ "alg": "None" }),
            json!({ "alg": "RS256" }),
            json!({ "typ": "JWT" }),
            json!({ "alg": "HS256", "crit": ["exp"] }),
        ] {
            let signed = format!("{}.{payload}", URL_SAFE_NO_PAD.encode(header.to_string()));
            let mut mac = tokens().key;
            mac.update(signed.as_bytes());
            let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
            for signature in ["", &signature] {
                let token = format!("{signed}.{signature}");
                assert_eq!(verify(&token), Err(Untrue::OtherAlgorithm), "{header}");
            }
        }
    }

    #[test]
    fn what_is_no_token_is_malformed() {
        let long = "a".repeat(LONGEST + 1);
        for text in ["", ".", "..", "a.b", "a.b.c", "{}.{}.x", &long] {
            assert_eq!(verify(text), Err(Untrue::Malformed), "{text}");
        }
    }

    #[test]
    fn a_short_key_is_none() {
        let weak = Tokens::new(&KEY[..31], "shop").err().unwrap();
        assert_eq!(
            weak.to_string(),
            "a key of tokens has 32 bytes at least, and this one has 31"
        );
    }

    /// Made by Python's `hmac`.
    #[test]
    fn a_token_of_another_implementation_is_true() {
        let made = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbm4iLCJhdWQiOiJzaG9wIiwiZXhwIjoxODAwMDAwMDYwfQ.YoQIsvPLGUHoHL1grZ_weokjA7WaDjEZSftcu897kBU";
        assert_eq!(verify(made).unwrap().sub, "ann");
    }
}
