//! The command `spotify-search`, on top of the library: `cli` turns arguments into searches, and `output`
//! renders their results.

mod cli;
mod output;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
