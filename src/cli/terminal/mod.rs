//! Standard output and standard error. One thread (`screen`) writes results (`stdout`), notes, the log
//! and the progress line. `signals` ends a run, `color` decides about colours, and `blocking` waits for
//! streams that another program made non-blocking.

pub mod blocking;
pub mod color;
pub mod log;
pub mod message_style;
pub mod progress;
pub mod screen;
pub mod signals;
pub mod stdout;
