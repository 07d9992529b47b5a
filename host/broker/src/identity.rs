//! Identities for devices: a certificate authority in a folder, certificates it has issued, and those it has revoked.
//!
//! A certificate's common name is the device's name, and the broker takes it with that client id only: what an AWS IoT policy
//! says with `client/${iot:Connection.Thing.ThingName}`. People hand the files to their tools:
//!
//! ```text
//! mosquitto_pub -h localhost -p 8883 -i heating --cafile DIR/ca.cert.pem --cert DIR/devices/heating.cert.pem \
//!     --key DIR/devices/heating.key.pem -q 1 -t home/heating/status -m '{}'
//! ```
//!
//! Keys are ECDSA P-256, as AWS IoT takes them; a device that makes its own may also have P-384 or RSA. The folder is its owner's
//! alone.

mod error;
mod files;
mod index;
mod name;
mod request;
mod template;
mod tls;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rcgen::{Issuer, KeyPair};

pub use self::error::{IdentityError, RequestError};
use self::index::Index;
pub(crate) use self::tls::principal;

/// A certificate authority in a folder. One process has it open at a time.
#[derive(Debug)]
pub struct Authority {
    dir: PathBuf,
    ca: String,
    issuer: Issuer<'static, KeyPair>,
    index: Mutex<Index>,
    server: Arc<rustls::ServerConfig>,
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
    /// SHA-256 of the certificate in DER, in hexadecimal: what AWS IoT calls the certificate's id.
    pub certificate_id: String,
}

/// A certificate for a device that has made its key itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The certificate, PEM.
    pub pem: String,
    /// SHA-256 of the certificate in DER, in hexadecimal: what AWS IoT calls the certificate's id.
    pub id: String,
}

impl Authority {
    /// Reads the authority in `dir`, or makes one there, with a certificate for a server on this machine: `localhost`,
    /// `127.0.0.1` and `::1`. That one is renewed when it is near its end.
    ///
    /// # Errors
    ///
    /// [`IdentityError`] if its files can't be read or written.
    pub fn open(dir: &Path) -> Result<Self, IdentityError> {
        files::folder(dir)?;
        files::folder(&dir.join("devices"))?;
        let now = Timestamp::now();
        let root = template::authority(dir, now)?;
        let (certificate, key) = template::server(dir, &root, now)?;
        let server = tls::server_config(&root.certificate, certificate, key)?;
        let index = Mutex::new(Index::open(&dir.join("index.txt"))?);
        Ok(Self { dir: dir.to_owned(), ca: root.pem, issuer: root.issuer, index, server })
    }

    /// The file with the authority's certificate, for a client's `--cafile`.
    pub fn ca_file(&self) -> PathBuf {
        self.dir.join("ca.cert.pem")
    }

    /// The same certificate itself, PEM: for a client that is not on this machine's disk.
    pub fn ca(&self) -> &str {
        &self.ca
    }

    /// The device's identity: the one it has, if its files are there and good for a month, else a new one.
    ///
    /// # Errors
    ///
    /// [`IdentityError`] for a bad name, for more than 10,000 certificates, and if files can't be written.
    pub fn issue(&self, device: &str) -> Result<Identity, IdentityError> {
        name::check(device)?;
        let mut index = self.index();
        let now = Timestamp::now();
        let (certificate, key) = (self.file(device, "cert"), self.file(device, "key"));
        if let Some(certificate_id) = template::still_good(&certificate, &key, now)?
            && index.is_valid(&certificate_id, device)
        {
            return Ok(Identity { device: device.to_owned(), certificate, key, certificate_id });
        }
        let new_key = template::key()?;
        let issued = template::device(device, now).signed_by(&new_key, &self.issuer)?;
        let certificate_id = tls::certificate_id(issued.der());
        // First the index: a certificate that nobody knows of could not be revoked.
        index.add(&certificate_id, device)?;
        files::write_secret(&key, &new_key.serialize_pem())?;
        files::write(&certificate, &issued.pem())?;
        Ok(Identity { device: device.to_owned(), certificate, key, certificate_id })
    }

    /// A certificate for a key that stays on the device: `csr` is its certificate signing request in PEM. The names in it are not
    /// asked for; the certificate is the device's. The same request gets another certificate each time, as from AWS IoT.
    ///
    /// # Errors
    ///
    /// [`IdentityError`] for a bad name or request, for more than 10,000 certificates, and if the index can't be written.
    pub fn sign(&self, csr: &str, device: &str) -> Result<Certificate, IdentityError> {
        name::check(device)?;
        let public_key = request::public_key(csr)?;
        let issued = template::device(device, Timestamp::now()).signed_by(&public_key, &self.issuer)?;
        let id = tls::certificate_id(issued.der());
        self.index().add(&id, device)?;
        Ok(Certificate { pem: issued.pem(), id })
    }

    /// Revokes all certificates of a device; tells how many were valid. Its connection ends with its next message.
    ///
    /// # Errors
    ///
    /// [`IdentityError`] for a bad name, and if the index can't be written.
    pub fn revoke(&self, device: &str) -> Result<usize, IdentityError> {
        name::check(device)?;
        self.index().revoke(device)
    }

    /// Whether a certificate was revoked, or is not known: then its index was lost, and nobody can say.
    pub(crate) fn is_revoked(&self, certificate_id: &str) -> bool {
        !self.index().is_known_and_valid(certificate_id)
    }

    pub(crate) fn server_config(&self) -> Arc<rustls::ServerConfig> {
        Arc::clone(&self.server)
    }

    fn file(&self, device: &str, kind: &str) -> PathBuf {
        self.dir.join("devices").join(format!("{device}.{kind}.pem"))
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
