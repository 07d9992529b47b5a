//! `campanile-device provision`.

use std::path::PathBuf;
use std::process::ExitCode;

use super::output::print;
use super::{FAILED, failed};
use crate::provision::{Provision, Provisioned, Signer};

/// Makes a key, which never leaves this machine, and gets a certificate for it.
///
/// Without a signer it leaves a request (CSR) to be signed elsewhere, and --certificate puts in place what came of it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  campanile-device provision --id home-heating --dev
  campanile-device provision --id home-heating --aws --policy POLICY   `DevicePolicyName` of the stack
  campanile-device provision --id home-heating
  campanile-device provision --id home-heating --certificate signed.pem --ca AmazonRootCA1.pem")]
pub(super) struct Arguments {
    /// The device's name: in the certificate, and the name of its thing.
    #[arg(long, value_name = "NAME")]
    id: String,
    /// Where its files are put: NAME.key, NAME.pem, ca.pem, and a device.toml if there is none.
    #[arg(long, value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// A new key and a new certificate, also if there are some.
    #[arg(long)]
    renew: bool,
    /// `campanile dev` signs; its page.
    #[arg(long, value_name = "URL", num_args = 0..=1, default_missing_value = "http://127.0.0.1:7700", group = "signer")]
    dev: Option<String>,
    /// AWS IoT signs, through the AWS CLI with its usual settings.
    #[arg(long, group = "signer", requires = "policy")]
    aws: bool,
    /// The IoT policy to attach, with --aws.
    #[arg(long, value_name = "NAME", requires = "aws")]
    policy: Option<String>,
    /// What was signed elsewhere, PEM.
    #[arg(long, value_name = "FILE", group = "signer", requires = "ca")]
    certificate: Option<PathBuf>,
    /// The certificates of the broker's authorities, PEM, with --certificate.
    #[arg(long, value_name = "FILE", requires = "certificate")]
    ca: Option<PathBuf>,
}

impl Arguments {
    pub(super) fn run(self) -> ExitCode {
        let (id, folder) = (self.id.clone(), self.folder.clone());
        let provision = Provision {
            id: self.id,
            folder: self.folder,
            renews: self.renew,
            signer: signer(self.dev, self.policy, self.certificate, self.ca),
        };
        let provisioned = match provision.run() {
            Ok(provisioned) => provisioned,
            Err(error) => return failed(&error, FAILED),
        };
        print(&told(&provisioned, &id, &folder));
        ExitCode::SUCCESS
    }
}

fn signer(
    dev: Option<String>,
    policy: Option<String>,
    certificate: Option<PathBuf>,
    ca: Option<PathBuf>,
) -> Signer {
    match (dev, policy, certificate, ca) {
        (Some(url), ..) => Signer::Dev { url },
        (_, Some(policy), ..) => Signer::Aws { policy },
        (_, _, Some(certificate), Some(ca)) => Signer::Files { certificate, ca },
        _ => Signer::Nobody,
    }
}

fn told(provisioned: &Provisioned, id: &str, folder: &std::path::Path) -> String {
    let config = folder.join("device.toml");
    match provisioned {
        Provisioned::Already { certificate } => {
            format!("{id} has `{}` and its key already; --renew makes new ones\n", certificate.display())
        }
        Provisioned::Requested { csr } => format!(
            "the request is `{csr}`; the key stays here. Have it signed, for example at AWS:\n\n  \
             aws iot create-certificate-from-csr --certificate-signing-request file://{csr} --set-as-active\n\n\
             then put the certificate in place:\n\n  \
             campanile-device provision --id {id} --folder {} --certificate FILE --ca FILE\n",
            folder.display(),
            csr = csr.display()
        ),
        Provisioned::Done { certificate, config: made } => {
            let made = made
                .as_ref()
                .map(|_| format!("`{}` is made: look at [input] and [status]\n", config.display()));
            format!(
                "{id} has `{}`; its key is beside it and has not left this machine\n{}next:\n\n  \
                 campanile-device doctor --config {config}\n  campanile-device run --config {config}\n",
                certificate.display(),
                made.unwrap_or_default(),
                config = config.display()
            )
        }
    }
}
