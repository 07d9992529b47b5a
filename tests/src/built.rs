//! Where the built parts are: the binaries beside the test's own, the components beside them in the target folder.

use std::path::PathBuf;

/// The folder of the binaries, instead of the one that the test itself was built into.
const BINARIES: &str = "CAMPANILE_BIN_DIR";

/// The binary `campanile`, `bootstrap` or `campanile-device`.
#[must_use]
pub fn binary(name: &str) -> PathBuf {
    existing(binaries().join(name))
}

/// The component of the plugin that goes by `name`.
pub(crate) fn component(name: &str) -> PathBuf {
    let file = match name {
        "hostile" => "campanile_guest_hostile.wasm".to_owned(),
        "desk-lamp" => "desk_lamp.wasm".to_owned(),
        own => format!("campanile_{own}.wasm"),
    };
    let target = binaries().parent().map(|target| target.join("wasm32-wasip2/release"));
    existing(target.unwrap().join(file))
}

fn binaries() -> PathBuf {
    std::env::var_os(BINARIES).map_or_else(beside_the_test, PathBuf::from)
}

/// Cargo puts tests into `deps`, one below the binaries.
fn beside_the_test() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.ancestors().nth(2).unwrap().to_owned()
}

fn existing(path: PathBuf) -> PathBuf {
    assert!(
        path.is_file(),
        "`{}` is not there; `tests/run` builds what the tests need, or set {BINARIES} to a release folder of cargo's",
        path.display()
    );
    path
}
