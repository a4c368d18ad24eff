//! A service that answers a process's requests over HTTP, and what it keeps.

use std::io::{BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::lambda::server::{Request, read};

/// What a service does with a request: the status and the body of its answer. It panics at what it does not
/// expect, which breaks the connection.
pub trait Service: Default + Send + 'static {
    fn answer(&mut self, request: &Request) -> (&'static str, Value);
}

/// A service, served until the test ends.
pub struct Served<S> {
    address: SocketAddr,
    service: Arc<Mutex<S>>,
}

impl<S: Service> Served<S> {
    /// Serves on a free port.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let service = Arc::new(Mutex::new(S::default()));
        let served = Arc::clone(&service);
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let service = Arc::clone(&served);
                std::thread::spawn(move || drop(serve(connection.unwrap(), &*service)));
            }
        });
        Self { address, service }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Looks at what it keeps, or changes it.
    pub fn with<T>(&self, look: impl FnOnce(&mut S) -> T) -> T {
        look(&mut self.service.lock().unwrap())
    }
}

fn serve<S: Service>(connection: TcpStream, service: &Mutex<S>) -> std::io::Result<()> {
    let mut reader = BufReader::new(connection.try_clone()?);
    while let Some(request) = read(&mut reader)? {
        let (status, body) = service.lock().unwrap().answer(&request);
        let body = body.to_string();
        let length = body.len();
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}");
        // At once: a second segment waits until the first one is acknowledged, which takes 40 ms.
        (&connection).write_all(answer.as_bytes())?;
    }
    Ok(())
}
