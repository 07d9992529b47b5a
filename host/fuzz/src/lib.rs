//! What the targets that load components share: a small component of world `channel`, and the way that a component goes until it is a plugin.

use std::path::Path;
use std::sync::LazyLock;

use campanile_sandbox::catalogue::Catalogue;
use campanile_sandbox::compile::Compiler;
use campanile_sandbox::{Allocation, Engine, Plugin};
use tokio::runtime::Runtime;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// Bytes of a guest's memory, from 2048 on, that a target chooses. `deliver` returns where they begin.
pub const CHOSEN: usize = 256;

const MARK: u8 = 0xA5;

const MODULE: &str = r#"(module
    (memory (export "memory") 17)
    (data (i32.const 8) "\00\04\00\00\5a\00\00\00")
    (data (i32.const 1024) "{\"describe-version\":1,\"name\":\"f\",\"version\":\"1\",\"summary\":\"x\",\"settings\":{\"type\":\"object\"}}")
    (data (i32.const 2048) "CHOSEN")
    (global $free (mut i32) (i32.const 65536))
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
        (global.set $free (i32.add (local.get $at) (local.get 3)))
        (local.get $at))
    (func (export "campanile:channel/plugin@0.1.0#describe") (result i32) (i32.const 8))
    (func (export "campanile:channel/plugin@0.1.0#deliver") (param i32) (result i32) (i32.const 2048)))"#;

static COMPONENT: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let chosen = format!("\\{MARK:02x}").repeat(CHOSEN);
    let mut module = wat::parse_str(MODULE.replace("CHOSEN", &chosen)).unwrap();
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit")).unwrap();
    let world = resolve.select_world(&[package], Some("channel")).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().module(&module).unwrap().encode().unwrap()
});

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Allocation::OnDemand).unwrap());

/// The runtime of a target.
pub static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap());

/// A component that works, with `chosen` in its memory.
#[must_use]
pub fn component(chosen: &[u8]) -> Vec<u8> {
    let mut component = COMPONENT.clone();
    let marks = component.windows(CHOSEN).position(|window| window.iter().all(|byte| *byte == MARK)).unwrap();
    component[marks..marks + CHOSEN].fill(0);
    let length = chosen.len().min(CHOSEN);
    component[marks..marks + length].copy_from_slice(&chosen[..length]);
    component
}

/// Inspects, compiles and asks `wasm`, as the tool does, and loads it, as the function does.
pub fn load(wasm: &[u8]) -> Option<Plugin> {
    let plugins = tempfile::tempdir().unwrap();
    std::fs::write(plugins.path().join("guest.wasm"), wasm).unwrap();
    let compiler = Compiler::new(&ENGINE, None).unwrap();
    let compiled = RUNTIME.block_on(compiler.compile(plugins.path(), "guest.wasm")).ok()?;
    let catalogue = Catalogue::open(&ENGINE, plugins.path()).unwrap();
    let plugin = catalogue.get(&compiled.entry.description.name).cloned();
    assert!(plugin.is_some(), "what was compiled is loaded: {:?}", catalogue.problems());
    plugin
}
