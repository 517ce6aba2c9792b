//! HTTP/1.1: reads a request, and builds responses, valid or not.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::step::Step;
use crate::support::artists;

/// Reads a request with its body, so that closing the connection afterwards does not reset it.
///
/// # Errors
///
/// Fails if the client closes the connection before the end of the request.
pub fn read_request(connection: &mut impl Read) -> io::Result<()> {
    let mut request = Vec::new();
    let end_of_head = loop {
        if let Some(end) = request.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            break end + 4;
        }
        read_more(connection, &mut request)?;
    };
    let head = String::from_utf8_lossy(&request[..end_of_head]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.map_or(0, |length| length.parse().unwrap());
    while request.len() < end_of_head + length {
        read_more(connection, &mut request)?;
    }
    Ok(())
}

fn read_more(connection: &mut impl Read, request: &mut Vec<u8>) -> io::Result<()> {
    let mut buffer = [0; 4096];
    match connection.read(&mut buffer)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        read => {
            request.extend_from_slice(&buffer[..read]);
            Ok(())
        }
    }
}

/// A complete response. `headers` are lines that end with `\r\n`.
pub fn response(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Vec<Step> {
    let body = body.as_ref();
    let head = format!(
        "HTTP/1.1 {status} Some Reason\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    raw([head.as_bytes(), body].concat())
}

/// A search with one result.
pub fn ok() -> Vec<Step> {
    response(200, "", artists(&["BTS"]).to_string())
}

/// These bytes as the response.
pub fn raw(bytes: impl AsRef<[u8]>) -> Vec<Step> {
    vec![Step::Send(bytes.as_ref().to_vec())]
}

/// The bytes, compressed with gzip.
pub fn gzip(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes.as_ref()).unwrap();
    encoder.finish().unwrap()
}
