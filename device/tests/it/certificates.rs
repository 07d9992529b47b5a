//! An authority and what it signs, in a folder.

use std::fs;
use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertificateSigningRequestParams,
    DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams,
    SerialNumber, date_time_ymd,
};

/// An authority.
pub(crate) struct Authority {
    folder: PathBuf,
    name: &'static str,
    issuer: Issuer<'static, KeyPair>,
}

/// When a certificate is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Good {
    Now,
    Formerly,
}

impl Authority {
    /// Its certificate is in `NAME.ca.pem`.
    pub(crate) fn new(folder: &Path, name: &'static str) -> Self {
        let mut params = params(name, Good::Now);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().unwrap();
        fs::write(folder.join(format!("{name}.ca.pem")), params.self_signed(&key).unwrap().pem()).unwrap();
        Self { folder: folder.to_owned(), name, issuer: Issuer::new(params, key) }
    }

    /// The server's certificate, for `localhost`: `server.pem`, `server.key`.
    pub(crate) fn server(&self, good: Good) {
        let mut params = params("localhost", good);
        params.subject_alt_names =
            CertificateParams::new(["localhost".to_owned()]).unwrap().subject_alt_names;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        self.sign("server", &params);
    }

    /// A device's certificate: `DEVICE.pem`, `DEVICE.key`.
    pub(crate) fn device(&self, device: &str, serial: u64, good: Good) {
        let mut params = params(device, good);
        params.serial_number = Some(SerialNumber::from(serial));
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        self.sign(device, &params);
    }

    /// A certificate for the key of a request: `NAME.pem`.
    pub(crate) fn request(&self, csr: &Path, name: &str) {
        let request = CertificateSigningRequestParams::from_pem(&fs::read_to_string(csr).unwrap()).unwrap();
        let certificate = request.signed_by(&self.issuer).unwrap();
        fs::write(self.folder.join(format!("{name}.pem")), certificate.pem()).unwrap();
    }

    /// The list of those that it has revoked: `NAME.crl.pem`.
    pub(crate) fn revoke(&self, serials: &[u64]) {
        let revoked = |serial: &u64| RevokedCertParams {
            serial_number: SerialNumber::from(*serial),
            revocation_time: date_time_ymd(2026, 1, 1),
            reason_code: None,
            invalidity_date: None,
        };
        let params = CertificateRevocationListParams {
            this_update: date_time_ymd(2026, 1, 1),
            next_update: date_time_ymd(2100, 1, 1),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: serials.iter().map(revoked).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let list = params.signed_by(&self.issuer).unwrap();
        fs::write(self.folder.join(format!("{}.crl.pem", self.name)), list.pem().unwrap()).unwrap();
    }

    fn sign(&self, name: &str, params: &CertificateParams) {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        fs::write(self.folder.join(format!("{name}.pem")), certificate.pem()).unwrap();
        let path = self.folder.join(format!("{name}.key"));
        fs::write(&path, key.serialize_pem()).unwrap();
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    }
}

fn params(name: &str, good: Good) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    (params.not_before, params.not_after) = match good {
        Good::Now => (date_time_ymd(2026, 1, 1), date_time_ymd(2100, 1, 1)),
        Good::Formerly => (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1)),
    };
    params
}
