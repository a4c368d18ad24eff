//! The files of the page, inside of the binary.

use hyper::Response;

use crate::reply::{self, Body};

const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const PICTURE: &str = "image/svg+xml";

macro_rules! assets {
    ($($path:literal, $kind:ident;)*) => {
        /// Each file by its path, with its type and its text.
        const ASSETS: &[(&str, &str, &str)] = &[
            $((concat!("/", $path), $kind, include_str!(concat!("../assets/", $path))),)*
        ];
    };
}

assets! {
    "index.html", HTML;
    "studio.css", STYLE;
    "live.css", STYLE;
    "icon.svg", PICTURE;
    "studio.js", SCRIPT;
    "server.js", SCRIPT;
    "element.js", SCRIPT;
    "record.js", SCRIPT;
    "picture.js", SCRIPT;
    "events.js", SCRIPT;
    "time.js", SCRIPT;
    "form.js", SCRIPT;
    "input.js", SCRIPT;
    "faults.js", SCRIPT;
    "state.js", SCRIPT;
    "stores.js", SCRIPT;
    "matrix.js", SCRIPT;
    "export.js", SCRIPT;
    "json.js", SCRIPT;
    "rows.js", SCRIPT;
    "secrets.js", SCRIPT;
}

/// The file at a path, if there is one.
pub(crate) fn at(path: &str) -> Option<Response<Body>> {
    let path = if path == "/" { "/index.html" } else { path };
    if path == "/picture.css" {
        return Some(reply::file(STYLE, saga_graph::STYLE));
    }
    let (_, kind, text) = ASSETS.iter().find(|(name, ..)| *name == path)?;
    Some(reply::file(kind, text))
}
