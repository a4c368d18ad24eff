//! As much of EventBridge and its Scheduler as publishers ask for.

use std::collections::BTreeMap;
use std::io::{BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::lambda::server::read;

/// The bus and the schedules, served until the test ends.
pub struct Cloud {
    address: SocketAddr,
    kept: Arc<Mutex<Kept>>,
}

/// What was published.
#[derive(Default)]
pub struct Kept {
    /// Entries of the bus, in order.
    pub entries: Vec<Value>,
    /// Schedules, by name.
    pub schedules: BTreeMap<String, Value>,
    /// So many requests fail.
    pub failures: u32,
}

impl Cloud {
    /// Serves on a free port.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let kept = Arc::new(Mutex::new(Kept::default()));
        let served = Arc::clone(&kept);
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let kept = Arc::clone(&served);
                std::thread::spawn(move || drop(serve(connection.unwrap(), &kept)));
            }
        });
        Self { address, kept }
    }

    /// The variables by which a process finds it.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let url = format!("http://{}", self.address);
        vec![
            ("AWS_ENDPOINT_URL_EVENTBRIDGE", url.clone()),
            ("AWS_ENDPOINT_URL_SCHEDULER", url),
            ("SAGA_BUS_ARN", "arn:bus".into()),
            ("SAGA_SCHEDULE_GROUP", "group".into()),
            ("SAGA_SCHEDULE_ROLE_ARN", "arn:role".into()),
            ("SAGA_SCHEDULE_DEAD_LETTERS_ARN", "arn:letters".into()),
        ]
    }

    /// Looks at what was published, or changes it.
    pub fn with<T>(&self, look: impl FnOnce(&mut Kept) -> T) -> T {
        look(&mut self.kept.lock().unwrap())
    }
}

fn serve(connection: TcpStream, kept: &Mutex<Kept>) -> std::io::Result<()> {
    let mut reader = BufReader::new(connection.try_clone()?);
    while let Some(request) = read(&mut reader)? {
        let signed = request.header("authorization").unwrap_or_default();
        let (status, body) = {
            let mut kept = kept.lock().unwrap();
            match request.target.strip_prefix("POST /schedules/") {
                Some(name) => {
                    assert!(signed.contains("/scheduler/aws4_request"), "{signed}");
                    kept.schedule(name, &request.json())
                }
                None => {
                    assert!(signed.contains("/events/aws4_request"), "{signed}");
                    assert_eq!(request.header("x-amz-target"), Some("AWSEvents.PutEvents"));
                    kept.put(&request.json())
                }
            }
        };
        let body = body.to_string();
        let mut connection = &connection;
        write!(
            connection,
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
    }
    Ok(())
}

impl Kept {
    fn put(&mut self, request: &Value) -> (&'static str, Value) {
        let entries = request["Entries"].as_array().unwrap();
        assert!(entries.len() <= 10);
        if self.failures > 0 {
            self.failures -= 1;
            let refused = json!({ "ErrorCode": "InternalFailure" });
            return (
                "200 OK",
                json!({ "FailedEntryCount": 1, "Entries": [refused] }),
            );
        }
        self.entries.extend(entries.iter().cloned());
        ("200 OK", json!({ "FailedEntryCount": 0, "Entries": [] }))
    }

    fn schedule(&mut self, name: &str, request: &Value) -> (&'static str, Value) {
        if self.schedules.contains_key(name) {
            return ("409 Conflict", json!({ "Message": "it is there" }));
        }
        self.schedules.insert(name.to_owned(), request.clone());
        ("200 OK", json!({ "ScheduleArn": "arn:schedule" }))
    }
}
