//! Keys: the terminal gives each as it is pressed, and gets its habits back however this ends.

use std::io::{IsTerminal as _, Read as _};
use std::thread;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::sync::mpsc;

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Open,
    Publish,
    Reload,
    Clear,
    Quit,
    Help,
}

/// What the keys do, for `?`.
pub(super) const HELP: &str =
    "e opens the page, p publishes a sample, r reloads, c clears the screen, q stops, ? shows this";

/// The terminal gives keys until this is dropped.
#[derive(Debug)]
pub(super) struct Keys {
    pressed: mpsc::Receiver<Key>,
    _habits: Habits,
}

/// What the terminal was like before; it is so again when this is dropped, also by a panic.
#[derive(Debug)]
struct Habits(Termios);

impl Drop for Habits {
    fn drop(&mut self) {
        tcsetattr(std::io::stdin(), OptionalActions::Now, &self.0).ok();
    }
}

impl Keys {
    /// Listens, if there is a terminal on both ends.
    pub(super) fn listen() -> Option<Self> {
        let stdin = std::io::stdin();
        if !stdin.is_terminal() || !std::io::stdout().is_terminal() {
            return None;
        }
        let before = tcgetattr(&stdin).ok()?;
        let mut modes = before.clone();
        let habits = Habits(before);
        // Ctrl-C stays a signal, and lines end as they did: nothing else of the terminal changes.
        modes.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO);
        tcsetattr(&stdin, OptionalActions::Now, &modes).ok()?;
        let (send, pressed) = mpsc::channel(16);
        // A thread, because reading a terminal can't be given up: a runtime would wait for it at the end.
        thread::Builder::new().name("keys".to_owned()).spawn(move || read(&send)).ok()?;
        Some(Self { pressed, _habits: habits })
    }

    /// The next key. Never returns once the terminal has gone.
    pub(super) async fn next(&mut self) -> Key {
        match self.pressed.recv().await {
            Some(key) => key,
            None => std::future::pending().await,
        }
    }
}

fn read(pressed: &mpsc::Sender<Key>) {
    for byte in std::io::stdin().lock().bytes() {
        let Ok(byte) = byte else { return };
        if let Some(key) = key(byte)
            && pressed.blocking_send(key).is_err()
        {
            return;
        }
    }
}

fn key(byte: u8) -> Option<Key> {
    Some(match byte.to_ascii_lowercase() {
        b'e' => Key::Open,
        b'p' => Key::Publish,
        b'r' => Key::Reload,
        b'c' => Key::Clear,
        b'q' => Key::Quit,
        b'?' | b'h' => Key::Help,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_keys_and_others_are_not() {
        let keys: Vec<Option<Key>> = b"ePr?x\x1b[".iter().map(|byte| key(*byte)).collect();
        let (open, publish, reload) = (Some(Key::Open), Some(Key::Publish), Some(Key::Reload));
        assert_eq!(keys, [open, publish, reload, Some(Key::Help), None, None, None]);
    }
}
