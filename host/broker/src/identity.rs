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
//! Keys are ECDSA P-256, as AWS IoT takes them. The folder is its owner's alone.

mod error;
mod files;
mod index;
mod name;
mod template;
mod tls;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rcgen::{CertificateSigningRequestParams, Issuer, KeyPair};

pub use self::error::IdentityError;
use self::index::Index;
pub(crate) use self::tls::principal;

/// A certificate authority in a folder. One process has it open at a time.
#[derive(Debug)]
pub struct Authority {
    dir: PathBuf,
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
        let (authority, issuer) = template::authority(dir, now)?;
        let (certificate, key) = template::server(dir, &authority, &issuer, now)?;
        let server = tls::server_config(&authority, certificate, key)?;
        let index = Mutex::new(Index::open(&dir.join("index.txt"))?);
        Ok(Self { dir: dir.to_owned(), issuer, index, server })
    }

    /// The file with the authority's certificate, for a client's `--cafile`.
    pub fn ca_file(&self) -> PathBuf {
        self.dir.join("ca.cert.pem")
    }

    /// The device's identity: the one it has, if its files are there and good for a month, else a new one.
    ///
    /// # Errors
    ///
    /// [`IdentityError`] for a bad name, and if files can't be written.
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

    /// A certificate in PEM for a key that stays on the device: `csr` is its certificate signing request in PEM. The names in
    /// it are not asked for; the certificate is the device's.
    ///
    /// # Errors
    ///
    /// [`IdentityError`] for a bad name or request, and if files can't be written.
    pub fn sign(&self, csr: &str, device: &str) -> Result<String, IdentityError> {
        name::check(device)?;
        // rcgen checks that whoever made the request has the key.
        let request = CertificateSigningRequestParams::from_pem(csr).map_err(IdentityError::Request)?;
        let params = template::device(device, Timestamp::now());
        let issued = params.signed_by(&request.public_key, &self.issuer)?;
        self.index().add(&tls::certificate_id(issued.der()), device)?;
        Ok(issued.pem())
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
