//! What is in a package, for people and for machines.

use std::path::Path;

use campanile_core::config::{Config, SecretSource};
use campanile_sandbox::digest::Digest;
use campanile_sandbox::precompiled;
use serde_json::{Value, json};

use super::archive::{Entry, Zip};
use super::package::Package;
use crate::check::Review;
use crate::output::{self, CARE, Cell, GOOD, QUIET, columns, styled};

/// What loads quickly: a larger package is worth a word.
const LARGE: usize = 8 * 1024 * 1024;

/// A package that was written.
pub(super) struct Bundle<'b> {
    pub(super) file: &'b Path,
    pub(super) package: &'b Package,
    pub(super) zip: &'b Zip,
    pub(super) config: &'b Config,
    pub(super) review: &'b Review,
}

impl Bundle<'_> {
    /// Shows it on standard output.
    pub(super) fn show(&self) {
        let digest = Digest::of(&self.zip.bytes);
        let (packed, unpacked) = (self.zip.bytes.len() as u64, self.package.unpacked());
        output::line(format!(
            "{}  {}, {} unpacked, for {}",
            styled(GOOD, self.file.display()),
            kib(packed),
            kib(unpacked),
            self.review.plugins.target
        ));
        output::line("");
        let files = self.package.entries.iter().zip(&self.zip.sizes);
        let rows: Vec<[Cell; 4]> = files.map(|(entry, packed)| self.row(entry, *packed)).collect();
        for line in columns(&rows) {
            output::line(format!("  {line}"));
        }
        output::line("");
        self.show_secrets();
        if !self.package.left_out.is_empty() {
            output::line(format!("  left out    {}: no channel uses it", self.package.left_out.join(", ")));
        }
        output::line(format!("  sha256      {digest}"));
        output::line(format!("  CodeSha256  {}  as Lambda shows it", digest.to_base64()));
        if self.zip.bytes.len() > LARGE {
            output::note(format!(
                "{}: more than {}: a cold start takes longer",
                styled(CARE, "large"),
                kib(LARGE as u64)
            ));
        }
    }

    fn show_secrets(&self) {
        for (index, (channel, secret, source)) in secrets(self.config).enumerate() {
            let heading = if index == 0 { "secrets" } else { "" };
            let (kind, name) = source.named();
            output::line(format!("  {heading:<10}  {channel}: {secret}, {kind} {name}"));
        }
    }

    fn row(&self, entry: &Entry, packed: u64) -> [Cell; 4] {
        let (name, note) = self.named(entry);
        let right = |size| Cell::new(format!("{:>9}", kib(size)));
        [Cell::new(name), right(entry.bytes.len() as u64), right(packed), Cell::styled(QUIET, note)]
    }

    /// What people call an entry, and what else there is to say.
    fn named(&self, entry: &Entry) -> (String, String) {
        if let Some(plugin) = self.plugin(entry) {
            let description = &plugin.description;
            let name = format!("{} {}", description.name, description.version);
            return (name, format!("code {} of {}", plugin.code.short(), plugin.wasm.short()));
        }
        let glibc = self.package.glibc.filter(|_| entry.path == "bootstrap");
        (entry.path.clone(), glibc.map(|glibc| format!("glibc {glibc} or newer")).unwrap_or_default())
    }

    /// The plugin whose code an entry is.
    fn plugin(&self, entry: &Entry) -> Option<&precompiled::Entry> {
        let file = Path::new(&entry.path).file_name()?;
        self.package.manifest.plugins.values().find(|plugin| plugin.code_path(Path::new("")) == file)
    }

    /// The same for machines.
    pub(super) fn to_json(&self) -> Value {
        let digest = Digest::of(&self.zip.bytes);
        let files = self.package.entries.iter().zip(&self.zip.sizes);
        let template = json!({
            "file": self.review.template(),
            "parameters": self.config.deployment.parameters,
        });
        json!({
            "file": self.file,
            "bytes": self.zip.bytes.len(),
            "unpacked-bytes": self.package.unpacked(),
            "sha256": digest,
            "lambda-code-sha256": digest.to_base64(),
            "target": self.review.plugins.target,
            "files": files.map(|(entry, packed)| json!({
                "path": entry.path,
                "bytes": entry.bytes.len(),
                "zipped-bytes": packed,
                "sha256": Digest::of(&entry.bytes),
            })).collect::<Vec<_>>(),
            "plugins": self.package.manifest.plugins.iter().map(|(file, entry)| json!({
                "file": file,
                "name": entry.description.name,
                "version": entry.description.version,
                "sha256": entry.wasm,
                "code-sha256": entry.code,
            })).collect::<Vec<_>>(),
            "left-out": self.package.left_out,
            "secrets": secrets(self.config).map(|(channel, secret, source)| {
                let (kind, name) = source.named();
                json!({ "channel": channel, "secret": secret, kind: name })
            }).collect::<Vec<_>>(),
            "template": template,
            "warnings": self.review.warnings(),
        })
    }
}

/// What the function needs besides the package: channel, secret, and where it is.
fn secrets(config: &Config) -> impl Iterator<Item = (&str, &str, &SecretSource)> {
    config.channels.iter().flat_map(|(channel, table)| {
        table.secrets.iter().map(move |(secret, entry)| (channel.as_str(), secret.as_str(), &entry.source))
    })
}

fn kib(bytes: u64) -> String {
    format!("{} KiB", bytes.div_ceil(1024))
}
