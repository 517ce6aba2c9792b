//! The names of cache files. They are digests, which show neither a client id nor a query.

use std::fmt::Write as _;

use ring::digest::SHA256;

/// Returns the SHA-256 of the parts, which contain no NUL, in hexadecimal.
pub fn digest(parts: &[&str]) -> String {
    let digest = ring::digest::digest(&SHA256, parts.join("\0").as_bytes());
    digest.as_ref().iter().fold(String::new(), |mut name, byte| {
        let _ = write!(name, "{byte:02x}");
        name
    })
}
