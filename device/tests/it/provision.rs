//! Keys and certificates: signed elsewhere, and by AWS IoT (moto) through the AWS CLI.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use campanile_device::config::Config;
use campanile_device::tls::client_config;
use tempfile::TempDir;

use crate::certificates::{Authority, Good};
use crate::server::Server;

const DEVICE: &str = "home-heating";

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_campanile-device"))
}

fn provision(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = program();
    command.args(["provision", "--id", DEVICE, "--folder"]).arg(folder).args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8([output.stdout.clone(), output.stderr.clone()].concat()).unwrap()
}

/// A device's folder, and an authority that has signed its request.
fn signed() -> (TempDir, Authority) {
    let folder = tempfile::tempdir().unwrap();
    let requested = provision(folder.path(), &[]);
    assert!(
        requested.status.success() && said(&requested).contains("home-heating.csr"),
        "{}",
        said(&requested)
    );
    let authority = Authority::new(folder.path(), "ours");
    authority.request(&folder.path().join("home-heating.csr"), "signed");
    (folder, authority)
}

fn install(folder: &Path, certificate: &str) -> Output {
    let file = |name: &str| folder.join(name).display().to_string();
    provision(folder, &["--certificate", &file(certificate), "--ca", &file("ours.ca.pem")])
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn the_key_stays_and_only_a_request_leaves() {
    let (folder, _) = signed();
    let folder = folder.path();
    let installed = install(folder, "signed.pem");
    assert!(installed.status.success(), "{}", said(&installed));
    assert!(said(&installed).contains("campanile-device doctor --config"), "{}", said(&installed));
    let key = folder.join("home-heating.key");
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!read(folder, "home-heating.pem").contains("PRIVATE") && !said(&installed).contains("PRIVATE"));
    assert!(!folder.join("home-heating.key.next").exists() && !folder.join("home-heating.csr").exists());
    let config = Config::read(&folder.join("device.toml")).unwrap();
    assert_eq!((config.device.id.as_str(), config.broker.port()), (DEVICE, 8883));
    client_config(&config.broker.tls.unwrap(), 8883).unwrap();
}

#[test]
fn what_is_there_is_left_unless_it_is_renewed() {
    let (folder, authority) = signed();
    let folder = folder.path();
    install(folder, "signed.pem");
    let (key, certificate) = (read(folder, "home-heating.key"), read(folder, "home-heating.pem"));
    let again = provision(folder, &[]);
    assert!(again.status.success() && said(&again).contains("--renew makes new ones"), "{}", said(&again));
    assert!(provision(folder, &["--renew"]).status.success());
    assert_eq!(
        (read(folder, "home-heating.key"), read(folder, "home-heating.pem")),
        (key.clone(), certificate)
    );
    authority.request(&folder.join("home-heating.csr"), "renewed");
    let renewed = install(folder, "renewed.pem");
    assert!(renewed.status.success(), "{}", said(&renewed));
    assert_ne!(read(folder, "home-heating.key"), key);
    assert_eq!(read(folder, "home-heating.pem"), read(folder, "renewed.pem"));
}

#[test]
fn a_certificate_for_another_key_is_not_taken() {
    let (folder, authority) = signed();
    let folder = folder.path();
    authority.device("other", 1, Good::Now);
    let refused = install(folder, "other.pem");
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("do not go together"), "{}", said(&refused));
    assert!(!folder.join("home-heating.pem").exists() && folder.join("home-heating.key.next").exists());
    assert!(install(folder, "signed.pem").status.success(), "the key still waits");
}

#[test]
fn what_can_not_be_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let name = program().args(["provision", "--id", "my heater"]).output().unwrap();
    assert!(said(&name).contains("` ` can't be in the name of a thing"), "{}", said(&name));
    let nobody = provision(folder.path(), &["--dev", "http://127.0.0.1:1"]);
    assert!(said(&nobody).contains("start it with `campanile dev`"), "{}", said(&nobody));
    let no_aws = program()
        .args(["provision", "--id", DEVICE, "--aws", "--policy", "p", "--folder"])
        .arg(folder.path())
        .env("PATH", "")
        .output()
        .unwrap();
    assert!(said(&no_aws).contains("install the AWS CLI"), "{}", said(&no_aws));
    let no_policy = provision(folder.path(), &["--aws"]);
    assert_eq!(no_policy.status.code(), Some(2));
}

/// The AWS CLI, which `tests/run` installs, with moto for AWS.
struct Aws {
    program: PathBuf,
    endpoint: String,
}

impl Aws {
    async fn find() -> Option<Self> {
        let server = Server::moto_alone().await?;
        let program = std::env::var_os("CAMPANILE_AWS_CLI").map(PathBuf::from);
        let program =
            program.expect("CAMPANILE_AWS_CLI names the AWS CLI; tests/run installs it and sets it");
        Some(Self { program, endpoint: server.endpoint.clone() })
    }

    fn set(&self, command: &mut Command) {
        let folder = self.program.parent().unwrap().display();
        let path = format!("{folder}:{}", std::env::var("PATH").unwrap());
        command
            .env("PATH", path)
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            .env("AWS_ACCESS_KEY_ID", "nobody")
            .env("AWS_SECRET_ACCESS_KEY", "nothing")
            .env("AWS_DEFAULT_REGION", "eu-central-1");
    }

    fn iot(&self, arguments: &[&str]) -> serde_json::Value {
        let mut command = Command::new(&self.program);
        self.set(&mut command);
        let output = command.arg("iot").args(arguments).args(["--output", "json"]).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        serde_json::from_slice(&output.stdout).unwrap_or_default()
    }

    fn provision(&self, folder: &Path, policy: &str) -> Output {
        let mut command = program();
        self.set(&mut command);
        command
            .args(["provision", "--id", DEVICE, "--aws", "--policy", policy, "--folder"])
            .arg(folder)
            .output()
            .unwrap()
    }
}

#[tokio::test]
async fn aws_signs_and_attaches() {
    let Some(aws) = Aws::find().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let refused = aws.provision(folder, "not-there");
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("`aws iot attach-policy` has failed"), "{}", said(&refused));
    assert!(!folder.join("home-heating.pem").exists());
    assert_eq!(
        aws.iot(&["list-certificates"])["certificates"],
        serde_json::json!([]),
        "what is of no use is withdrawn"
    );

    let document = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iot:Connect", "Resource": "*"}]}"#;
    aws.iot(&["create-policy", "--policy-name", "devices", "--policy-document", document]);
    let done = aws.provision(folder, "devices");
    assert!(done.status.success(), "{}", said(&done));
    let arn = read(folder, "home-heating.arn");
    let principals = aws.iot(&["list-thing-principals", "--thing-name", DEVICE]);
    assert_eq!(principals["principals"], serde_json::json!([arn.trim()]));
    let policies = aws.iot(&["list-attached-policies", "--target", arn.trim()]);
    assert_eq!(policies["policies"][0]["policyName"], "devices");
    let config = Config::read(&folder.join("device.toml")).unwrap();
    assert!(config.broker.host.ends_with(".amazonaws.com"), "{}", config.broker.host);
    client_config(&config.broker.tls.unwrap(), 8883).unwrap();
    let again = aws.provision(folder, "devices");
    assert!(said(&again).contains("already"), "{}", said(&again));
}
