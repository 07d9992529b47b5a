//! The files of a device.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::{ProvisionError, Signed, pending};
use crate::config::Tls;
use crate::tls;

/// Where they are.
#[derive(Clone, Debug)]
pub(super) struct Files {
    pub(super) certificate: PathBuf,
    pub(super) csr: PathBuf,
    pub(super) config: PathBuf,
    /// A key that waits for its certificate.
    pub(super) next_key: PathBuf,
    /// Where the certificate is at AWS: its ARN.
    pub(super) arn: PathBuf,
    key: PathBuf,
    ca: PathBuf,
}

impl Files {
    /// Those of `id` in `folder`, which is made if it is not there.
    pub(super) fn new(folder: &Path, id: &str) -> Result<Self, ProvisionError> {
        fs::create_dir_all(folder)
            .map_err(|error| ProvisionError::File { path: folder.to_owned(), error })?;
        let file = |suffix: &str| folder.join(format!("{id}{suffix}"));
        Ok(Self {
            certificate: file(".pem"),
            csr: file(".csr"),
            config: folder.join("device.toml"),
            next_key: file(".key.next"),
            arn: file(".arn"),
            key: file(".key"),
            ca: folder.join("ca.pem"),
        })
    }

    pub(super) fn tls(&self) -> Tls {
        pending(&self.ca, &self.certificate, &self.key)
    }

    /// Puts what was signed in its place, with its key, if they go together.
    pub(super) fn install(&self, signed: &Signed) -> Result<(), ProvisionError> {
        let (certificate, ca) =
            (self.certificate.with_extension("pem.next"), self.ca.with_extension("pem.next"));
        write(&certificate, &signed.certificate)?;
        write(&ca, &signed.ca)?;
        if let Err(error) = tls::client_config(&pending(&ca, &certificate, &self.next_key), 0) {
            fs::remove_file(&certificate).and_then(|()| fs::remove_file(&ca)).ok();
            return Err(error.into());
        }
        for (from, to) in [(&ca, &self.ca), (&self.next_key, &self.key), (&certificate, &self.certificate)] {
            fs::rename(from, to).map_err(|error| ProvisionError::File { path: to.clone(), error })?;
        }
        // Whoever looks for requests that wait finds none.
        fs::remove_file(&self.csr).ok();
        Ok(())
    }
}

pub(super) fn read(path: &Path) -> Result<String, ProvisionError> {
    fs::read_to_string(path).map_err(|error| ProvisionError::File { path: path.to_owned(), error })
}

pub(super) fn write(path: &Path, text: &str) -> Result<(), ProvisionError> {
    fs::write(path, text).map_err(|error| ProvisionError::File { path: path.to_owned(), error })
}

/// Writes what only its owner may read, where nothing is.
pub(super) fn write_secret(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
