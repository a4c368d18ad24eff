//! Pages of long answers: `?limit=20&cursor=…`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use saga_dsl::api::{Refusal, Request};
use serde_json::Value;

/// Which part of a long answer is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// How many entries at most.
    pub limit: u32,
    /// Behind what it begins: what [`Page::cursor`] was made of. It comes from the client, who may have made it up.
    pub after: Option<Value>,
}

/// How many entries a page has where nothing is said.
const LIMIT: u32 = 20;

/// The most.
const MOST: u32 = 100;

impl Page {
    /// The page that a request asks for: 20 entries, or 1 to 100 by `limit`, behind `cursor`.
    ///
    /// # Errors
    /// 400 with the parameter that is wrong.
    pub fn of(request: &Request) -> Result<Self, Refusal> {
        let limit = match request.query.get("limit") {
            None => LIMIT,
            Some(text) => {
                let limit = text.parse().ok();
                let bounded = limit.filter(|limit| (1..=MOST).contains(limit));
                bounded.ok_or_else(|| {
                    Refusal::bad("limit", format!("a page has 1 to {MOST} entries"))
                })?
            }
        };
        let after = request.query.get("cursor").map(|text| {
            read(text).ok_or_else(|| Refusal::bad("cursor", "this is no cursor of a page before"))
        });
        Ok(Self {
            limit,
            after: after.transpose()?,
        })
    }

    /// The cursor of the page behind this: opaque to clients, not secret.
    #[must_use]
    pub fn cursor(after: &Value) -> String {
        URL_SAFE_NO_PAD.encode(after.to_string())
    }
}

fn read(text: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn page(query: &[(&str, &str)]) -> Result<Page, Refusal> {
        let query = query.iter();
        Page::of(&Request {
            query: query
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..Request::default()
        })
    }

    #[test]
    fn a_page_is_bounded_and_a_cursor_reads_back() {
        let after = json!({ "id": { "S": "lamp" } });
        let cursor = Page::cursor(&after);
        let found = page(&[("limit", "7"), ("cursor", &cursor)]).unwrap();
        let expected = Page {
            limit: 7,
            after: Some(after),
        };
        assert_eq!(found, expected);
        assert_eq!(page(&[]).unwrap().limit, LIMIT);
        for (name, value) in [
            ("limit", "0"),
            ("limit", "101"),
            ("limit", "-1"),
            ("limit", "many"),
            ("cursor", "!"),
            ("cursor", "e30x"),
        ] {
            let refusal = page(&[(name, value)]).unwrap_err();
            assert_eq!(
                (refusal.status, refusal.field.as_deref()),
                (400, Some(name)),
                "{value}"
            );
        }
    }
}
