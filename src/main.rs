//! The command `spotify-search`. All other code is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    spotify_search::cli::main()
}
