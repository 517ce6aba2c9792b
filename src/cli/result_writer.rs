//! Writes the results of a batch on a thread of its own, so that a slow reader such as a pager does
//! not delay the requests in flight.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time;

use super::error::CommandError;
use super::messages::{Message, Messages};
use super::stdout;

/// The number of results that may wait for the reader. Beyond it, no new query starts.
const MAX_WAITING: usize = 8;
/// The longest time for which an interrupted run waits for the write in progress.
const STOP_TIMEOUT: Duration = Duration::from_millis(500);

/// The outcome of one line of the input.
#[derive(Debug)]
pub struct Entry {
    /// The number of the line.
    pub line: u64,
    /// Printed before the results.
    pub messages: Vec<Message>,
    /// The results, for standard output.
    pub text: Vec<u8>,
}

/// Writes entries in order.
pub struct ResultWriter {
    /// `None` when no more entries follow.
    entries: Option<mpsc::Sender<Entry>>,
    outcome: oneshot::Receiver<io::Result<()>>,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    last_line: AtomicU64,
    is_stopped: AtomicBool,
}

impl ResultWriter {
    /// Starts the thread.
    ///
    /// # Errors
    ///
    /// [`CommandError::StartUp`] if there can be no thread.
    pub fn start(messages: Messages) -> Result<Self, CommandError> {
        let (entries, mut receiver) = mpsc::channel(MAX_WAITING);
        let (sender, outcome) = oneshot::channel();
        let state = Arc::new(State::default());
        let shared = state.clone();
        let write = move || {
            let outcome = write_all(&mut receiver, &shared, &messages);
            // Closes the channel, so that `write` sees the error.
            drop(receiver);
            let _ = sender.send(outcome);
        };
        thread::Builder::new()
            .spawn(write)
            .map_err(CommandError::start_up("cannot start a thread to write the results"))?;
        Ok(Self { entries: Some(entries), outcome, state })
    }

    /// Queues an entry. Waits while the reader is slow and the queue is full.
    ///
    /// # Errors
    ///
    /// [`CommandError::Output`] if an earlier entry could not be written.
    pub async fn write(&mut self, entry: Entry) -> Result<(), CommandError> {
        match &self.entries {
            Some(entries) if entries.send(entry).await.is_ok() => Ok(()),
            _ => self.finish().await,
        }
    }

    /// Waits until every entry is written.
    ///
    /// # Errors
    ///
    /// [`CommandError::Output`] if one could not be written.
    pub async fn finish(&mut self) -> Result<(), CommandError> {
        self.entries = None;
        match (&mut self.outcome).await {
            Ok(outcome) => outcome.map_err(CommandError::Output),
            Err(_) => Err(CommandError::Output(io::Error::other("the writing thread ended"))),
        }
    }

    /// Stops after the entry that is being written. Returns false if that does not end in time, for
    /// example because the output is not read.
    pub async fn stop(&mut self) -> bool {
        self.state.is_stopped.store(true, Ordering::Relaxed);
        self.entries = None;
        time::timeout(STOP_TIMEOUT, &mut self.outcome).await.is_ok()
    }

    /// Returns the line after the last one that was written.
    pub fn next_line(&self) -> u64 {
        self.state.last_line.load(Ordering::Relaxed) + 1
    }
}

fn write_all(
    entries: &mut mpsc::Receiver<Entry>,
    state: &State,
    messages: &Messages,
) -> io::Result<()> {
    while let Some(entry) = entries.blocking_recv() {
        if state.is_stopped.load(Ordering::Relaxed) {
            break;
        }
        for message in &entry.messages {
            messages.show(message);
        }
        if !entry.text.is_empty() {
            stdout::write_beside(messages.progress(), &entry.text)?;
        }
        // The end of the output follows the last line and is no query.
        if state.last_line.swap(entry.line, Ordering::Relaxed) != entry.line {
            messages.progress().query_done();
        }
    }
    Ok(())
}
