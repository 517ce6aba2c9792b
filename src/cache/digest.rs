//! The names of cache files. They are digests, which show neither a client id nor a query.

use std::fmt::Write as _;

use ring::digest::{Context, SHA256};

/// Returns the SHA-256 of the parts in hexadecimal.
pub fn digest(parts: &[&str]) -> String {
    let mut context = Context::new(&SHA256);
    for part in parts {
        // With its length, so that no two lists of parts have the same digest.
        context.update(&part.len().to_le_bytes());
        context.update(part.as_bytes());
    }
    context.finish().as_ref().iter().fold(String::new(), |mut name, byte| {
        let _ = write!(name, "{byte:02x}");
        name
    })
}
