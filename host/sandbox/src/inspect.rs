//! Reads what a component imports and exports, before anything is compiled or run.

mod producers;

use wasmparser::{Encoding, Parser, Payload};

use crate::limits;
use crate::link::{CHANNEL_INTERFACES, WASI_INTERFACES};
pub use producers::Producers;

/// The versions of the contract that this host speaks.
pub const SUPPORTED_VERSIONS: &[&str] = &["0.1"];

/// The versions of WASI that this host has: any patch release of 0.2.
const WASI_VERSION: &str = "0.2";

const PLUGIN_INTERFACE: &str = "campanile:channel/plugin";

/// What a component's names say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// Interfaces that it imports, for example `wasi:io/streams@0.2.6`.
    pub imports: Vec<String>,
    /// Interfaces that it exports.
    pub exports: Vec<String>,
    /// The version of `campanile:channel` that it was built for.
    pub contract: String,
    /// What it says it was made with.
    pub producers: Producers,
}

/// Why a file is not a channel plugin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says it")]
pub enum InspectError {
    #[error("not a WebAssembly file")]
    NotWasm,
    #[error(
        "a core WebAssembly module, not a component; build it with: cargo build --release --target wasm32-wasip2"
    )]
    CoreModule,
    #[error("broken or cut short: {0}")]
    Malformed(String),
    #[error("{0} bytes; at most {max} are read", max = limits::COMPONENT_BYTES)]
    TooLarge(u64),
    #[error("more than {} imports and exports", limits::COMPONENT_NAMES)]
    TooManyNames,
    #[error("components nested more than {} deep", limits::COMPONENT_DEPTH)]
    TooDeep,
    #[error("it imports `{import}`, which this host does not give to plugins{hint}")]
    ForeignImport { import: String, hint: &'static str },
    #[error("it is built for `campanile:channel@{found}`; this host speaks {}", SUPPORTED_VERSIONS.join(", "))]
    Version { found: String },
    #[error("it does not export `{PLUGIN_INTERFACE}`: not a channel plugin")]
    NotAPlugin,
}

/// Checks that `wasm` is a component of a world that this host speaks, importing only what this host gives.
///
/// # Errors
/// [`InspectError`] with the first reason against it.
pub fn inspect(wasm: &[u8]) -> Result<Inspection, InspectError> {
    let Names { imports, exports, producers } = names(wasm)?;
    let plugin =
        exports.iter().find_map(|name| versioned(name).filter(|(name, _)| *name == PLUGIN_INTERFACE));
    let Some((_, contract)) = plugin else { return Err(InspectError::NotAPlugin) };
    if !is_supported(contract) {
        return Err(InspectError::Version { found: contract.to_owned() });
    }
    let contract = contract.to_owned();
    for import in &imports {
        check_import(import)?;
    }
    Ok(Inspection { imports, exports, contract, producers })
}

fn check_import(import: &str) -> Result<(), InspectError> {
    let foreign = |hint| Err(InspectError::ForeignImport { import: import.to_owned(), hint });
    let Some((name, version)) = versioned(import) else { return foreign("") };
    if CHANNEL_INTERFACES.contains(&name) {
        return match is_supported(version) {
            true => Ok(()),
            false => Err(InspectError::Version { found: version.to_owned() }),
        };
    }
    if WASI_INTERFACES.contains(&name) && minor(version) == WASI_VERSION {
        return Ok(());
    }
    match name {
        _ if name.starts_with("wasi:sockets/") => foreign("; requests go through `campanile:channel/http`"),
        _ if WASI_INTERFACES.contains(&name) => foreign("; build it for WASI 0.2"),
        _ => foreign(""),
    }
}

fn is_supported(version: &str) -> bool {
    SUPPORTED_VERSIONS.contains(&minor(version))
}

/// `0.2` of `0.2.6`.
fn minor(version: &str) -> &str {
    let second_dot = version.match_indices('.').nth(1);
    second_dot.and_then(|(at, _)| version.get(..at)).unwrap_or(version)
}

/// Splits `wasi:io/streams@0.2.6`.
fn versioned(name: &str) -> Option<(&str, &str)> {
    name.rsplit_once('@')
}

/// The names of the outermost component's imports and exports, and what all of it was made with.
#[derive(Default)]
struct Names {
    imports: Vec<String>,
    exports: Vec<String>,
    producers: Producers,
}

fn names(wasm: &[u8]) -> Result<Names, InspectError> {
    let size = wasm.len() as u64;
    if size > limits::COMPONENT_BYTES {
        return Err(InspectError::TooLarge(size));
    }
    if !wasm.starts_with(b"\0asm") {
        return Err(InspectError::NotWasm);
    }
    let malformed = |error: wasmparser::BinaryReaderError| InspectError::Malformed(error.to_string());
    let (mut names, mut depth) = (Names::default(), 0_usize);
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.map_err(malformed)? {
            Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => {
                return Err(InspectError::CoreModule);
            }
            Payload::Version { .. } if depth == limits::COMPONENT_DEPTH => return Err(InspectError::TooDeep),
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 1 => {
                for import in section {
                    names.imports.push(import.map_err(malformed)?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(section) if depth == 1 => {
                for export in section {
                    names.exports.push(export.map_err(malformed)?.name.name.to_owned());
                }
            }
            Payload::CustomSection(section) => names.producers.read(&section),
            _ => {}
        }
        if names.imports.len() + names.exports.len() > limits::COMPONENT_NAMES {
            return Err(InspectError::TooManyNames);
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(body: &str) -> Vec<u8> {
        wat::parse_str(format!(
            "(component {body} (instance $p) (export \"campanile:channel/plugin@0.1.0\" (instance $p)))"
        ))
        .unwrap()
    }

    #[test]
    fn a_plugin_is_recognised_by_its_names() {
        let found = inspect(&component("(import \"wasi:io/error@0.2.9\" (instance))")).unwrap();
        assert_eq!(found.contract, "0.1.0");
        assert_eq!(found.imports, ["wasi:io/error@0.2.9"]);
    }

    #[test]
    fn a_foreign_import_is_refused_by_name() {
        for (import, part) in [
            ("evil:host/exec@1.0.0", "`evil:host/exec@1.0.0`, which this host does not give to plugins"),
            ("wasi:sockets/tcp@0.2.0", "requests go through"),
            ("wasi:io/error@0.3.0", "build it for WASI 0.2"),
            ("wasi:keyvalue/store@0.2.0", "does not give"),
            ("unversioned", "does not give"),
        ] {
            let error = inspect(&component(&format!("(import \"{import}\" (instance))"))).unwrap_err();
            assert!(error.to_string().contains(part), "{error}");
        }
    }

    #[test]
    fn what_is_nested_too_deep_is_refused_before_it_is_compiled() {
        let nested = |depth: usize| component(&["(component ".repeat(depth), ")".repeat(depth)].concat());
        assert!(inspect(&nested(limits::COMPONENT_DEPTH - 1)).is_ok());
        let refused = inspect(&nested(limits::COMPONENT_DEPTH)).unwrap_err();
        assert_eq!(refused.to_string(), "components nested more than 32 deep");
    }

    #[test]
    fn a_later_contract_is_refused_with_the_versions_spoken() {
        let later = component("(import \"campanile:channel/http@0.9.0\" (instance))");
        let message = inspect(&later).unwrap_err().to_string();
        assert_eq!(message, "it is built for `campanile:channel@0.9.0`; this host speaks 0.1");
    }

    #[test]
    fn other_files_are_told_apart() {
        assert_eq!(inspect(b"#!/bin/sh"), Err(InspectError::NotWasm));
        assert_eq!(inspect(&wat::parse_str("(module)").unwrap()), Err(InspectError::CoreModule));
        assert_eq!(inspect(&wat::parse_str("(component)").unwrap()), Err(InspectError::NotAPlugin));
        let whole = component("(import \"wasi:io/error@0.2.9\" (instance))");
        for length in 4..whole.len() {
            // A file cut between two sections is a file: what was read of it is what counts.
            let cut = inspect(&whole[..length]);
            assert!(cut.is_err() || cut == inspect(&whole), "cut to {length} bytes: {cut:?}");
        }
    }
}
