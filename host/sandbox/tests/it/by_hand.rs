//! Components around core modules in text form.

use std::path::{Path, PathBuf};

use serde_json::json;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

const WORLD: &str = r#"
    package corpus:attack;
    world attack {
        include campanile:channel/channel@0.1.0;
        import wasi:io/poll@0.2.0;
        import wasi:io/streams@0.2.0;
        import wasi:clocks/monotonic-clock@0.2.0;
        import wasi:random/random@0.2.0;
        import wasi:cli/stdin@0.2.0;
        import wasi:cli/stdout@0.2.0;
        import wasi:http/types@0.2.0;
    }
"#;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// A component of world `channel`, which may import what `tests/corpus/wasi.wit` has too, around a core module.
pub(crate) fn component(module: &str) -> Vec<u8> {
    let mut module = wat::parse_str(module).unwrap();
    let mut resolve = Resolve::default();
    resolve.push_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit")).unwrap();
    resolve.push_str("wasi.wit", &std::fs::read_to_string(folder().join("wasi.wit")).unwrap()).unwrap();
    let package = resolve.push_str("corpus.wit", WORLD).unwrap();
    let world = resolve.select_world(&[package], Some("attack")).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().module(&module).unwrap().encode().unwrap()
}

/// The component of `tests/corpus/NAME.wat`. `(; common ;)` in it is replaced by memory, a `describe` that works and
/// `cabi_realloc`, whose body may be given: `(; common-realloc BODY ;)`. At 512 are zeroes: an empty receipt.
pub(crate) fn attack(name: &str) -> Vec<u8> {
    let path = folder().join(format!("{name}.wat"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let description = description(name);
    let (before, rest) = text.split_once("(; common").unwrap();
    let (realloc, after) = rest.split_once(";)").unwrap();
    let realloc = realloc.strip_prefix("-realloc").unwrap_or("(i32.const 65536)");
    let common = format!(
        r#"(memory (export "memory") 17)
        (data (i32.const 8) "\00\04\00\00")
        (data (i32.const 1024) "{}")
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) {realloc})
        (func (export "campanile:channel/plugin@0.1.0#describe") (result i32)
            (i32.store (i32.const 12) (i32.const {})) (i32.const 8))"#,
        description.replace('"', "\\\""),
        description.len(),
    );
    component(&format!("{before}{common}{after}"))
}

pub(crate) fn description(name: &str) -> String {
    json!({ "describe-version": 1, "name": name, "version": "1.0.0", "summary": "By hand.", "settings": { "type": "object" } }).to_string()
}

/// `wasm` with a section more.
pub(crate) fn with_section(mut wasm: Vec<u8>, id: u8, content: &[u8]) -> Vec<u8> {
    wasm.push(id);
    let mut length = content.len();
    while length >= 0x80 {
        wasm.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
        length >>= 7;
    }
    wasm.push(u8::try_from(length).unwrap());
    wasm.extend_from_slice(content);
    wasm
}
