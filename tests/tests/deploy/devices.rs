//! Devices get their identity, and lose it.

use std::path::Path;

use campanile_device::config::Config;
use campanile_tests::built;
use campanile_tests::project::Ended;
use tokio::process::Command;

use crate::account::{Account, ended};

async fn device(folder: &Path, arguments: &[&str]) -> Ended {
    ended(Command::new(built::binary("campanile-device")).args(arguments).current_dir(folder)).await
}

async fn principals(account: &Account, thing: &str) -> Vec<String> {
    let found = account.asked(&["iot", "list-thing-principals", "--thing-name", thing]).await;
    found["principals"].as_array().unwrap().iter().map(|arn| arn.as_str().unwrap().to_owned()).collect()
}

async fn done(account: &Account, name: &str, arguments: &[&str]) -> Ended {
    let ended = account.run(name, arguments).await;
    assert_eq!(ended.code, 0, "{name} {arguments:?}: {}", ended.stderr);
    ended
}

#[tokio::test]
async fn a_device_is_provisioned_renewed_and_revoked() {
    let Some(account) = Account::new().await else { return };
    account.deployed(&["--param", "TopicFilter=home/+/status"]).await;
    here(&account).await;
    from_afar(&account).await;
    exclusively(&account).await;
    done(&account, "destroy", &["--yes"]).await;
}

/// The device is this machine.
async fn here(account: &Account) {
    for _ in 0..2 {
        done(account, "provision-device", &["boiler", "--out", "boiler"]).await;
    }
    let folder = account.project.path("boiler");
    let config = Config::read(&folder.join("device.toml")).unwrap();
    assert_eq!((config.device.id.as_str(), config.device.topic.as_str()), ("boiler", "home/boiler/status"));
    assert!(config.broker.host.contains("-ats.iot."), "{}", config.broker.host);
    let first = principals(account, "boiler").await;
    assert_eq!(first.len(), 1);
    let policies = account.asked(&["iot", "list-attached-policies", "--target", &first[0]]).await;
    assert_eq!(
        policies["policies"][0]["policyName"].as_str().unwrap(),
        account.output("DevicePolicyName").await
    );

    done(account, "provision-device", &["boiler", "--out", "boiler", "--renew"]).await;
    assert_eq!(principals(account, "boiler").await.len(), 2);
    for _ in 0..2 {
        done(account, "revoke-device", &["boiler", "--old", "--yes"]).await;
    }
    let arn = std::fs::read_to_string(folder.join("boiler.arn")).unwrap();
    assert_eq!(principals(account, "boiler").await, [arn.trim()]);
    for _ in 0..2 {
        done(account, "revoke-device", &["boiler", "--yes"]).await;
    }
    assert!(account.aws(&["iot", "describe-thing", "--thing-name", "boiler"]).await.code != 0);
    assert!(
        account
            .aws(&["iot", "describe-certificate", "--certificate-id", arn.trim().rsplit('/').next().unwrap()])
            .await
            .code
            != 0
    );
}

/// The key is on the device, and a request comes from there. What fails in between is made up for.
async fn from_afar(account: &Account) {
    let folder = account.project.path("pump");
    std::fs::create_dir(&folder).unwrap();
    device(&folder, &["provision", "--id", "pump"]).await;
    let request = ["pump", "--csr", "pump/pump.csr", "--out", "signed", "--type", "pump"];
    for step in ["iot create-thing", "iot attach-policy", "iot attach-thing-principal"] {
        let mut command = account.script("provision-device", &request);
        let broken = ended(command.env("CAMPANILE_TEST_REFUSED", step)).await;
        assert_eq!(broken.code, 1, "{step}: {}", broken.stderr);
    }
    for _ in 0..2 {
        done(account, "provision-device", &request).await;
    }
    assert_eq!(principals(account, "pump").await.len(), 1);
    assert!(!account.project.path("signed/pump.key").exists());
    std::fs::copy(account.project.path("signed/device.toml"), folder.join("device.toml")).unwrap();
    let installed =
        ["provision", "--id", "pump", "--certificate", "../signed/pump.pem", "--ca", "../signed/ca.pem"];
    let installed = device(&folder, &installed).await;
    assert_eq!(installed.code, 0, "{}", installed.stderr);
    let config = Config::read(&folder.join("device.toml")).unwrap();
    assert_eq!(config.device.topic, "home/pump/status");
}

/// A certificate of one thing can't be made that of another.
async fn exclusively(account: &Account) {
    let arn = principals(account, "pump").await.remove(0);
    account.asked(&["iot", "create-thing", "--thing-name", "stranger"]).await;
    let attached = ["iot", "attach-thing-principal", "--thing-name", "stranger", "--principal", &arn];
    let attached = account.aws(&attached).await;
    assert_ne!(attached.code, 0);
    assert!(attached.stderr.contains("another thing"), "{}", attached.stderr);
}
