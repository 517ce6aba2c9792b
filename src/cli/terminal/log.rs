//! The log on standard error: the main steps with `-v`, and also every request with `-vv`.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::screen::Screen;

/// Starts the log. It shows this crate's records only: those of hyper could contain headers.
pub fn start(verbosity: u8, screen: &Screen) {
    let level = match verbosity {
        0 => return,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let screen = screen.clone();
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(move || screen.clone())
        .with_ansi(false)
        .with_target(false)
        .without_time()
        .log_internal_errors(false);
    let filter = Targets::new().with_target("spotify_search", level);
    tracing_subscriber::registry().with(lines).with(filter).init();
}
