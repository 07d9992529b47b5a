//! The standard input. What is no line is told, and what comes after it is heard.

use std::io::ErrorKind;

use futures_util::StreamExt as _;
use tokio::io::{Stdin, stdin};
use tokio_util::codec::{FramedRead, LinesCodec, LinesCodecError};

use super::Heard;
use crate::signal::LINE_BYTES;

/// Lines of the standard input.
#[derive(Debug)]
pub struct Lines {
    lines: FramedRead<Stdin, LinesCodec>,
    /// After a line that is none, the stream ends once and then goes on.
    goes_on: bool,
}

impl Default for Lines {
    fn default() -> Self {
        Self { lines: FramedRead::new(stdin(), LinesCodec::new_with_max_length(LINE_BYTES)), goes_on: false }
    }
}

impl Lines {
    pub(super) async fn next(&mut self) -> Option<Heard> {
        loop {
            match self.lines.next().await {
                Some(Ok(line)) => return Some(Heard::Line(line)),
                Some(Err(LinesCodecError::MaxLineLengthExceeded)) => {
                    self.goes_on = true;
                    return Some(Heard::Trouble(format!("a line is longer than {LINE_BYTES} bytes")));
                }
                Some(Err(LinesCodecError::Io(error))) => {
                    self.goes_on = error.kind() == ErrorKind::InvalidData;
                    let what =
                        if self.goes_on { "a line is not UTF-8".to_owned() } else { error.to_string() };
                    return Some(Heard::Trouble(what));
                }
                None if std::mem::take(&mut self.goes_on) => {}
                None => return None,
            }
        }
    }
}
