//! The signals that end a run: SIGINT (Ctrl-C) and SIGTERM.

use std::io;
use std::process;
#[cfg(unix)]
use std::sync::Arc;
#[cfg(unix)]
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::SIGINT;
#[cfg(unix)]
use signal_hook::consts::SIGTERM;
use signal_hook::low_level::emulate_default_handler;

/// The number of a signal that ends a run.
#[derive(Clone, Copy, Debug)]
pub struct Signal(i32);

impl Signal {
    /// Ends the process as if the signal had not been handled, so that a shell ends its loop.
    pub fn end_process(self) -> ! {
        if !is_init() {
            // Returns only if the signal cannot be raised.
            let _ = emulate_default_handler(self.0);
        }
        process::exit(128 + self.0)
    }
}

/// Returns true for the first process of a container, which a signal does not end by default.
pub fn is_init() -> bool {
    process::id() == 1
}

/// Receives the first signal. A second one ends the process, and so does any signal after this value
/// is dropped.
#[cfg(unix)]
pub struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    /// While true, a signal has its default action.
    is_default: Arc<AtomicBool>,
}

#[cfg(unix)]
impl Signals {
    /// Starts to receive the signals.
    ///
    /// # Errors
    ///
    /// The operating system's error if the handlers cannot be installed.
    pub fn listen() -> io::Result<Self> {
        use signal_hook::flag;
        use tokio::signal::unix::{SignalKind, signal};
        let is_default = Arc::default();
        for number in [SIGINT, SIGTERM] {
            // In this order: the first signal only sets the flag.
            if is_init() {
                flag::register_conditional_shutdown(number, 128 + number, Arc::clone(&is_default))?;
            } else {
                flag::register_conditional_default(number, Arc::clone(&is_default))?;
            }
            flag::register(number, Arc::clone(&is_default))?;
        }
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            is_default,
        })
    }

    /// Waits for a signal.
    pub async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal(SIGINT),
            _ = self.terminate.recv() => Signal(SIGTERM),
        }
    }
}

#[cfg(unix)]
impl Drop for Signals {
    fn drop(&mut self) {
        self.is_default.store(true, Ordering::Relaxed);
    }
}

/// Receives Ctrl-C.
#[cfg(windows)]
pub struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    /// Starts to receive Ctrl-C.
    ///
    /// # Errors
    ///
    /// The operating system's error if the handler cannot be installed.
    pub fn listen() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    /// Waits for Ctrl-C.
    pub async fn next(&mut self) -> Signal {
        self.0.recv().await;
        Signal(SIGINT)
    }
}
