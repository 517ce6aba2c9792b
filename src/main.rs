//! The command `spotify-search`: a runtime and an exit code. Everything else is in the library.

use std::process::ExitCode;

use spotify_search::cli;

fn main() -> ExitCode {
    match tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build() {
        Ok(runtime) => {
            let code = runtime.block_on(cli::main());
            // A name that is still being looked up must not hold up the end.
            runtime.shutdown_background();
            code
        }
        Err(error) => cli::fail_to_start(error),
    }
}
