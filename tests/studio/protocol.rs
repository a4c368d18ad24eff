//! Who is answered, and who is not, over the wire.

use crate::tools::trial::Stop;
use crate::wire::{ask, parts};

const JSON: (&str, &str) = ("Content-Type", "application/json");

/// Files and API answer the page, with headers that keep others out.
pub fn the_page_is_answered(url: &str) -> Result<(), Stop> {
    let (address, token) = parts(url);
    let (own, with) = (("Host", address), ("X-Saga-Token", token));
    let (status, page) = ask(address, "GET /", &[own], "")?;
    for expected in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "no-referrer",
        "nosniff",
        "no-store",
        "same-origin",
    ] {
        if status != 200 || !page.contains(expected) {
            return Err(format!("{status}: `{expected}` is not in\n{page}").into());
        }
    }
    let lower = page.to_lowercase();
    if lower.contains("access-control-") || lower.contains("set-cookie") {
        return Err(format!("it lets others in:\n{page}").into());
    }
    // Nothing of the page comes from elsewhere.
    if page.contains("//") && page.replace(address, "").contains("https://") {
        return Err(format!("it asks elsewhere:\n{page}").into());
    }
    expect(ask(address, "GET /studio.js", &[own], "")?, 200)?;
    expect(ask(address, "GET /api/sagas/Small", &[own, with], "")?, 200)?;
    expect(ask(address, "GET /../Cargo.toml", &[own, with], "")?, 404)?;
    expect(ask(address, "GET /api/nothing", &[own, with], "")?, 404)
}

/// The API answers nobody without the token, and nobody at all under another name or for another origin.
pub fn nobody_else_is_answered(url: &str) -> Result<(), Stop> {
    let (address, token) = parts(url);
    let (own, with) = (("Host", address), ("X-Saga-Token", token));
    let port = address.rsplit(':').next().unwrap_or_default();
    let rebound = format!("evil.example:{port}");
    let order = r#"{"saga":"Small","input":{}}"#;
    let wrong = "0".repeat(token.len());
    let begin = "POST /api/runs";
    for (line, headers, body, status) in [
        ("GET /api/news", vec![own], "", 401),
        ("GET /api/sagas/Small", vec![own], "", 401),
        ("GET /api/runs/1/lines/0", vec![own], "", 401),
        ("GET /api/runs/1/clear/lines/0", vec![own], "", 401),
        ("GET /api/runs/1/clear/events/0", vec![own], "", 401),
        (
            "GET /api/runs/1/events/0",
            vec![own, ("X-Saga-Token", &wrong)],
            "",
            401,
        ),
        (begin, vec![own, JSON], order, 401),
        ("POST /api/matrix", vec![own, JSON], order, 401),
        ("POST /api/export", vec![own, JSON], order, 401),
        ("POST /api/runs/1/stop", vec![own, JSON], "{}", 401),
        // The token in a place where others could put it.
        (
            "GET /api/sagas/Small?x-saga-token=TOKEN",
            vec![own],
            "",
            401,
        ),
        (begin, vec![own, JSON, ("Cookie", token)], order, 401),
        // A form, and text.
        (
            begin,
            vec![
                own,
                with,
                ("Content-Type", "application/x-www-form-urlencoded"),
            ],
            order,
            415,
        ),
        (
            begin,
            vec![own, with, ("Content-Type", "text/plain")],
            order,
            415,
        ),
        // A name that somebody pointed here, even with the token.
        ("GET /", vec![("Host", rebound.as_str())], "", 421),
        (
            "GET /api/news",
            vec![("Host", rebound.as_str()), with],
            "",
            421,
        ),
        (
            begin,
            vec![("Host", rebound.as_str()), with, JSON],
            order,
            421,
        ),
        // Another origin, even with the token.
        (
            "GET /",
            vec![own, ("Origin", "http://evil.example")],
            "",
            403,
        ),
        (
            begin,
            vec![own, with, JSON, ("Origin", "http://127.0.0.1:1")],
            order,
            403,
        ),
        (begin, vec![own, with, JSON, ("Origin", "null")], order, 403),
        (
            begin,
            vec![own, with, JSON, ("Sec-Fetch-Site", "cross-site")],
            order,
            403,
        ),
        (
            begin,
            vec![own, with, JSON, ("Sec-Fetch-Site", "same-site")],
            order,
            403,
        ),
        // What a browser asks before it lets a page send a header.
        (
            "OPTIONS /api/runs",
            vec![own, ("Access-Control-Request-Method", "POST")],
            "",
            405,
        ),
        // A WebSocket.
        (
            "GET /api/news",
            vec![own, ("Upgrade", "websocket"), ("Sec-WebSocket-Key", "x")],
            "",
            401,
        ),
    ] {
        let line = line.replace("TOKEN", token);
        expect(ask(address, &line, &headers, body)?, status).map_err(|stop| match stop {
            Stop::Failed(message) => Stop::Failed(format!("{line} {headers:?}: {message}")),
            other => other,
        })?;
    }
    Ok(())
}

/// What cannot be carried out says why.
pub fn wrong_orders_are_refused(url: &str) -> Result<(), Stop> {
    let (address, token) = parts(url);
    let headers = [("Host", address), ("X-Saga-Token", token), JSON];
    for (order, says) in [
        ("{", "cannot be read"),
        (r#"{"saga":"Other","input":{}}"#, "no saga `Other`"),
        (r#"{"saga":"Small","input":{}}"#, "`orderId`"),
        (
            r#"{"saga":"Small","input":INPUT,"faults":[{"state":"Nothing","kind":"crash"}]}"#,
            "no step `Nothing`",
        ),
        (
            r#"{"saga":"Small","input":INPUT,"faults":[{"state":"ChargeCard","kind":"fail"}]}"#,
            "no error is named",
        ),
        (
            r#"{"saga":"Small","input":INPUT,"faults":[{"state":"ChargeCard","kind":"burn"}]}"#,
            "unknown variant `burn`",
        ),
        (
            r#"{"saga":"Small","input":INPUT,"answers":[{"state":"ChargeCard"}]}"#,
            "ChargeCard",
        ),
        (
            r#"{"saga":"Small","input":INPUT,"rows":{"Entris":[]}}"#,
            "did you mean `Entries`?",
        ),
        (
            r#"{"saga":"Small","input":INPUT,"target":"choreography"}"#,
            "that needs an orchestrator",
        ),
        (
            r#"{"saga":"Small","input":INPUT,"target":"choreography","redrive":true}"#,
            "a redrive is for an execution",
        ),
    ] {
        let order = order.replace("INPUT", INPUT);
        let (status, answer) = ask(address, "POST /api/runs", &headers, &order)?;
        if status != 400 || !answer.contains(says) {
            return Err(format!("{order}: `{says}` is not in\n{answer}").into());
        }
    }
    Ok(())
}

/// An input of the sagas of `sagas.rs`.
pub const INPUT: &str = r#"{"orderId":"o-1","shipping":"express","total":5,"isGift":false,
    "address":{"street":"s","city":"c"},"lines":[{"sku":"a"}]}"#;

fn expect((status, answer): (u16, String), expected: u16) -> Result<(), Stop> {
    match status == expected {
        true => Ok(()),
        false => Err(format!("{expected} was expected, not\n{answer}").into()),
    }
}
