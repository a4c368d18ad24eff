//! Requests as somebody sends them who is no browser.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// The parts of a studio's address: `127.0.0.1:4321` and the token.
pub fn parts(url: &str) -> (&str, &str) {
    let rest = url.trim_start_matches("http://");
    rest.split_once("/#").unwrap_or((rest, ""))
}

/// A request to an address, by its first line, its headers and its body; gives the status and all that was answered.
pub fn ask(
    address: &str,
    line: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<(u16, String), String> {
    let told = |error: std::io::Error| format!("{line}: {error}");
    let mut stream = TcpStream::connect(address).map_err(told)?;
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .map_err(told)?;
    let mut text = format!("{line} HTTP/1.1\r\nConnection: close\r\n");
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    text += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(text.as_bytes()).map_err(told)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).map_err(told)?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok());
    let status = status.ok_or_else(|| format!("{line}: no answer: {answer}"))?;
    Ok((status, answer))
}
