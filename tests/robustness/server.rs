//! An HTTP/1.1 server whose response to a search depends on the query.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::io::Write;

use reqwest::Url;

use crate::support::{artists, listen, read_head, token_response};

/// A response to a search: its bytes, and whether the connection is closed after it.
pub struct Reply {
    pub bytes: Vec<u8>,
    pub closes: bool,
}

impl Reply {
    /// Creates a reply that keeps the connection open. `headers` are complete lines.
    pub fn new(status: &str, headers: &str, body: &[u8]) -> Self {
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n");
        Self { bytes: [head.as_bytes(), body].concat(), closes: false }
    }

    /// A response with one artist of this name.
    pub fn found(name: &str) -> Self {
        Self::new("200 OK", "", artists(&[name]).to_string().as_bytes())
    }

    /// A 429 with this `Retry-After`.
    pub fn rate_limited(retry_after: u32) -> Self {
        Self::new("429 Too Many Requests", &format!("retry-after: {retry_after}\r\n"), b"")
    }

    /// Sends these bytes and closes the connection.
    pub fn raw(bytes: Vec<u8>) -> Self {
        Self { bytes, closes: true }
    }
}

/// Starts a server that issues tokens and sends `respond(query)` to every search. Returns the base
/// URL.
pub fn search_server(respond: impl Fn(&str) -> Reply + Send + Sync + 'static) -> String {
    let address = listen(move |mut stream| {
        // A response in several packets would wait for acknowledgements.
        let _ = stream.set_nodelay(true);
        loop {
            let head = read_head(&mut stream);
            let reply = if head.starts_with("POST") {
                Reply::raw(token_response().into_bytes())
            } else if let Some(query) = query(&head) {
                respond(&query)
            } else {
                return;
            };
            if stream.write_all(&reply.bytes).is_err() || reply.closes {
                return;
            }
        }
    });
    format!("http://{address}")
}

/// Returns the query of a search request.
fn query(head: &str) -> Option<String> {
    let target = head.strip_prefix("GET ")?.split(' ').next()?;
    let url = Url::parse(&format!("http://host{target}")).unwrap();
    let (_, query) = url.query_pairs().find(|(key, _)| key == "q").unwrap();
    Some(query.into_owned())
}

/// Returns a number that looks random. Equal arguments give equal numbers.
pub fn random(arguments: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    arguments.hash(&mut hasher);
    hasher.finish()
}
