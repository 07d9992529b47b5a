//! What a component says it was made with: the `producers` sections of it and of the modules in it.
//!
//! It is for people: whoever makes a component writes there what they like, and a section that can't be read is as good as none.
//! (<https://github.com/WebAssembly/tool-conventions/blob/main/ProducersSection.md>)

use wasmparser::{CustomSectionReader, KnownCustom, ProducersSectionReader};

/// Names of one kind that are kept: a `CPython` component has about ten.
const NAMES: usize = 16;

/// Characters of a name, and of a version, that are kept.
const LENGTH: usize = 40;

/// What a component was made with, in the order of the file, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Producers {
    /// Languages, for example `Rust`.
    pub languages: Vec<String>,
    /// Compilers and other tools with their versions, for example `rustc 1.95.0`.
    pub tools: Vec<String>,
}

impl Producers {
    /// Adds what `section` says, if it is one of producers.
    pub(super) fn read(&mut self, section: &CustomSectionReader<'_>) {
        if let KnownCustom::Producers(reader) = section.as_known() {
            self.add(reader);
        }
    }

    fn add(&mut self, reader: ProducersSectionReader<'_>) {
        for field in reader.into_iter().map_while(Result::ok) {
            let names = if field.name == "language" { &mut self.languages } else { &mut self.tools };
            for value in field.values.into_iter().map_while(Result::ok) {
                let name = shown(value.name, value.version);
                if names.len() < NAMES && !name.is_empty() && !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    }
}

/// `rustc 1.95.0` of `1.95.0 (abc 2026-01-01)`: the first word of the version is enough.
fn shown(name: &str, version: &str) -> String {
    let short = |text: &str| text.chars().take(LENGTH).collect::<String>();
    let version = version.split_whitespace().next().unwrap_or_default();
    format!("{} {}", short(name.trim()), short(version)).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use wasmparser::BinaryReader;

    use super::*;

    /// A section with one field.
    fn section(field: &str, values: &[(&str, &str)]) -> Vec<u8> {
        let text = |text: &str| [&[u8::try_from(text.len()).unwrap()][..], text.as_bytes()].concat();
        let values: Vec<u8> =
            values.iter().flat_map(|(name, version)| [text(name), text(version)].concat()).collect();
        let count = u8::try_from(values.len().min(1)).unwrap();
        [vec![1], text(field), vec![count], values].concat()
    }

    fn read(producers: &mut Producers, section: &[u8]) {
        producers.add(ProducersSectionReader::new(BinaryReader::new(section, 0)).unwrap());
    }

    #[test]
    fn each_language_and_tool_is_told_once() {
        let mut producers = Producers::default();
        read(&mut producers, &section("language", &[("Rust", "")]));
        read(&mut producers, &section("processed-by", &[("rustc", "1.95.0 (59807616e 2026-04-14)")]));
        read(&mut producers, &section("processed-by", &[("rustc", "1.95.0")]));
        read(&mut producers, &section("sdk", &[(&"x".repeat(99), "1")]));
        assert_eq!(producers.languages, ["Rust"]);
        assert_eq!(producers.tools, ["rustc 1.95.0".to_owned(), format!("{} 1", "x".repeat(LENGTH))]);
    }

    #[test]
    fn what_can_not_be_read_says_nothing() {
        let mut producers = Producers::default();
        let whole = section("language", &[("Rust", "2024")]);
        for length in 1..whole.len() {
            read(&mut producers, &whole[..length]);
        }
        read(&mut producers, &section("favourite-colour", &[("red", "1")]));
        assert_eq!(producers, Producers::default());
    }
}
