//! Helpers for all tests: the built command in a clean environment, and servers on loopback.

use std::io::{self, Write};

mod catalogue;
mod command;
mod http_server;
mod raw_server;
#[cfg(unix)]
mod terminal;
mod test_server;

pub use catalogue::Catalogue;
pub use command::{Outcome, TestCommand};
pub use http_server::{HttpServer, Request, Respond, ResponseTemplate, tls_config_with};
pub use raw_server::{
    Step, http_response, listen, play, raw_server, read_head, tls_server, tls_server_with,
    token_response,
};
#[cfg(unix)]
pub use terminal::run_on_terminal;
pub use test_server::{
    TestServer, artists, error, found, parameter, rate_limited, token, token_or,
};

/// Says that a test is skipped. The message is not captured, so that it shows although the test
/// passes.
pub fn skip(reason: &str) {
    let _ = writeln!(io::stderr(), "skipped: {reason}");
}

/// The client id, as long as Spotify's.
pub const ID: &str = "7f3a91c05d2e48b6a1f09c8e3b7d6254";
/// The client secret, as long as Spotify's.
pub const SECRET: &str = "9b2c4e7d10f85a36c2b1e0d9f8a76543";
/// `ID:SECRET` in base64.
pub const BASIC: &str =
    "N2YzYTkxYzA1ZDJlNDhiNmExZjA5YzhlM2I3ZDYyNTQ6OWIyYzRlN2QxMGY4NWEzNmMyYjFlMGQ5ZjhhNzY1NDM=";
/// A token with the characters of Spotify's.
pub const TOKEN: &str =
    "BQDk7Zr3sVfT0xYhQ2mN9-pLwEaUcJ6gBi_4RtKo1XyHvSd8FnMqPzGbAe5uWjCl0TrOiD7kYsVhLx3NfQm2Zw";
