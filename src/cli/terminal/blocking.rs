//! Reads and writes that wait, even if a standard stream is non-blocking. The flag `O_NONBLOCK`
//! belongs to the pipe or terminal: a program such as node that sets it changes the stream for every
//! process that shares it.

use std::io::{self, ErrorKind, Read, Write};
#[cfg(unix)]
pub use std::os::fd::AsFd as Handle;
#[cfg(windows)]
pub use std::os::windows::io::AsHandle as Handle;

/// A stream that waits until it is ready instead of failing with `WouldBlock`.
///
/// Call `write_all` on this type: std's loses the byte count on `WouldBlock`.
#[derive(Debug)]
pub struct Blocking<T>(pub T);

#[derive(Clone, Copy)]
enum Direction {
    Read,
    Write,
}

impl<T: Handle> Blocking<T> {
    /// Repeats an operation until it succeeds or fails for another reason.
    fn repeat<R>(
        &mut self,
        direction: Direction,
        mut operation: impl FnMut(&mut T) -> io::Result<R>,
    ) -> io::Result<R> {
        loop {
            match operation(&mut self.0) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => wait(&self.0, direction)?,
                outcome => return outcome,
            }
        }
    }
}

impl<T: Read + Handle> Read for Blocking<T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.repeat(Direction::Read, |stream| stream.read(buffer))
    }
}

impl<T: Write + Handle> Write for Blocking<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.repeat(Direction::Write, |stream| stream.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.repeat(Direction::Write, Write::flush)
    }
}

/// Waits until the stream can be read or written. A signal may end the wait earlier.
#[cfg(unix)]
fn wait(stream: &impl Handle, direction: Direction) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::io::Errno;
    let readiness = match direction {
        Direction::Read => PollFlags::IN,
        Direction::Write => PollFlags::OUT,
    };
    let mut streams = [PollFd::new(stream, readiness)];
    match poll(&mut streams, None) {
        // poll does not support the stream and returns at once.
        Ok(_) if streams[0].revents().contains(PollFlags::NVAL) => {
            Err(ErrorKind::WouldBlock.into())
        }
        Ok(_) | Err(Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Windows has no such streams.
#[cfg(windows)]
fn wait(_: &impl Handle, _: Direction) -> io::Result<()> {
    Err(ErrorKind::WouldBlock.into())
}
