//! The provider: another process, with books that survive it.
//!
//! It behaves as payment providers do. A request that was made before, by its key, is answered as it was
//! before. A key that was never entered can't be struck out, and can be entered afterwards: it knows nothing
//! of sagas, and protects nobody from a late charge. It is slow at times, busy at times; at times it answers
//! 500 after it has written, or hangs up, or says on its stdout that it has written and waits before it answers, so
//! that whoever asked can be killed in that very moment.

use std::hash::{DefaultHasher, Hasher as _};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Deserialize;

use crate::books::Books;

/// The variable that names the file of the books.
pub const BOOKS: &str = "SAGA_SOAK_BOOKS";

/// How long an answer is held back for the killer.
const HELD: Duration = Duration::from_millis(300);

/// How long it is slow, at most.
const SLOW: u64 = 80;

#[derive(Deserialize)]
struct Request {
    key: String,
    amount: i64,
    /// The invocation that asks.
    request: String,
    /// When the request is not to be carried out any more, in milliseconds since 1970.
    void_at: u128,
}

/// What happens to a request, besides what it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mishap {
    None,
    Slow,
    Busy,
    HoldsBack,
    AnswersAnError,
    HangsUp,
}

struct Provider {
    books: Mutex<Books>,
    /// Whether an operator has seen to it that nothing is refused any more.
    repaired: AtomicBool,
}

/// Serves until stdin ends. From its first line on, nothing is refused.
pub fn serve(books: &Path) {
    let provider: &'static Provider = Box::leak(Box::new(Provider {
        books: Mutex::new(Books::open(books)),
        repaired: AtomicBool::new(false),
    }));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || provider.answer(&stream));
        }
    });
    for _ in std::io::stdin().lines() {
        provider.repaired.store(true, Ordering::SeqCst);
    }
}

impl Provider {
    fn answer(&self, stream: &TcpStream) -> Option<()> {
        let (method, book, request) = read(stream)?;
        let mishap = mishap(&request.request);
        match mishap {
            Mishap::Slow => std::thread::sleep(Duration::from_millis(
                draw(&("slow", &request.request)) % SLOW,
            )),
            Mishap::Busy => return respond(stream, 503),
            _ => {}
        }
        let status = self.carry_out(&method, &book, &request);
        match mishap {
            Mishap::HoldsBack => {
                println!("{}", request.request);
                // It comes back early when the other side is gone.
                stream.set_read_timeout(Some(HELD)).ok()?;
                let _ = (&*stream).read(&mut [0]);
            }
            Mishap::AnswersAnError => return respond(stream, 500),
            Mishap::HangsUp => return None,
            Mishap::None | Mishap::Slow | Mishap::Busy => {}
        }
        respond(stream, status)
    }

    fn carry_out(&self, method: &str, book: &str, request: &Request) -> u16 {
        let mut books = self.books.lock().unwrap();
        // Under the lock: whoever comes later sees what was done before.
        if now() >= request.void_at {
            return 408;
        }
        let found = books.find(book, &request.key);
        match (method, found) {
            ("POST", Some(entry)) if entry.amount == request.amount => 200,
            ("POST", Some(_)) => 409,
            ("POST", None) if self.refuses(book, &request.key) => 402,
            ("POST", None) => {
                books.make(book, &request.key, request.amount);
                200
            }
            ("DELETE", None) => 404,
            ("DELETE", Some(entry)) if entry.struck => 200,
            ("DELETE", Some(_)) if self.refuses("refunds", &request.key) => 402,
            ("DELETE", Some(entry)) => {
                books.strike(book, &request.key, entry);
                200
            }
            _ => 405,
        }
    }

    /// Whether the stock is gone, the card not covered, the account frozen: what is refused is refused
    /// whenever it is asked for. An account is seldom frozen, since whoever is refused a refund is parked: of
    /// two hundred sagas ten are not by chance.
    fn refuses(&self, what: &str, key: &str) -> bool {
        let percent = match what {
            "reservations" => 8,
            "charges" | "shipments" => 15,
            _ => 1,
        };
        !self.repaired.load(Ordering::SeqCst) && draw(&(what, key)) % 100 < percent
    }
}

fn mishap(request: &str) -> Mishap {
    match draw(&("mishap", request)) % 100 {
        0..3 => Mishap::HoldsBack,
        3..5 => Mishap::AnswersAnError,
        5..7 => Mishap::HangsUp,
        7..9 => Mishap::Busy,
        9..19 => Mishap::Slow,
        _ => Mishap::None,
    }
}

fn draw(of: &impl std::hash::Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

fn now() -> u128 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_millis()
}

fn read(stream: &TcpStream) -> Option<(String, String, Request)> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let method = words.next()?.to_owned();
    let book = words.next()?.trim_start_matches('/').to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(':') else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((method, book, serde_json::from_slice(&body).ok()?))
}

fn respond(mut stream: &TcpStream, status: u16) -> Option<()> {
    let body = r#"{"id":"entered"}"#;
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status} Answer\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    stream.write_all(answer.as_bytes()).ok()
}
