//! The command `spotify-search`. Everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    spotify_search::cli::main()
}
