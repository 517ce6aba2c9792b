//! The exit statuses other than 0.

/// The API, the network or the output failed.
pub const FAILURE: u8 = 1;
/// The command line, the credentials or a file is unusable; nothing was sent.
pub const USAGE: u8 = 2;
/// Nothing was found, with `--exit-status`.
pub const NOTHING_FOUND: u8 = 3;
/// A batch is not finished because of a limit. It can be continued later.
pub const UNFINISHED: u8 = 4;
