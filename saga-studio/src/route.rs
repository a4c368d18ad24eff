//! What is asked, and who answers.

use std::sync::Arc;

use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::{Method, Request, Response, StatusCode};
use saga_engine::limits::PAYLOAD_BYTES;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::export::Exported;
use crate::mask::Mask;
use crate::matrix::Told;
use crate::order::Order;
use crate::record::Record;
use crate::record::Seen::{self, Clear, Masked};
use crate::reply::{self, Body};
use crate::server::Desk;
use crate::workshop::{Built, Problem};
use crate::{asset, describe, export, matrix, stream};

/// The largest body: an input, and what goes around it.
const LARGEST: usize = 2 * PAYLOAD_BYTES;

/// Answers a request that was let in.
pub(crate) async fn answer(desk: &Desk, request: Request<Incoming>) -> Response<Body> {
    let (head, body) = request.into_parts();
    let path = head.uri.path();
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let asked = match (&head.method, parts.as_slice()) {
        (&Method::GET, ["api", "news"]) => Ok(news(desk)),
        (&Method::GET, ["api", "sagas", name]) => saga(desk, name),
        (&Method::GET, ["api", "runs", run, "lines", from]) => lines(desk, run, from, Masked),
        (&Method::GET, ["api", "runs", run, "events", line]) => event(desk, run, line, Masked),
        (&Method::GET, ["api", "runs", run, "clear", "lines", from]) => {
            lines(desk, run, from, Clear)
        }
        (&Method::GET, ["api", "runs", run, "clear", "events", line]) => {
            event(desk, run, line, Clear)
        }
        (&Method::POST, ["api", "runs"]) => match read(body).await {
            Ok(order) => begin(desk, &order),
            Err(problem) => Err(problem),
        },
        (&Method::POST, ["api", "runs", run, "stop"]) => record(desk, run).map(|record| {
            record.stop();
            ok(&json!({}))
        }),
        (&Method::POST, ["api", "matrix"]) => match read(body).await {
            Ok(asked) => cells(desk, asked).await,
            Err(problem) => Err(problem),
        },
        (&Method::POST, ["api", "export"]) => match read(body).await {
            Ok(exported) => exports(desk, &exported),
            Err(problem) => Err(problem),
        },
        (&Method::GET, _) => return asset::at(path).unwrap_or_else(nothing),
        _ => return nothing(),
    };
    asked.unwrap_or_else(|problem| reply::problem(StatusCode::BAD_REQUEST, &problem))
}

fn nothing() -> Response<Body> {
    reply::text(StatusCode::NOT_FOUND, "there is nothing here\n".into())
}

fn ok(value: &Value) -> Response<Body> {
    reply::json(StatusCode::OK, value)
}

fn news(desk: &Desk) -> Response<Body> {
    let (outlet, response) = reply::lines();
    let package = desk.shop.workshop.package().to_owned();
    tokio::spawn(stream::news(
        package,
        desk.shop.opened,
        desk.shop.watch(),
        outlet,
    ));
    response
}

fn saga(desk: &Desk, name: &str) -> Result<Response<Body>, Problem> {
    let described = describe::saga(&*desk.shop.built()?, name)?;
    Ok(reply::json(StatusCode::OK, &described))
}

fn begin(desk: &Desk, order: &Order) -> Result<Response<Body>, Problem> {
    let run = desk.runs.begin(desk.shop.built()?, order)?;
    Ok(ok(&json!({ "run": run })))
}

fn record(desk: &Desk, run: &str) -> Result<Arc<Record>, Problem> {
    let number = run.parse().ok();
    let record = number.and_then(|number| desk.runs.record(number));
    record.ok_or_else(|| Problem::new("there is no such run", "run the saga again"))
}

fn lines(desk: &Desk, run: &str, from: &str, seen: Seen) -> Result<Response<Body>, Problem> {
    let record = record(desk, run)?;
    let from = from.parse().unwrap_or_default();
    let (outlet, response) = reply::lines();
    tokio::spawn(stream::run(record, from, seen, outlet));
    Ok(response)
}

fn event(desk: &Desk, run: &str, line: &str, seen: Seen) -> Result<Response<Body>, Problem> {
    let record = record(desk, run)?;
    let event = line.parse().ok().and_then(|line| record.event(line, seen));
    let event = event.ok_or_else(|| Problem::new("there is no such event", ""))?;
    Ok(ok(&event))
}

/// What the matrix is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    saga: String,
    input: Value,
}

async fn cells(desk: &Desk, asked: Asked) -> Result<Response<Body>, Problem> {
    let built: Arc<Built> = desk.shop.built()?;
    let (found, mut made) = mpsc::channel(64);
    tokio::task::spawn_blocking(move || {
        matrix::tell(&built, &asked.saga, &asked.input, &mut |told| {
            found.blocking_send(told).is_ok()
        });
    });
    // Until the first line nothing is promised: what is wrong is an answer of its own.
    let first = made.recv().await;
    match first.ok_or_else(|| Problem::new("the model could not be asked", ""))? {
        Told::Refused(problem) => Err(problem),
        first => {
            let (outlet, response) = reply::lines();
            tokio::spawn(stream::work(first.line(), made, outlet));
            Ok(response)
        }
    }
}

fn exports(desk: &Desk, exported: &Exported) -> Result<Response<Body>, Problem> {
    let mask = Mask::of(&desk.shop.built()?.manifest);
    Ok(ok(&export::test(exported, &mask)?))
}

async fn read<T: DeserializeOwned>(body: Incoming) -> Result<T, Problem> {
    let unread = |what: String| Problem::new(format!("the request cannot be read: {what}"), "");
    let bytes = Limited::new(body, LARGEST).collect().await;
    let bytes = bytes.map_err(|error| unread(error.to_string()))?.to_bytes();
    serde_json::from_slice(&bytes).map_err(|error| unread(error.to_string()))
}
