//! AWS IoT signs, through the program `aws`: whoever runs this may do so there, and the device itself never can.

use std::fs;
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::files::{self, Files};
use super::{ProvisionError, Signed};

/// Amazon Root CA 1 and 3 (<https://www.amazontrust.com/repository>), which sign the certificates of all ATS endpoints.
const ROOTS: &str = include_str!("amazon-root-ca.pem");

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    certificate_arn: String,
    certificate_pem: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Endpoint {
    endpoint_address: String,
}

/// What is there already is left as it is: each step may be done again after one that failed.
pub(super) fn sign(files: &Files, id: &str, policy: &str) -> Result<Signed, ProvisionError> {
    let Endpoint { endpoint_address } = ask(&["describe-endpoint", "--endpoint-type", "iot:Data-ATS"])?;
    ask::<serde_json::Value>(&["create-thing", "--thing-name", id])?;
    let csr = format!("file://{}", files.csr.display());
    let Created { certificate_arn, certificate_pem } =
        ask(&["create-certificate-from-csr", "--certificate-signing-request", &csr, "--set-as-active"])?;
    files::write(&files.arn, &format!("{certificate_arn}\n"))?;
    // This thing's alone: nobody can attach it to another one and publish as that.
    let attach = ["attach-thing-principal", "--thing-principal-type", "EXCLUSIVE_THING"];
    let attached = run(&["attach-policy", "--policy-name", policy, "--target", &certificate_arn])
        .and_then(|_| run(&[&attach[..], &["--thing-name", id, "--principal", &certificate_arn]].concat()));
    if let Err(error) = attached {
        withdraw(&certificate_arn);
        fs::remove_file(&files.arn).ok();
        return Err(error);
    }
    Ok(Signed { certificate: certificate_pem, ca: ROOTS.to_owned(), broker: Some((endpoint_address, 8883)) })
}

/// A certificate that is of no use must not be one that works. What of this fails can't be helped.
fn withdraw(arn: &str) {
    let certificate = arn.rsplit('/').next().unwrap_or(arn);
    run(&["update-certificate", "--certificate-id", certificate, "--new-status", "INACTIVE"])
        .and_then(|_| run(&["delete-certificate", "--certificate-id", certificate, "--force-delete"]))
        .ok();
}

fn ask<T: DeserializeOwned>(arguments: &[&str]) -> Result<T, ProvisionError> {
    let text = run(arguments)?;
    serde_json::from_str(&text).map_err(|error| failed(arguments, &error.to_string()))
}

fn run(arguments: &[&str]) -> Result<String, ProvisionError> {
    let output = Command::new("aws")
        .arg("iot")
        .args(arguments)
        .args(["--output", "json"])
        .env("AWS_PAGER", "")
        .stdin(Stdio::null())
        .output()
        .map_err(ProvisionError::NoAws)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(failed(arguments, String::from_utf8_lossy(&output.stderr).trim()))
    }
}

fn failed(arguments: &[&str], why: &str) -> ProvisionError {
    let command = arguments.first().copied().unwrap_or_default().to_owned();
    ProvisionError::Aws { command, why: why.to_owned() }
}
