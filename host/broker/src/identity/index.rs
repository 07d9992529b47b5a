//! Which certificates were issued, for whom, and which of them are revoked: a line for each, `ID DEVICE valid|revoked`.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::{IdentityError, files};

/// Certificates at most: ten for each connection that a broker takes. The file is written as a whole for each.
const MOST: usize = 10_000;

#[derive(Debug)]
pub(super) struct Index {
    path: PathBuf,
    certificates: HashMap<String, Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    device: String,
    revoked: bool,
}

impl Index {
    pub(super) fn open(path: &Path) -> Result<Self, IdentityError> {
        let text = files::read(path)?.unwrap_or_default();
        let certificates = text.lines().map(entry).collect::<Option<_>>().ok_or_else(|| {
            let why = "a line is not `ID DEVICE valid` or `ID DEVICE revoked`".to_owned();
            IdentityError::Damaged { path: path.to_owned(), why }
        })?;
        Ok(Self { path: path.to_owned(), certificates })
    }

    pub(super) fn add(&mut self, id: &str, device: &str) -> Result<(), IdentityError> {
        if self.certificates.len() >= MOST {
            return Err(IdentityError::Full(MOST));
        }
        let mut certificates = self.certificates.clone();
        certificates.insert(id.to_owned(), Entry { device: device.to_owned(), revoked: false });
        self.replace(certificates)
    }

    /// Tells how many were valid.
    pub(super) fn revoke(&mut self, device: &str) -> Result<usize, IdentityError> {
        let mut certificates = self.certificates.clone();
        let mut revoked = 0;
        for entry in certificates.values_mut().filter(|entry| entry.device == device && !entry.revoked) {
            entry.revoked = true;
            revoked += 1;
        }
        self.replace(certificates)?;
        Ok(revoked)
    }

    pub(super) fn is_valid(&self, id: &str, device: &str) -> bool {
        self.certificates.get(id).is_some_and(|entry| !entry.revoked && entry.device == device)
    }

    pub(super) fn is_known_and_valid(&self, id: &str) -> bool {
        self.certificates.get(id).is_some_and(|entry| !entry.revoked)
    }

    /// What is in memory is what is in the file.
    fn replace(&mut self, certificates: HashMap<String, Entry>) -> Result<(), IdentityError> {
        let mut text = String::new();
        for (id, Entry { device, revoked }) in &certificates {
            let state = if *revoked { "revoked" } else { "valid" };
            writeln!(text, "{id} {device} {state}").ok();
        }
        files::write(&self.path, &text)?;
        self.certificates = certificates;
        Ok(())
    }
}

fn entry(line: &str) -> Option<(String, Entry)> {
    let mut words = line.split(' ');
    let (id, device, state) = (words.next()?, words.next()?, words.next()?);
    let revoked = match state {
        "valid" => false,
        "revoked" => true,
        _ => return None,
    };
    words.next().is_none().then(|| (id.to_owned(), Entry { device: device.to_owned(), revoked }))
}
