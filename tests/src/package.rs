//! A deployment package as Lambda has it: unpacked into a folder that nobody writes to, run by another user, on aarch64 under qemu.

use std::ffi::OsString;
use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use campanile_local::lambda::EmulatorConfig;
use tempfile::TempDir;
use zip::ZipArchive;

use crate::function::Function;

/// The function's binary as it is deployed.
const BOOTSTRAP: &str = "CAMPANILE_BOOTSTRAP_AARCH64";

/// What runs it here.
const QEMU: &str = "CAMPANILE_QEMU_AARCH64";

/// The C library for it.
const SYSROOT: &str = "CAMPANILE_SYSROOT_AARCH64";

/// The user `nobody`: any but the one whose files they are.
const STRANGER: &str = "65534";

/// Every instruction of the start is translated first.
const START: Duration = Duration::from_secs(60);

/// The deployed `bootstrap`.
#[must_use]
pub fn bootstrap() -> PathBuf {
    named(BOOTSTRAP)
}

/// The path that a variable has.
fn named(variable: &str) -> PathBuf {
    let path = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.exists());
    path.unwrap_or_else(|| panic!("{variable} names nothing; tests/run installs and builds it and sets that"))
}

/// A package's folder.
#[derive(Debug)]
pub struct Unpacked(TempDir);

impl Unpacked {
    /// Unpacks the zip file at `path`.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap().extract(folder.path()).unwrap();
        let unpacked = Self(folder);
        unpacked.protect(0o555);
        unpacked
    }

    /// Its folders and files, each with its permissions, sorted.
    #[must_use]
    pub fn list(&self) -> Vec<(String, u32)> {
        let mut all = Vec::new();
        each(self.0.path(), &mut |path| {
            let name = path.strip_prefix(self.0.path()).unwrap().display().to_string();
            all.push((name, std::fs::metadata(path).unwrap().mode() & 0o777));
        });
        all.sort();
        all
    }

    /// Runs its `bootstrap` with these variables and no others.
    #[must_use]
    pub fn start(&self, environment: &[(&str, &str)]) -> Function {
        let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let bootstrap = self.0.path().join("bootstrap");
        Function::of(EmulatorConfig {
            environment: environment.collect(),
            launcher: launcher(),
            init_timeout: START,
            ..EmulatorConfig::new(bootstrap)
        })
    }

    fn protect(&self, mode: u32) {
        each(self.0.path(), &mut |path| {
            if path.is_dir() {
                std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
            }
        });
    }
}

impl Drop for Unpacked {
    /// What can't be written to can't be removed.
    fn drop(&mut self) {
        self.protect(0o755);
    }
}

/// The folder and all below it, what is in a folder after the folder.
fn each(path: &Path, visit: &mut impl FnMut(&Path)) {
    visit(path);
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            each(&entry.unwrap().path(), visit);
        }
    }
}

/// Permissions don't bind root, who can be somebody else instead.
fn launcher() -> Vec<OsString> {
    let is_root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    let somebody = ["setpriv", "--reuid", STRANGER, "--regid", STRANGER, "--clear-groups"];
    let user = somebody.into_iter().filter(|_| is_root).map(OsString::from);
    user.chain([named(QEMU).into(), "-L".into(), named(SYSROOT).into()]).collect()
}
