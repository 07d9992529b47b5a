//! What the processes print, line by line.

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::sync::broadcast;

/// Lines kept for a reader that is behind.
pub(super) const LINES: usize = 1024;

/// Bytes of one line; a longer one is cut into several. The service does so too, at 256 KB.
const LINE_BYTES: u64 = 64 * 1024;

/// A line that a process printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// Which process, counted from 1 in the order of their start.
    pub environment: u32,
    /// Where it printed.
    pub stream: LogStream,
    /// Without the line's end.
    pub text: String,
}

/// Where a process printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogStream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Copies the lines of `output` to `lines` until it ends.
pub(super) async fn pump(
    output: impl AsyncRead + Unpin,
    environment: u32,
    stream: LogStream,
    lines: broadcast::Sender<LogLine>,
) {
    let mut reader = BufReader::new(output);
    let mut line = Vec::new();
    while let Ok(1..) = (&mut reader).take(LINE_BYTES).read_until(b'\n', &mut line).await {
        let text = String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned();
        line.clear();
        // An error means that nobody reads the log.
        lines.send(LogLine { environment, stream, text }).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_endless_line_is_cut() {
        let (sender, mut receiver) = broadcast::channel(8);
        let size = usize::try_from(LINE_BYTES).unwrap();
        let output = format!("first\r\n{}\nlast without end", "x".repeat(size + 1));
        pump(output.as_bytes(), 1, LogStream::Stdout, sender).await;
        let mut lengths = Vec::new();
        while let Ok(line) = receiver.recv().await {
            lengths.push(line.text.len());
        }
        assert_eq!(lengths, [5, size, 1, 16]);
    }
}
