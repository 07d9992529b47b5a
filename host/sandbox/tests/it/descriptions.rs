//! Components written by hand: what happens before a plugin is one.

use std::time::Duration;

use campanile_core::outcome::OutcomeKind;
use campanile_sandbox::catalogue::Catalogue;
use campanile_sandbox::compile::{CompileError, Compiled, Compiler};
use campanile_sandbox::precompiled::{folder, host_target};
use campanile_sandbox::{Allocation, Engine};
use serde_json::json;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use crate::support::{ENGINE, attempt, channel, load};

/// A component of world `channel` around a core module in text form. `describe` runs `describe`, `deliver` runs `deliver`;
/// both leave an address. At 8 stands the address and length of `description`, and the text at 1024.
fn component(globals: &str, describe: &str, deliver: &str, description: &str) -> Vec<u8> {
    let text = description.replace('\\', "\\\\").replace('"', "\\\"");
    let length = description.len();
    let module = format!(
        r#"(module
            (memory (export "memory") 17)
            {globals}
            (data (i32.const 8) "\00\04\00\00")
            (data (i32.const 1024) "{text}")
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 65536))
            (func (export "campanile:channel/plugin@0.1.0#describe") (result i32)
                (i32.store (i32.const 12) (i32.const {length}))
                {describe})
            (func (export "campanile:channel/plugin@0.1.0#deliver") (param i32) (result i32)
                {deliver}))"#
    );
    let mut module = wat::parse_str(module).unwrap();
    let mut resolve = Resolve::default();
    let wit = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit");
    let (package, _) = resolve.push_dir(wit).unwrap();
    let world = resolve.select_world(&[package], Some("channel")).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().module(&module).unwrap().encode().unwrap()
}

fn description(name: &str) -> String {
    json!({ "describe-version": 1, "name": name, "version": "1.0.0", "summary": "By hand.", "settings": { "type": "object" } }).to_string()
}

async fn compile(wasm: &[u8]) -> Result<Compiled, CompileError> {
    let plugins = tempfile::tempdir().unwrap();
    std::fs::write(plugins.path().join("guest.wasm"), wasm).unwrap();
    Compiler::new(&ENGINE, None).unwrap().compile(plugins.path(), "guest.wasm").await
}

async fn refused(wasm: &[u8]) -> String {
    compile(wasm).await.unwrap_err().to_string()
}

#[tokio::test]
async fn a_table_that_grows_ends_at_its_limit() {
    let grow =
        "(loop $again (drop (table.grow $t (ref.null func) (i32.const 1000))) (br $again)) (i32.const 0)";
    let wasm = component("(table $t 1 funcref)", "(i32.const 8)", grow, &description("grower"));
    let report = attempt(&load(&wasm).await, channel(&json!({}), Vec::new())).await;
    assert_eq!(report.outcome.kind(), OutcomeKind::Trapped, "{report:?}");
    assert!(report.detail.contains("a table of"), "{report:?}");
}

#[tokio::test]
async fn recursion_without_end_ends_with_the_stack() {
    let recurse =
        "(func $deeper (param i32) (result i32) (i32.add (call $deeper (local.get 0)) (i32.const 1)))";
    let wasm = component(recurse, "(i32.const 8)", "(call $deeper (i32.const 1))", &description("diver"));
    let report = attempt(&load(&wasm).await, channel(&json!({}), Vec::new())).await;
    assert_eq!(report.outcome.kind(), OutcomeKind::Trapped, "{report:?}");
    assert!(report.detail.contains("call stack exhausted"), "{report:?}");
}

/// A panic comes to its trap through the runtime; the log names the plugin's own functions, as they were written.
#[tokio::test]
async fn a_panic_leaves_the_functions_it_came_through_in_the_log() {
    let functions = r#"
        (func $_ZN4core9panicking9panic_fmt17h0123456789abcdefE (unreachable))
        (func $_ZN10my_channel6render17h0123456789abcdefE
            (call $_ZN4core9panicking9panic_fmt17h0123456789abcdefE))
        (func $deeper (param i32)
            (if (local.get 0)
                (then (call $deeper (i32.sub (local.get 0) (i32.const 1))))
                (else (call $_ZN10my_channel6render17h0123456789abcdefE))))"#;
    let panic = "(call $deeper (i32.const 20)) (i32.const 0)";
    let wasm = component(functions, "(i32.const 8)", panic, &description("panicking"));
    let report = attempt(&load(&wasm).await, channel(&json!({}), Vec::new())).await;
    assert_eq!(report.outcome.kind(), OutcomeKind::Trapped, "{report:?}");
    assert!(report.detail.ends_with("instruction executed in `my_channel::render`"), "{report:?}");
    let deeper = std::iter::repeat_n("trap: in deeper", 7);
    let expected: Vec<&str> = std::iter::once("trap: in my_channel::render").chain(deeper).collect();
    assert_eq!(report.guest_log, expected);
}

#[tokio::test]
async fn a_memory_filled_in_one_instruction_is_stopped_all_the_same() {
    let fill = "(loop $again (memory.fill (i32.const 65536) (i32.const 1) (i32.const 1000000)) (br $again)) (i32.const 0)";
    let wasm = component("", "(i32.const 8)", fill, &description("filler"));
    let report = attempt(&load(&wasm).await, channel(&json!({}), Vec::new())).await;
    assert_eq!(report.outcome.kind(), OutcomeKind::Trapped, "{report:?}");
    assert!(
        report.detail.contains("processor budget") && report.duration < Duration::from_secs(3),
        "{report:?}"
    );
}

#[tokio::test]
async fn an_answer_outside_of_memory_is_a_trap() {
    let wasm = component("", "(i32.const 8)", "(i32.const -8)", &description("liar"));
    let report = attempt(&load(&wasm).await, channel(&json!({}), Vec::new())).await;
    assert_eq!(report.outcome.kind(), OutcomeKind::Trapped, "{report:?}");
}

#[tokio::test]
async fn a_plugin_that_can_not_describe_itself_is_refused() {
    let forever = component("", "(loop $again (br $again)) (i32.const 8)", "(i32.const 0)", "");
    assert!(refused(&forever).await.contains("processor budget"), "endless");
    let trap = component("", "unreachable", "(i32.const 0)", "");
    assert!(refused(&trap).await.contains("unreachable"), "trap");
    let garbage = component("", "(i32.const 8)", "(i32.const 0)", "I am a plugin");
    assert!(refused(&garbage).await.contains("something else than a description"), "garbage");
    let huge =
        component("", "(i32.store (i32.const 12) (i32.const 1000000)) (i32.const 8)", "(i32.const 0)", "x");
    assert!(refused(&huge).await.contains("1000000 bytes of text"), "huge");
}

#[tokio::test]
async fn a_truncated_component_is_refused_with_its_path() {
    let whole = component("", "(i32.const 8)", "(i32.const 0)", &description("whole"));
    let message = refused(&whole[..whole.len() / 2]).await;
    assert!(message.contains("guest.wasm") && message.contains("broken or cut short"), "{message}");
}

#[tokio::test]
async fn what_was_compiled_is_kept_until_the_file_changes() {
    let plugins = tempfile::tempdir().unwrap();
    let compiler = Compiler::new(&ENGINE, None).unwrap();
    let write = |name: &str| {
        let wasm = component("", "(i32.const 8)", "(i32.const 0)", &description(name));
        std::fs::write(plugins.path().join("guest.wasm"), wasm).unwrap();
    };
    write("first");
    assert!(compiler.compile(plugins.path(), "guest.wasm").await.unwrap().duration.is_some());
    assert!(compiler.compile(plugins.path(), "guest.wasm").await.unwrap().duration.is_none());
    write("second");
    let compiled = compiler.compile(plugins.path(), "guest.wasm").await.unwrap();
    assert_eq!((compiled.duration.is_some(), compiled.entry.description.name.as_str()), (true, "second"));
}

#[tokio::test]
async fn of_two_files_with_one_name_the_one_that_was_there_first_stays() {
    let plugins = tempfile::tempdir().unwrap();
    let compiler = Compiler::new(&ENGINE, None).unwrap();
    let write = |file: &str, name: &str| {
        let wasm = component("", "(i32.const 8)", "(i32.const 0)", &description(name));
        std::fs::write(plugins.path().join(file), wasm).unwrap();
    };
    write("new.wasm", "pager");
    compiler.compile(plugins.path(), "new.wasm").await.unwrap();
    // Not by the alphabet: what serves stays what serves.
    write("another.wasm", "pager");
    let error = compiler.compile(plugins.path(), "another.wasm").await.unwrap_err().to_string();
    assert!(
        error.contains(
            "another.wasm` and `new.wasm` both call themselves `pager`; `new.wasm` was there first"
        ),
        "{error}"
    );
    let catalogue = Catalogue::open(&ENGINE, plugins.path()).unwrap();
    assert!(catalogue.problems().is_empty() && catalogue.get("pager").is_some());
    // A file that takes a name which is taken keeps its own last good one.
    write("third.wasm", "siren");
    compiler.compile(plugins.path(), "third.wasm").await.unwrap();
    write("third.wasm", "pager");
    assert!(compiler.compile(plugins.path(), "third.wasm").await.is_err());
    assert!(Catalogue::open(&ENGINE, plugins.path()).unwrap().get("siren").is_some());

    compiler.retain(plugins.path(), |file, _| file != "new.wasm").unwrap();
    compiler.compile(plugins.path(), "another.wasm").await.unwrap();
    assert!(Catalogue::open(&ENGINE, plugins.path()).unwrap().get("pager").is_some());
}

#[cfg(unix)]
#[tokio::test]
async fn compiled_code_is_for_its_owner_to_write() {
    use std::os::unix::fs::PermissionsExt as _;
    let plugins = tempfile::tempdir().unwrap();
    let wasm = component("", "(i32.const 8)", "(i32.const 0)", &description("owned"));
    std::fs::write(plugins.path().join("guest.wasm"), wasm).unwrap();
    let compiled = Compiler::new(&ENGINE, None).unwrap().compile(plugins.path(), "guest.wasm").await.unwrap();
    let compiled_folder = folder(plugins.path(), &host_target());
    for path in
        [compiled.entry.code_path(&compiled_folder), compiled_folder.join("manifest.json"), compiled_folder]
    {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o022, 0, "{}: {mode:o}", path.display());
    }
}

#[tokio::test]
async fn code_that_was_changed_after_compilation_is_not_loaded() {
    let plugins = tempfile::tempdir().unwrap();
    let wasm = component("", "(i32.const 8)", "(i32.const 0)", &description("changed"));
    std::fs::write(plugins.path().join("guest.wasm"), wasm).unwrap();
    let compiled = Compiler::new(&ENGINE, None).unwrap().compile(plugins.path(), "guest.wasm").await.unwrap();
    let code = compiled.entry.code_path(&folder(plugins.path(), &host_target()));
    let mut bytes = std::fs::read(&code).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&code, bytes).unwrap();
    let catalogue = Catalogue::open(&ENGINE, plugins.path()).unwrap();
    assert!(catalogue.get("changed").is_none());
    assert!(catalogue.problems()[0].to_string().contains("has been changed after it was compiled"));
}

/// What no channel names costs nothing, not even when it is broken.
#[tokio::test]
async fn code_is_loaded_when_somebody_asks_for_it() {
    let plugins = tempfile::tempdir().unwrap();
    for name in ["used", "unused"] {
        let wasm = component("", "(i32.const 8)", "(i32.const 0)", &description(name));
        let file = format!("{name}.wasm");
        std::fs::write(plugins.path().join(&file), wasm).unwrap();
        Compiler::new(&ENGINE, None).unwrap().compile(plugins.path(), &file).await.unwrap();
    }
    let catalogue = Catalogue::open(&ENGINE, plugins.path()).unwrap();
    assert_eq!((catalogue.descriptions().count(), catalogue.loaded().count()), (2, 0));
    catalogue.prepare(["used", "of-another-name"]);
    let loaded: Vec<_> = catalogue.loaded().map(|plugin| plugin.description().name.as_str()).collect();
    assert_eq!(loaded, ["used"]);
    std::fs::remove_dir_all(folder(plugins.path(), &host_target())).unwrap();
    assert!(catalogue.get("used").is_some() && catalogue.problems().is_empty());
    assert!(catalogue.get("unused").is_none() && catalogue.problems().len() == 1);
}

/// What is in use stays until there is something better.
#[tokio::test]
async fn a_plugin_in_use_outlives_a_file_that_goes_bad() {
    let plugins = tempfile::tempdir().unwrap();
    let compile = async |name: &str| {
        let wasm = component("", "(i32.const 8)", "(i32.const 0)", &description(name));
        std::fs::write(plugins.path().join("guest.wasm"), wasm).unwrap();
        Compiler::new(&ENGINE, None).unwrap().compile(plugins.path(), "guest.wasm").await.unwrap()
    };
    compile("good").await;
    let mut catalogue = Catalogue::open(&ENGINE, plugins.path()).unwrap();
    assert!(catalogue.get("good").is_some());
    let bad = compile("bad").await;
    std::fs::write(bad.entry.code_path(&folder(plugins.path(), &host_target())), "changed").unwrap();
    assert!(catalogue.refresh().unwrap());
    assert!(catalogue.get("good").is_some() && catalogue.get("bad").is_none());
    assert!(catalogue.problems()[0].to_string().contains("has been changed"), "{:?}", catalogue.problems());
}

/// A machine without room for the pool runs the same code.
#[tokio::test]
async fn code_does_not_depend_on_where_instances_get_their_memory() {
    let plugins = tempfile::tempdir().unwrap();
    let wasm = component("", "(i32.const 8)", "(i32.const 0)", &description("frugal"));
    std::fs::write(plugins.path().join("guest.wasm"), wasm).unwrap();
    for (compiled, loaded) in
        [(Allocation::Pooling, Allocation::OnDemand), (Allocation::OnDemand, Allocation::Pooling)]
    {
        let [compiled, loaded] = [compiled, loaded].map(|allocation| Engine::new(allocation).unwrap());
        Compiler::new(&compiled, None).unwrap().compile(plugins.path(), "guest.wasm").await.unwrap();
        let catalogue = Catalogue::open(&loaded, plugins.path()).unwrap();
        assert!(catalogue.get("frugal").is_some(), "{:?}", catalogue.problems());
        std::fs::remove_dir_all(plugins.path().join(".compiled")).unwrap();
    }
}

#[tokio::test]
async fn code_is_compiled_for_another_machine() {
    let plugins = tempfile::tempdir().unwrap();
    let wasm = component("", "(i32.const 8)", "(i32.const 0)", &description("travelling"));
    std::fs::write(plugins.path().join("guest.wasm"), wasm).unwrap();
    let target = "aarch64-unknown-linux-gnu";
    let compiled =
        Compiler::new(&ENGINE, Some(target)).unwrap().compile(plugins.path(), "guest.wasm").await.unwrap();
    assert!(compiled.entry.code_path(&plugins.path().join(".compiled").join(target)).exists());
    assert!(
        Compiler::new(&ENGINE, Some("pdp11-unknown-none"))
            .unwrap_err()
            .to_string()
            .contains("unknown target")
    );
}

/// Whoever names the target means any machine of it, and this one is among them.
#[tokio::test]
async fn code_for_all_machines_of_this_kind_runs_on_this_one() {
    let plugins = tempfile::tempdir().unwrap();
    let wasm = component("", "(i32.const 8)", "(i32.const 0)", &description("portable"));
    std::fs::write(plugins.path().join("guest.wasm"), wasm).unwrap();
    let compiler = Compiler::new(&ENGINE, Some(&host_target())).unwrap();
    compiler.compile(plugins.path(), "guest.wasm").await.unwrap();
    let catalogue = Catalogue::open(&ENGINE, plugins.path()).unwrap();
    assert!(catalogue.get("portable").is_some(), "{:?}", catalogue.problems());
}
