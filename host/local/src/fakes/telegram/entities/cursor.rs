//! A position in markup.

/// A position in markup. Past the end every character reads as NUL, as in the C string that Telegram's parser walks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Cursor<'a> {
    /// At the first character.
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, position: 0 }
    }

    /// In bytes, as in error messages.
    pub(super) fn position(&self) -> usize {
        self.position
    }

    /// Whether every character was read.
    pub(super) fn at_end(&self) -> bool {
        self.position >= self.text.len()
    }

    /// The next character.
    pub(super) fn peek(&self) -> char {
        self.rest().chars().next().unwrap_or_default()
    }

    /// The byte so many bytes ahead. All of markup's own characters are ASCII, so that bytes tell them apart.
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.position + ahead).copied().unwrap_or_default()
    }

    /// Whether `prefix` comes next.
    pub(super) fn is_at(&self, prefix: &str) -> bool {
        self.rest().starts_with(prefix)
    }

    /// Reads a character.
    pub(super) fn bump(&mut self) -> char {
        let character = self.peek();
        self.skip(if self.at_end() { 0 } else { character.len_utf8() });
        character
    }

    /// Moves on by so many bytes, which must end between characters.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.position += bytes;
    }

    /// Reads as long as `wanted`.
    pub(super) fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|character| !wanted(character)).unwrap_or(rest.len());
        self.skip(length);
        rest.get(..length).unwrap_or_default()
    }

    /// What was read.
    pub(super) fn before(&self) -> &'a str {
        self.text.get(..self.position).unwrap_or_default()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or_default()
    }
}

/// White space in the sense of TDLib's `is_space`, which counts NUL.
pub(super) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n' | '\0' | '\u{b}')
}
