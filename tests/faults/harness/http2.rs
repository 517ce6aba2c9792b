//! HTTP/2 frame by frame (RFC 9113), because a library refuses to send what is invalid.

use std::io;

use super::step::{Connection, Step, play};

const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const ACK: u8 = 1;

/// One frame.
#[derive(Clone, Debug)]
pub struct Frame {
    kind: u8,
    flags: u8,
    /// `None` is the stream of the request.
    stream: Option<u32>,
    payload: Vec<u8>,
}

impl Frame {
    /// Returns the bytes of the frame, as part of the response on this stream.
    pub fn encode(&self, request_stream: u32) -> Vec<u8> {
        let length = u32::try_from(self.payload.len()).unwrap();
        let mut bytes = length.to_be_bytes()[1..].to_vec();
        bytes.extend([self.kind, self.flags]);
        bytes.extend(self.stream.unwrap_or(request_stream).to_be_bytes());
        bytes.extend(&self.payload);
        bytes
    }
}

/// A frame on the stream of the request.
pub fn frame(kind: u8, flags: u8, payload: impl Into<Vec<u8>>) -> Step {
    Step::SendFrame(Frame { kind, flags, stream: None, payload: payload.into() })
}

/// A frame on this stream; 0 is the connection.
pub fn frame_on(stream: u32, kind: u8, flags: u8, payload: impl Into<Vec<u8>>) -> Step {
    Step::SendFrame(Frame { kind, flags, stream: Some(stream), payload: payload.into() })
}

/// The settings with which a server begins.
pub fn settings() -> Step {
    frame_on(0, SETTINGS, 0, [])
}

/// The head of a response, complete in one frame.
pub fn headers(status: &str, fields: &[(&str, &str)]) -> Step {
    frame(HEADERS, END_HEADERS, header_block(&[&[(":status", status)], fields].concat()))
}

/// The last part of a body.
pub fn last_data(body: impl Into<Vec<u8>>) -> Step {
    frame(0, END_STREAM, body)
}

/// Encodes header fields without compression (RFC 7541 §6.2.2).
pub fn header_block(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in fields {
        block.push(0);
        for text in [name, value] {
            encode_length(&mut block, text.len());
            block.extend(text.as_bytes());
        }
    }
    block
}

/// Encodes an integer with a prefix of 7 bits (RFC 7541 §5.1).
fn encode_length(block: &mut Vec<u8>, length: usize) {
    if length < 127 {
        return block.push(u8::try_from(length).unwrap());
    }
    block.push(127);
    let mut rest = length - 127;
    while rest >= 128 {
        block.push(u8::try_from(rest % 128 + 128).unwrap());
        rest /= 128;
    }
    block.push(u8::try_from(rest).unwrap());
}

/// Reads requests until the connection ends. Plays `greeting` after the client's preface, and the
/// next response for each request.
///
/// # Errors
///
/// Fails when the connection ends.
pub fn serve<'a>(
    connection: &mut impl Connection,
    greeting: &[Step],
    next_response: impl Fn() -> &'a [Step],
) -> io::Result<()> {
    connection.read_exact(&mut [0; b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".len()])?;
    play(connection, greeting, 0)?;
    loop {
        let mut head = [0; 9];
        connection.read_exact(&mut head)?;
        let [a, b, c, kind, flags, stream @ ..] = head;
        let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
        connection.read_exact(&mut payload)?;
        match kind {
            HEADERS => play(connection, next_response(), u32::from_be_bytes(stream))?,
            SETTINGS if flags & ACK == 0 => play(connection, &[frame_on(0, SETTINGS, ACK, [])], 0)?,
            _ => {}
        }
    }
}
