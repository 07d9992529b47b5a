//! A share of a processor for a process, by a control group of the kernel (cgroups(7)); only who may make one can measure with it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Microseconds in which the share is used up. The kernel's default of 100 ms would let most starts through in one go.
const PERIOD: u32 = 20_000;

/// Of a whole processor in that time: what a function of 256 MiB gets, as 1769 MiB get a whole one (Lambda developer guide, "Configure
/// Lambda function memory").
const SHARE: u32 = PERIOD * 256 / 1769;

/// The group; it goes when this is dropped, which is after its processes have gone.
#[derive(Debug)]
pub(super) struct Quota {
    folder: PathBuf,
}

impl Quota {
    /// Makes a group of either version of the kernel's interface.
    ///
    /// # Errors
    /// Why there is none, for people.
    pub(super) fn make() -> io::Result<Self> {
        let root = Path::new("/sys/fs/cgroup");
        let name = format!("campanile-cold-start-{}", std::process::id());
        if root.join("cgroup.controllers").exists() {
            let quota = Self::in_folder(root.join(name))?;
            quota.write("cpu.max", &format!("{SHARE} {PERIOD}"))?;
            Ok(quota)
        } else {
            let quota = Self::in_folder(root.join("cpu").join(name))?;
            quota.write("cpu.cfs_period_us", &PERIOD.to_string())?;
            quota.write("cpu.cfs_quota_us", &SHARE.to_string())?;
            Ok(quota)
        }
    }

    fn in_folder(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir(&folder).map_err(|error| because(&folder, &error))?;
        Ok(Self { folder })
    }

    fn write(&self, file: &str, value: &str) -> io::Result<()> {
        let path = self.folder.join(file);
        fs::write(&path, value).map_err(|error| because(&path, &error))
    }

    /// Where a process writes its number to come in.
    pub(super) fn door(&self) -> PathBuf {
        self.folder.join("cgroup.procs")
    }
}

impl Drop for Quota {
    fn drop(&mut self) {
        // Who can't remove it has nobody to tell; it limits nothing that runs.
        fs::remove_dir(&self.folder).ok();
    }
}

fn because(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(
        error.kind(),
        format!("there is no control group with a quota here: {}: {error}", path.display()),
    )
}
