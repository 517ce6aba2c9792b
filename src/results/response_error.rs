//! The errors of response bodies that cannot be used.

use std::io;
use std::sync::Arc;

use serde_json::error::Category;

use crate::error::{Error, Source};

/// Returns the problem of a body that is HTML: a proxy or the login page of a network has answered
/// instead of Spotify.
pub(crate) fn html_problem(body: &[u8]) -> Option<&'static str> {
    body.trim_ascii_start().starts_with(b"<").then_some("is HTML instead of JSON")
}

/// The body is JSON, but does not have the documented shape.
pub(super) fn shape_error(host: &str, what: &str) -> Error {
    Error::bad_response(host, format!("does not have the documented form: {what}"))
}

/// The body is not a JSON object. If the text ends in the middle, the connection broke.
pub(super) fn json_error(host: &str, error: serde_json::Error) -> Error {
    match error.classify() {
        Category::Data => shape_error(host, "it is not an object"),
        Category::Eof if error.column() == 0 => Error::bad_response(host, "is empty"),
        Category::Eof => {
            let source = Arc::new(io::Error::other("the response is incomplete"));
            Error::Network { host: host.to_owned(), source }
        }
        _ => {
            let source = Some(Arc::new(error) as Source);
            let (host, problem) = (host.to_owned(), "is not valid JSON".to_owned());
            Error::BadResponse { host, problem, source }
        }
    }
}
