//! Everything that the command prints while it runs. One thread writes it: results to standard output;
//! notes, errors, the log and the progress line to standard error. A stopped terminal (Ctrl-S) or a
//! slow reader such as a pager holds up the output, and not the requests in flight.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::blocking::Blocking;
use super::progress::{Progress, wait_note};
use super::stdout;
use crate::cli::report::Report;
use crate::cli::terminal::message_style::MessageStyle;
use crate::output::escape;
use spotify_search::Event;

/// The number of results that may wait for the thread. Beyond it, no search starts.
const MAX_WAITING: usize = 8;
/// How long an interrupted run waits for the write in progress.
const STOP_TIMEOUT: Duration = Duration::from_millis(500);

/// The handle of the writing thread. Clones share the thread.
#[derive(Clone, Debug)]
pub struct Screen {
    jobs: mpsc::Sender<Job>,
    shared: Arc<Shared>,
    style: MessageStyle,
    has_progress: bool,
}

#[derive(Debug)]
struct Shared {
    /// A permit for each result that may wait. Closed if results are dropped: at a signal, and after an
    /// error of standard output.
    permits: Arc<Semaphore>,
    /// The last line of the input whose results are written.
    last_line: AtomicU64,
    /// The number of retries of the last request that was retried.
    retries: AtomicU32,
}

/// What the thread does next.
#[derive(Debug)]
enum Job {
    /// Writes to standard error.
    Message(String),
    /// Writes the messages to standard error, and then the text to standard output.
    Results {
        /// The line of the input, or 0.
        line: u64,
        messages: String,
        text: Vec<u8>,
        /// Dropped when the results are written.
        _permit: OwnedSemaphorePermit,
    },
    Event(Event),
    /// Counts a query of a batch.
    QueryDone,
    /// Sets the number of queries of a batch.
    Total(u64),
    /// Removes the progress line, and returns the error of standard output, if there was one.
    Flush(oneshot::Sender<io::Result<()>>),
}

impl Screen {
    /// Starts the thread.
    ///
    /// # Errors
    ///
    /// The operating system's error if there is no thread left.
    pub fn start(style: MessageStyle, progress: Option<Progress>) -> io::Result<Self> {
        let (jobs, receiver) = mpsc::channel();
        let shared = Arc::new(Shared {
            permits: Arc::new(Semaphore::new(MAX_WAITING)),
            last_line: AtomicU64::new(0),
            retries: AtomicU32::new(0),
        });
        let screen = Self { jobs, shared, style, has_progress: progress.is_some() };
        let mut writer = Writer { style, progress, shared: screen.shared.clone(), error: None };
        thread::Builder::new().spawn(move || writer.run(&receiver))?;
        Ok(screen)
    }

    /// Returns the style of messages.
    pub fn style(&self) -> MessageStyle {
        self.style
    }

    /// Returns true if there is a progress line.
    pub fn has_progress(&self) -> bool {
        self.has_progress
    }

    /// Sets the number of queries of a batch, for the progress line.
    pub fn set_total(&self, total: u64) {
        self.send(Job::Total(total));
    }

    /// Shows an event of the client in the progress line. Without one, prints a note about a long
    /// wait.
    pub fn event(&self, event: Event) {
        match &event {
            Event::Retry { retry, .. } => self.shared.retries.store(*retry, Ordering::Relaxed),
            Event::Page { .. } => self.shared.retries.store(0, Ordering::Relaxed),
            _ => {}
        }
        self.send(Job::Event(event));
    }

    /// Returns the number of retries of the last request that was retried, by the events.
    pub fn retries(&self) -> u32 {
        self.shared.retries.load(Ordering::Relaxed)
    }

    /// Prints a note, unless quiet.
    pub fn note(&self, text: &str) {
        self.send(Job::Message(self.style.note(text)));
    }

    /// Prints an error.
    pub fn error(&self, report: &Report) {
        self.send(Job::Message(self.style.error(report)));
    }

    /// Counts a query of a batch, and prints the formatted messages about it.
    pub fn line_done(&self, messages: String) {
        self.send(Job::Message(messages));
        self.send(Job::QueryDone);
    }

    /// Queues results, with the formatted messages about them. Waits while the reader is slow and
    /// the queue is full. `line` is the line of the input, or 0.
    ///
    /// # Errors
    ///
    /// The error of earlier results that could not be written.
    pub async fn results(&self, line: u64, messages: String, text: Vec<u8>) -> io::Result<()> {
        let Ok(permit) = self.shared.permits.clone().acquire_owned().await else {
            return self.flush().await;
        };
        self.send(Job::Results { line, messages, text, _permit: permit });
        Ok(())
    }

    /// Waits until everything is written, and removes the progress line.
    ///
    /// # Errors
    ///
    /// The error of results that could not be written. It is returned once.
    pub async fn flush(&self) -> io::Result<()> {
        let (sender, receiver) = oneshot::channel();
        self.send(Job::Flush(sender));
        receiver.await.unwrap_or_else(|_| Err(io::Error::other("the writing thread ended")))
    }

    /// Drops the results that wait. Returns false if the write in progress does not end in time, for
    /// example because the output is not read.
    pub async fn stop(&self) -> bool {
        self.shared.permits.close();
        tokio::time::timeout(STOP_TIMEOUT, self.flush()).await.is_ok()
    }

    /// Returns the line after the last one whose results are written.
    pub fn next_line(&self) -> u64 {
        self.shared.last_line.load(Ordering::Relaxed) + 1
    }

    fn send(&self, job: Job) {
        // The thread ends with the process.
        let _ = self.jobs.send(job);
    }
}

/// Writes the lines of the log.
impl Write for Screen {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        // tracing aligns INFO and WARN with ERROR by a space.
        let record = String::from_utf8_lossy(line);
        self.send(Job::Message(format!("{}\n", escape(record.trim()))));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The state of the writing thread.
struct Writer {
    style: MessageStyle,
    progress: Option<Progress>,
    shared: Arc<Shared>,
    /// The first error of standard output.
    error: Option<io::Error>,
}

impl Writer {
    fn run(&mut self, jobs: &Receiver<Job>) {
        loop {
            let wait = self.progress.as_ref().map_or(Duration::MAX, Progress::until_next_draw);
            match (jobs.recv_timeout(wait), &mut self.progress) {
                (Ok(job), _) => self.handle(job),
                (Err(RecvTimeoutError::Timeout), Some(progress)) => progress.draw(),
                _ => return,
            }
        }
    }

    fn handle(&mut self, job: Job) {
        match (job, &mut self.progress) {
            (Job::Message(text), _) => self.message(&text),
            (Job::Results { line, messages, text, .. }, _) => {
                if !self.shared.permits.is_closed() {
                    self.results(line, &messages, &text);
                }
            }
            (Job::Event(event), Some(progress)) => progress.show(&event),
            (Job::Event(event), None) => {
                if let Some(note) = wait_note(&event) {
                    self.message(&self.style.note(&note));
                }
            }
            (Job::QueryDone, Some(progress)) => progress.query_done(),
            (Job::Total(total), Some(progress)) => progress.set_total(total),
            (Job::QueryDone | Job::Total(_), None) => {}
            (Job::Flush(done), _) => {
                self.progress = None;
                // An interrupted run does not wait.
                let _ = done.send(self.error.take().map_or(Ok(()), Err));
            }
        }
    }

    /// Writes the text in one piece, so that lines of parallel processes do not mix. A failure to write
    /// to standard error is ignored.
    fn message(&self, text: &str) {
        if !text.is_empty() {
            let write = || Blocking(io::stderr().lock()).write_all(text.as_bytes());
            let _ = self.suspended(write);
        }
    }

    fn results(&mut self, line: u64, messages: &str, text: &[u8]) {
        self.message(messages);
        if !text.is_empty() {
            // The reader of a pipe may write to the same terminal.
            if stdout::is_pipe() {
                self.progress = None;
            }
            if let Err(error) = self.suspended(|| stdout::write(text)) {
                self.error = Some(error);
                self.shared.permits.close();
                return;
            }
        }
        self.shared.last_line.fetch_max(line, Ordering::Relaxed);
    }

    /// Runs `write` while the progress line is removed.
    fn suspended<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.progress {
            Some(progress) => progress.suspend(write),
            None => write(),
        }
    }
}
