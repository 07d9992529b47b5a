//! Secrets reach SSM as they are, and nothing else.

use std::path::Path;

use campanile_tests::project::Ended;

use crate::account::{Account, TOKEN, ended};

async fn stored(account: &Account) -> String {
    let name = ["--name", "/campanile/telegram-bot-token", "--with-decryption"];
    let found = account.asked(&[&["ssm", "get-parameter"], &name[..]].concat()).await;
    found["Parameter"]["Value"].as_str().unwrap().to_owned()
}

/// The value is in nothing that is printed or seen from outside, and the file that it was read from is gone.
fn is_silent(said: &Ended, calls: &[String]) {
    let put = calls.iter().find(|call| call.starts_with("ssm put-parameter")).unwrap();
    let file = put.rsplit("file://").next().unwrap();
    assert!(file.ends_with("/secret.json") && !Path::new(file).exists(), "{put}");
    for secret in [TOKEN, "another-token"] {
        assert!(!said.stdout.contains(secret) && !said.stderr.contains(secret), "{}", said.stderr);
        assert!(calls.iter().all(|call| !call.contains(secret)), "{calls:#?}");
    }
}

#[tokio::test]
async fn they_are_put_kept_and_replaced_and_never_shown() {
    let Some(account) = Account::new().await else { return };
    let first = account.deployed(&[]).await;
    is_silent(&first, &account.calls());
    assert_eq!(stored(&account).await, TOKEN);

    let mut kept = account.deploy(&["--yes"]);
    let kept = ended(kept.env("TELEGRAM_BOT_TOKEN", "another-token")).await;
    assert_eq!(kept.code, 0, "{}", kept.stderr);
    assert_eq!(stored(&account).await, TOKEN);

    for (again, value) in
        [(["--secret", "telegram-bot-token"].as_slice(), "another-token"), (&["--rotate-secrets"], TOKEN)]
    {
        let mut rotated = account.deploy(&[&["--yes"], again].concat());
        let rotated = ended(rotated.env("TELEGRAM_BOT_TOKEN", value)).await;
        assert!(
            rotated.stderr.contains("/campanile/telegram-bot-token has another value"),
            "{}",
            rotated.stderr
        );
        is_silent(&rotated, &account.calls());
        assert_eq!(stored(&account).await, value);
    }
}

#[tokio::test]
async fn one_that_is_nowhere_is_asked_for() {
    let Some(account) = Account::new().await else { return };
    let mut command = account.deploy(&["--yes"]);
    let missing = ended(command.env_remove("TELEGRAM_BOT_TOKEN")).await;
    assert_eq!(missing.code, 1, "{}", missing.stderr);
    assert!(missing.stderr.contains("set TELEGRAM_BOT_TOKEN in the environment"), "{}", missing.stderr);

    let mut command = account.deploy(&["--yes"]);
    let odd = ended(command.env("TELEGRAM_BOT_TOKEN", "a\u{1b}b")).await;
    assert_eq!(odd.code, 1, "{}", odd.stderr);
    assert!(odd.stderr.contains("has a control character in it"), "{}", odd.stderr);

    let plain = [
        "ssm",
        "put-parameter",
        "--name",
        "/campanile/telegram-bot-token",
        "--type",
        "String",
        "--value",
        "x",
    ];
    account.asked(&plain).await;
    let open = ended(&mut account.deploy(&["--yes"])).await;
    assert_eq!(open.code, 1, "{}", open.stderr);
    assert!(open.stderr.contains("is a String: anybody who may list parameters reads it"), "{}", open.stderr);
}
