//! Why a response body cannot be used.

use std::io;
use std::sync::Arc;

use serde_json::error::Category;

use crate::error::{Error, Source};

/// Why a response body cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{problem}")]
pub(crate) struct ResponseError {
    /// What is wrong, to follow "the response": "is not valid JSON".
    pub problem: String,
    /// The parser's error, if the body is not valid JSON.
    pub source: Option<serde_json::Error>,
}

/// Returns the problem of a body that is HTML: a proxy or the login page of a network has answered
/// instead of Spotify.
pub(crate) fn html_problem(body: &[u8]) -> Option<&'static str> {
    body.trim_ascii_start().starts_with(b"<").then_some("is HTML instead of JSON")
}

impl ResponseError {
    /// Returns the error for a response from this host. If the JSON text ends in the middle, the
    /// connection broke.
    pub(crate) fn into_error(self, host: String) -> Error {
        let Self { problem, source } = self;
        match source {
            Some(error) if error.is_eof() => {
                let source = Arc::new(io::Error::other("the response is incomplete"));
                Error::Network { host, source }
            }
            source => {
                let source = source.map(|error| Arc::new(error) as Source);
                Error::BadResponse { host, problem, source }
            }
        }
    }

    pub(super) fn new(problem: &str) -> Self {
        Self { problem: problem.to_owned(), source: None }
    }

    /// The body is JSON, but does not have the documented shape.
    pub(super) fn shape(what: impl AsRef<str>) -> Self {
        Self::new(&format!("does not have the documented form: {}", what.as_ref()))
    }

    pub(super) fn invalid_json(error: serde_json::Error) -> Self {
        match error.classify() {
            Category::Data => Self::shape("it is not an object"),
            Category::Eof if error.column() == 0 => Self::new("is empty"),
            Category::Eof => Self { problem: "is incomplete".into(), source: Some(error) },
            _ => Self { problem: "is not valid JSON".into(), source: Some(error) },
        }
    }
}
