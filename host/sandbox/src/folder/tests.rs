//! What may lie in the folder under the name of a component.
#![cfg(unix)]

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::process::Command;

use tempfile::TempDir;

use super::*;

/// A folder of plugins in a folder that has other things as well.
struct Place {
    home: TempDir,
    plugins: PathBuf,
}

impl Place {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let plugins = home.path().join("plugins");
        std::fs::create_dir(&plugins).unwrap();
        Self { home, plugins }
    }

    fn write(&self, path: &str, mode: u32) -> PathBuf {
        let path = self.home.path().join(path);
        std::fs::write(&path, "component").unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        path
    }

    /// Why `x.wasm` is not read, or its text; paths without the home.
    fn said(&self) -> String {
        let said = match read(&self.plugins, "x.wasm") {
            Ok(bytes) => String::from_utf8(bytes).unwrap(),
            Err(error) => error.to_string(),
        };
        let home = std::fs::canonicalize(self.home.path()).unwrap();
        said.replace(home.to_str().unwrap(), "").replace(self.home.path().to_str().unwrap(), "")
    }
}

#[test]
fn names_are_components_unless_they_are_hidden() {
    let place = Place::new();
    for name in ["b.wasm", "a.wasm", ".c.wasm", ".a.wasm.unfinished", "a.wasm.minisig", "README.md"] {
        place.write(&format!("plugins/{name}"), 0o644);
    }
    std::fs::create_dir(place.plugins.join("folder.wasm")).unwrap();
    assert_eq!(component_files(&place.plugins).unwrap(), ["a.wasm", "b.wasm", "folder.wasm"]);
    assert!(component_files(&place.home.path().join("nowhere")).unwrap().is_empty());
}

#[test]
fn a_file_that_others_may_write_is_not_read() {
    let place = Place::new();
    for mode in [0o644, 0o600, 0o664] {
        place.write("plugins/x.wasm", mode);
        assert_eq!(place.said(), "component", "{mode:o}");
    }
    place.write("plugins/x.wasm", 0o646);
    assert_eq!(
        place.said(),
        "anybody on this machine may write `/plugins/x.wasm` (mode 0646); if it is what you put there: chmod o-w /plugins/x.wasm"
    );
}

#[test]
fn a_file_of_somebody_else_is_not_read() {
    let place = Place::new();
    let path = place.write("plugins/x.wasm", 0o644);
    // Only root may give files away.
    if std::os::unix::fs::chown(&path, Some(65_534), None).is_ok() {
        assert!(place.said().starts_with("`/plugins/x.wasm` belongs to the user 65534"), "{}", place.said());
        // Whoever owns the folder could replace it.
        std::os::unix::fs::chown(&place.plugins, Some(65_534), None).unwrap();
        assert_eq!(place.said(), "component");
    }
}

#[test]
fn nothing_else_than_a_file_is_read_and_nobody_waits_for_it() {
    let place = Place::new();
    let path = place.plugins.join("x.wasm");
    std::fs::create_dir(&path).unwrap();
    assert_eq!(place.said(), "`/plugins/x.wasm` is a folder, not a file");
    std::fs::remove_dir(&path).unwrap();
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    assert_eq!(place.said(), "`/plugins/x.wasm` is a FIFO, not a file");
    std::fs::remove_file(&path).unwrap();
    let socket = UnixListener::bind(&path).unwrap();
    assert_eq!(place.said(), "`/plugins/x.wasm` is a socket, not a file");
    drop(socket);
    std::fs::remove_file(&path).unwrap();
    assert!(place.said().starts_with("`/plugins/x.wasm`: No such file"), "{}", place.said());
    assert!(matches!(read_anywhere(Path::new("/dev/zero")), Err(FileError::Kind { kind: "a device", .. })));
    assert!(matches!(read(&place.plugins, "\u{FFFD}.wasm"), Err(FileError::Name { .. })));
}

#[test]
fn a_link_may_lead_to_a_file_in_the_folder_and_nowhere_else() {
    let place = Place::new();
    let link = place.plugins.join("x.wasm");
    std::fs::create_dir(place.plugins.join("project")).unwrap();
    let target = place.write("plugins/project/built.wasm", 0o644);
    symlink("project/built.wasm", &link).unwrap();
    assert_eq!(place.said(), "component");

    place.write("plugins/project/built.wasm", 0o666);
    assert!(place.said().starts_with("anybody on this machine may write `/plugins/project/built.wasm`"));
    std::fs::set_permissions(target.parent().unwrap(), Permissions::from_mode(0o777)).unwrap();
    assert!(place.said().starts_with("anybody on this machine may write `/plugins/project` (mode 0777)"));

    place.write("elsewhere.wasm", 0o644);
    for target in [place.home.path().join("elsewhere.wasm"), PathBuf::from("../elsewhere.wasm")] {
        std::fs::remove_file(&link).unwrap();
        symlink(target, &link).unwrap();
        assert_eq!(
            place.said(),
            "`/plugins/x.wasm` is a link out of the folder of plugins, to `/elsewhere.wasm`; \
             take what it leads to: campanile plugin add /elsewhere.wasm"
        );
    }
    std::fs::remove_file(&link).unwrap();
    symlink("gone.wasm", &link).unwrap();
    assert_eq!(place.said(), "`/plugins/x.wasm` is a link to `gone.wasm`, which is not there");
    std::fs::remove_file(&link).unwrap();
    symlink("x.wasm", &link).unwrap();
    assert!(place.said().starts_with("`/plugins/x.wasm`: "), "a link to itself: {}", place.said());
}

#[test]
fn a_folder_that_others_may_write_is_refused_with_its_compiled_code() {
    let place = Place::new();
    let compiled = precompiled::folder(&place.plugins, "t");
    std::fs::create_dir_all(&compiled).unwrap();
    std::fs::write(Manifest::path(&compiled), "{}").unwrap();
    assert!(check(&place.plugins, "t").is_ok() && check(Path::new("/nowhere/plugins"), "t").is_ok());
    let places = [
        place.plugins.clone(),
        place.plugins.join(precompiled::FOLDER),
        compiled.clone(),
        Manifest::path(&compiled),
    ];
    for path in places {
        let before = std::fs::metadata(&path).unwrap().permissions();
        std::fs::set_permissions(&path, Permissions::from_mode(0o777)).unwrap();
        assert!(
            matches!(check(&place.plugins, "t"), Err(FileError::Writable { path: found, .. }) if found == path)
        );
        std::fs::set_permissions(&path, before).unwrap();
    }
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let place = Place::new();
    let path = place.write("plugins/x.wasm", 0o644);
    File::options().write(true).open(path).unwrap().set_len(limits::COMPONENT_BYTES + 1).unwrap();
    assert_eq!(place.said(), "`/plugins/x.wasm` has 67108865 bytes; at most 67108864 are read");
}
