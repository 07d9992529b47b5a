//! The file of the folder that a plugin is installed as.

use std::path::Path;

use crate::plugin::trust::TrustError;
use crate::plugins::Plugins;

/// Its name. A file of the folder itself stays where it is; an update takes the place of what it updates; what is new is called as the
/// plugin calls itself.
///
/// `known` is where the plugin is by now, as far as anybody knows.
pub(super) fn file(
    folder: &Path,
    source: Option<&Path>,
    name: &str,
    known: Option<&str>,
    present: &Plugins,
) -> Result<String, TrustError> {
    let known = known.filter(|file| folder.join(file).symlink_metadata().is_ok());
    match (source.and_then(|source| own(folder, source)), known) {
        (Some(own), Some(known)) if own != known => {
            Err(TrustError::Twin { name: name.to_owned(), other: folder.join(known) })
        }
        (Some(own), _) => Ok(own),
        (None, Some(known)) => Ok(known.to_owned()),
        (None, None) => free(folder, name, present),
    }
}

/// `NAME.wasm`, unless another plugin has that file. What is no plugin or refused there is replaced.
fn free(folder: &Path, name: &str, present: &Plugins) -> Result<String, TrustError> {
    let file = format!("{name}.wasm");
    let other = present.files.iter().find(|it| it.file == file).and_then(|it| it.description());
    match other {
        Some(other) => Err(TrustError::Taken { path: folder.join(file), name: other.name.clone() }),
        None => Ok(file),
    }
}

/// The name of `source`, if it is a component directly in `folder`.
fn own(folder: &Path, source: &Path) -> Option<String> {
    let parent = source.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let is_there = std::fs::canonicalize(parent).ok()? == std::fs::canonicalize(folder).ok()?;
    let name = source.file_name()?.to_str()?;
    (is_there && name.ends_with(".wasm") && !name.starts_with('.')).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stays_where_it_is_or_was_or_gets_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let (folder, none) = (folder.path(), Plugins { files: Vec::new(), target: String::new() });
        let at = |name: &str| folder.join(name);
        for name in ["old.wasm", "new.wasm"] {
            std::fs::write(at(name), "").unwrap();
        }
        let file = |source: Option<&Path>, known| file(folder, source, "pager", known, &none);
        assert_eq!(file(None, None).unwrap(), "pager.wasm");
        assert_eq!(file(None, Some("old.wasm")).unwrap(), "old.wasm");
        assert_eq!(file(None, Some("gone.wasm")).unwrap(), "pager.wasm");
        assert_eq!(file(Some(&at("new.wasm")), None).unwrap(), "new.wasm");
        assert_eq!(file(Some(&at("old.wasm")), Some("old.wasm")).unwrap(), "old.wasm");
        assert_eq!(file(Some(Path::new("elsewhere/x.wasm")), None).unwrap(), "pager.wasm");
        let twin = file(Some(&at("new.wasm")), Some("old.wasm"));
        assert!(matches!(twin, Err(TrustError::Twin { .. })), "{twin:?}");
    }
}
