//! What is wrong is said, with what to do, before anything is done.

use std::process::Stdio;

use crate::account::{Account, ended};

/// Script, arguments, exit code, what it says.
const WRONG: [(&str, &[&str], i32, &str); 22] = [
    ("deploy", &["--stak", "x"], 2, "there is no option `--stak`"),
    ("deploy", &["--stack"], 2, "--stack needs a value"),
    ("deploy", &["--stack", "9lives"], 2, "`9lives` can't name a stack"),
    ("deploy", &["--stack", "a/../b"], 2, "can't name a stack"),
    ("deploy", &["--region", "nowhere"], 2, "`nowhere` is no region"),
    ("deploy", &["--config", "nosuch.toml"], 2, "there is no configuration"),
    ("deploy", &["--bootstrap", "nosuch"], 2, "there is no function `nosuch`"),
    ("deploy", &["--param", "TopicFilter"], 2, "`TopicFilter` is no parameter: NAME=VALUE"),
    (
        "deploy",
        &["--param", "NotifyRecovry=true"],
        2,
        "has no parameter `NotifyRecovry`: TopicFilter NotifyRecovery",
    ),
    ("deploy", &["--param", "CodeKey=x"], 2, "CodeKey is what this script deploys"),
    ("deploy", &["--package", "s3://bucket/other/key.zip"], 2, "is no package of this stack"),
    ("deploy", &["--config", "campanile.toml"], 1, "there is nobody to ask"),
    ("provision-device", &[], 2, "the name of the device is missing"),
    ("provision-device", &["two words"], 2, "`two words` can't name a thing"),
    ("provision-device", &["pump", "boiler"], 2, "one device at a time"),
    ("provision-device", &["pump", "--csr", "nosuch.csr"], 2, "there is no request `nosuch.csr`"),
    ("provision-device", &["pump", "--csr", "campanile.toml"], 1, "`campanile.toml` is no request"),
    ("provision-device", &["pump"], 1, "there is no stack `campanile` in us-east-1"),
    ("revoke-device", &["../pump"], 2, "can't name a thing"),
    ("logs", &["--since", "yesterday"], 2, "`yesterday` is no time"),
    ("logs", &["--errors", "--delivery", "x"], 2, "--errors or --delivery, not both"),
    ("destroy", &["campanile"], 2, "there is no option `campanile`"),
];

#[tokio::test]
async fn each_script_says_what_is_wrong_and_changes_nothing() {
    let Some(account) = Account::new().await else { return };
    for (script, arguments, code, said) in WRONG {
        let wrong = account.run(script, arguments).await;
        assert_eq!(wrong.code, code, "{script} {arguments:?}: {}", wrong.stderr);
        assert!(wrong.stderr.contains(said), "{script} {arguments:?}: {}", wrong.stderr);
    }
    account.project.write("key.pem", "-----BEGIN PRIVATE KEY-----\n");
    let key = account.run("provision-device", &["pump", "--csr", "key.pem"]).await;
    assert_eq!(key.code, 1);
    assert!(key.stderr.contains("has a private key in it"), "{}", key.stderr);
    for script in ["deploy", "provision-device", "revoke-device", "destroy", "logs"] {
        let help = account.run(script, &["--help"]).await;
        assert_eq!((help.code, help.stderr.as_str()), (0, ""), "{script}");
        assert!(help.stdout.contains("Examples:\n"), "{script}: {}", help.stdout);
    }
    assert_eq!(account.changes(), Vec::<String>::new());
}

#[tokio::test]
async fn without_credentials_or_a_valid_configuration_nothing_is_done() {
    let Some(account) = Account::new().await else { return };
    let mut command = account.deploy(&["--yes"]);
    command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    command.env("HOME", account.project.path(".")).env("AWS_EC2_METADATA_DISABLED", "true");
    let nobody = ended(command.stdin(Stdio::null())).await;
    assert_eq!(nobody.code, 1, "{}", nobody.stderr);
    assert!(nobody.stderr.contains("AWS does not take the credentials"), "{}", nobody.stderr);

    account.project.write("campanile.toml", "[chanels.family]\n");
    let invalid = ended(&mut account.deploy(&["--yes"])).await;
    assert_eq!(invalid.code, 1, "{}", invalid.stderr);
    assert!(invalid.stderr.contains("the check has found something"), "{}", invalid.stderr);
    assert_eq!(account.changes(), Vec::<String>::new());
}
