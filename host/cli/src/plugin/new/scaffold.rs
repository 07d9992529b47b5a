//! A project to copy, and its name.

use std::io::Write as _;
use std::path::Path;

use campanile_core::description::is_name;

use super::files;
use crate::args::Language;
use crate::error::CliError;

/// What the scaffolds call their plugin.
const TEMPLATE: &str = "my-channel";

/// The texts of a project.
pub(super) type Files = &'static [(&'static str, &'static str)];

/// A project in one language, and the SDK that it brings along: nothing of ours is in a registry of packages.
#[derive(Debug)]
pub(super) struct Scaffold {
    project: Files,
    sdk: Files,
}

/// The name of a plugin.
#[derive(Debug)]
pub(super) struct Name(String);

impl Name {
    /// Lower case letters, digits and hyphens, as in a description; and such that it can be a crate or a module.
    pub(super) fn parse(given: &str) -> Result<Self, CliError> {
        let joined = given.ends_with('-') || given.contains("--");
        if is_name(given) && !joined {
            Ok(Self(given.to_owned()))
        } else {
            Err(CliError::PluginName(given.to_owned()))
        }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// `text` of a scaffold, about this plugin.
    fn put_into(&self, text: &str) -> String {
        let snake = |name: &str| name.replace('-', "_");
        text.replace(TEMPLATE, &self.0)
            .replace(&snake(TEMPLATE), &snake(&self.0))
            .replace(&snake(TEMPLATE).to_uppercase(), &snake(&self.0).to_uppercase())
            .replace(&pascal(TEMPLATE), &pascal(&self.0))
    }
}

fn pascal(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    };
    name.split('-').map(word).collect()
}

impl Scaffold {
    pub(super) fn of(language: Language) -> Self {
        let (project, sdk) = match language {
            Language::Rust => (files::RUST, files::RUST_SDK),
            Language::Javascript => (files::JAVASCRIPT, files::JAVASCRIPT_SDK),
            Language::Python => (files::PYTHON, files::PYTHON_SDK),
        };
        Self { project, sdk }
    }

    /// Writes the project of plugin `name` to `folder`, which must not be there: beside first, so that it is complete or not there at
    /// all. Says how many files it has.
    pub(super) fn write(&self, name: &Name, folder: &Path) -> Result<usize, CliError> {
        if folder.symlink_metadata().is_ok() {
            return Err(CliError::FolderExists(folder.to_owned()));
        }
        let parent =
            folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(parent).map_err(CliError::file(parent))?;
        let unfinished = tempfile::Builder::new().prefix(".new-").tempdir_in(parent);
        let unfinished = unfinished.map_err(CliError::file(parent))?;
        for (path, text) in self.project {
            put(&unfinished.path().join(name.put_into(path)), &name.put_into(text))?;
        }
        for (path, text) in self.sdk {
            put(&unfinished.path().join("sdk").join(path), text)?;
        }
        open(unfinished.path())?;
        std::fs::rename(unfinished.keep(), folder).map_err(CliError::file(folder))?;
        Ok(self.project.len() + self.sdk.len())
    }
}

fn put(path: &Path, text: &str) -> Result<(), CliError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(CliError::file(folder))?;
    }
    let mut file = std::fs::File::create_new(path).map_err(CliError::file(path))?;
    file.write_all(text.as_bytes()).map_err(CliError::file(path))?;
    if text.starts_with("#!") { executable(path, 0o755) } else { Ok(()) }
}

/// A temporary folder is its user's alone; a project is like any other.
fn open(folder: &Path) -> Result<(), CliError> {
    executable(folder, 0o755)
}

#[cfg(unix)]
fn executable(path: &Path, mode: u32) -> Result<(), CliError> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).map_err(CliError::file(path))
}

#[cfg(not(unix))]
fn executable(_: &Path, _: u32) -> Result<(), CliError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_name_is_put_in_as_each_language_writes_it() {
        let name = Name::parse("night-pager-2").unwrap();
        let text = "my-channel my_channel MY_CHANNEL_API_KEY class MyChannel";
        assert_eq!(
            name.put_into(text),
            "night-pager-2 night_pager_2 NIGHT_PAGER_2_API_KEY class NightPager2"
        );
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for given in ["", "Pager", "2pager", "-x", "x-", "a--b", "pager!", "../x", &"x".repeat(65)] {
            assert!(Name::parse(given).is_err(), "{given}");
        }
    }

    #[test]
    fn a_project_is_complete_or_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pager");
        let name = Name::parse("pager").unwrap();
        Scaffold::of(Language::Rust).write(&name, &path).unwrap();
        assert!(std::fs::read_to_string(path.join("Cargo.toml")).unwrap().contains("name = \"pager\""));
        assert!(path.join("sdk/wit/channel.wit").exists());
        assert!(matches!(Scaffold::of(Language::Rust).write(&name, &path), Err(CliError::FolderExists(_))));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    /// Every file of the repository's projects is in the lists, but for tests of the SDKs and what only those need.
    #[test]
    fn the_lists_are_complete() {
        for (folder, listed, left_out) in files::FOLDERS {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins").join(folder);
            let asked = Command::new("git").args(["ls-files"]).current_dir(&root).output().unwrap();
            assert!(asked.status.success());
            let text = String::from_utf8(asked.stdout).unwrap();
            let wanted = |path: &&str| !left_out.iter().any(|left| path.contains(left));
            let mut there: Vec<&str> =
                text.lines().filter(wanted).filter(|path| root.join(path).is_file()).collect();
            // git does not look into a link to a folder.
            if root.join("wit").is_symlink() {
                there.push("wit/channel.wit");
            }
            let mut listed: Vec<&str> = listed.iter().map(|(path, _)| *path).collect();
            there.sort_unstable();
            listed.sort_unstable();
            assert_eq!(listed, there, "{folder}");
        }
    }
}
