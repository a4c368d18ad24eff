//! The Runtime API as Lambda serves it to one process: events go in, replies come out.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

/// The longest that a test waits for a reply.
const PATIENCE: Duration = Duration::from_secs(20);

/// A served Runtime API.
pub struct Lambda {
    address: SocketAddr,
    events: Sender<Vec<u8>>,
    requests: Receiver<Request>,
}

/// A request of the process under test.
#[derive(Debug)]
pub struct Request {
    /// Method and path.
    pub target: String,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Request {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

impl Lambda {
    /// Serves on a free port, until the test ends.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (events, waiting) = channel();
        let (seen, requests) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let (waiting, seen) = (Arc::clone(&waiting), seen.clone());
                // A connection that breaks off is a process that ended: the test sees that elsewhere.
                std::thread::spawn(move || drop(serve(connection.unwrap(), &waiting, &seen)));
            }
        });
        Self {
            address,
            events,
            requests,
        }
    }

    /// What `AWS_LAMBDA_RUNTIME_API` holds.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Hands out an event to the next request for work.
    pub fn send(&self, event: impl Into<Vec<u8>>) {
        self.events.send(event.into()).unwrap();
    }

    /// The next request, registrations and requests for work left out.
    pub fn reply(&self) -> Request {
        loop {
            let request = self.request();
            if !request.target.contains("/extension/") && !request.target.ends_with("/next") {
                return request;
            }
        }
    }

    /// The next request.
    pub fn request(&self) -> Request {
        self.requests
            .recv_timeout(PATIENCE)
            .expect("a request within 20 seconds")
    }
}

fn serve(
    connection: TcpStream,
    events: &Mutex<Receiver<Vec<u8>>>,
    seen: &Sender<Request>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(connection.try_clone()?);
    while let Some(request) = read(&mut reader)? {
        let target = request.target.clone();
        // The test may be over, and not look at it.
        let _ = seen.send(request);
        let (status, headers, body) = match target.as_str() {
            "GET /2018-06-01/runtime/invocation/next" => match events.lock().unwrap().recv() {
                Ok(event) => ("200 OK", invocation(&event), event),
                Err(_) => return Ok(()),
            },
            "POST /2020-01-01/extension/register" => (
                "200 OK",
                "Lambda-Extension-Identifier: extension-1\r\n".into(),
                b"{}".to_vec(),
            ),
            "GET /2020-01-01/extension/event/next" => loop {
                std::thread::park();
            },
            _ => (
                "202 Accepted",
                String::new(),
                b"{\"status\":\"OK\"}".to_vec(),
            ),
        };
        let mut connection = &connection;
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\r\n");
        // At once: a second segment waits until the first one is acknowledged, which takes 40 ms.
        connection.write_all(&[head.as_bytes(), &body].concat())?;
    }
    Ok(())
}

/// The head of an invocation; its id is `request-1`, unless the event states another `requestId`.
fn invocation(event: &[u8]) -> String {
    let event: Value = serde_json::from_slice(event).unwrap_or_default();
    let id = event.get("requestId").and_then(Value::as_str);
    format!(
        "Lambda-Runtime-Aws-Request-Id: {}\r\n\
         Lambda-Runtime-Deadline-Ms: 4102444800000\r\n\
         Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:test\r\n",
        id.unwrap_or("request-1")
    )
}

pub fn read(reader: &mut BufReader<TcpStream>) -> std::io::Result<Option<Request>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let target = line.rsplit_once(' ').expect("a request line").0.to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let mut request = Request {
        target,
        headers,
        body: String::new(),
    };
    let length = request
        .header("content-length")
        .map_or(0, |length| length.parse().unwrap());
    reader.take(length).read_to_string(&mut request.body)?;
    Ok(Some(request))
}
