//! What a server does with a connection: a list of steps.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::Duration;

use tokio::net::TcpSocket;

use super::http2::Frame;

/// One thing that a server does. At the end of the steps an HTTP/1.1 server closes the connection,
/// and an HTTP/2 server reads the next request.
#[derive(Clone, Debug)]
pub enum Step {
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends a frame of HTTP/2.
    SendFrame(Frame),
    /// Reads what has arrived, once.
    Receive,
    /// Waits this many milliseconds.
    Pause(u64),
    /// Repeats these steps until the client closes the connection.
    Repeat(Vec<Step>),
    /// Does nothing until the client closes the connection.
    Stall,
    /// Closes the connection, without TLS's `close_notify`.
    Close,
    /// Closes the connection with a TCP reset.
    Reset,
}

/// A TCP connection, with or without TLS.
pub trait Connection: Read + Write {
    fn tcp(&self) -> &TcpStream;
}

impl Connection for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

/// Plays steps. `stream` is the HTTP/2 stream of the request.
///
/// # Errors
///
/// Fails if the connection is or must be closed.
pub fn play(connection: &mut impl Connection, steps: &[Step], stream: u32) -> io::Result<()> {
    for step in steps {
        match step {
            Step::Send(bytes) => connection.write_all(bytes)?,
            Step::SendFrame(frame) => connection.write_all(&frame.encode(stream))?,
            Step::Receive => drop(connection.read(&mut [0; 4096])?),
            Step::Pause(milliseconds) => thread::sleep(Duration::from_millis(*milliseconds)),
            Step::Repeat(steps) => loop {
                play(connection, steps, stream)?;
            },
            Step::Stall => {
                io::copy(connection, &mut io::sink())?;
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            Step::Close => {
                // What has not been read would turn the end of the connection into a reset.
                connection.tcp().shutdown(Shutdown::Write)?;
                io::copy(&mut connection.tcp(), &mut io::sink())?;
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            Step::Reset => {
                TcpSocket::from_std_stream(connection.tcp().try_clone()?).set_zero_linger()?;
                return Err(io::ErrorKind::ConnectionReset.into());
            }
        }
        connection.flush()?;
    }
    Ok(())
}
