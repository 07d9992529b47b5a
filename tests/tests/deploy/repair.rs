//! A run that ended in the middle, wherever that was, is continued by the next one.

use serde_json::json;

use crate::account::{Account, ended};

/// What changes something, in order. Each fails once.
const STEPS: [&str; 8] = [
    "ssm put-parameter",
    "s3api create-bucket",
    "s3api put-public-access-block",
    "s3api put-bucket-policy",
    "s3api put-object",
    "cloudformation create-change-set",
    "cloudformation execute-change-set",
    "cloudformation describe-stack-events",
];

#[tokio::test]
async fn whatever_fails_the_next_run_goes_on() {
    let Some(account) = Account::in_region("eu-central-1").await else { return };
    for step in STEPS {
        let mut command = account.deploy(&["--yes"]);
        let broken = ended(command.env("CAMPANILE_TEST_REFUSED", step)).await;
        // To tell of events is not worth failing for.
        let code = i32::from(step != "cloudformation describe-stack-events");
        assert_eq!(broken.code, code, "{step}: {}", broken.stderr);
        assert!(broken.stderr.contains("injected"), "{step}: {}", broken.stderr);
    }
    let whole = account.deployed(&[]).await;
    assert!(whole.stderr.contains("nothing to change"), "{}", whole.stderr);
    assert!(account.output("HotRuleName").await == "campanile_hot");
    for step in ["cloudformation delete-stack", "s3api delete-object", "s3api delete-bucket"] {
        let mut command = account.script("destroy", &["--yes"]);
        let broken = ended(command.env("CAMPANILE_TEST_REFUSED", step)).await;
        assert_eq!(broken.code, 1, "{step}: {}", broken.stderr);
    }
    let gone = account.run("destroy", &["--yes"]).await;
    assert_eq!(gone.code, 0, "{}", gone.stderr);
    assert_eq!(account.asked(&["s3api", "list-buckets"]).await["Buckets"], json!([]));
    assert_eq!(account.asked(&["iot", "list-topic-rules"]).await["rules"], json!([]));
}

#[tokio::test]
async fn a_stack_that_can_not_be_made_says_why_and_is_made_anew() {
    let Some(account) = Account::in_region("eu-central-1").await else { return };
    let payload = json!({ "sql": "SELECT * FROM 'a'", "actions": [] }).to_string();
    let rule = ["--rule-name", "campanile_hot"];
    let taken = [&["iot", "create-topic-rule", "--topic-rule-payload", &payload], &rule[..]].concat();
    account.asked(&taken).await;
    let failed = ended(&mut account.deploy(&["--yes"])).await;
    assert_eq!(failed.code, 1, "{}", failed.stderr);
    let reason = "HotRule (AWS::IoT::TopicRule): Rule with given name already exists";
    assert!(failed.stderr.contains(reason), "{}", failed.stderr);
    assert!(failed.stderr.contains("run this again"), "{}", failed.stderr);

    account.asked(&[&["iot", "delete-topic-rule"], &rule[..]].concat()).await;
    let repaired = account.deployed(&[]).await;
    assert!(repaired.stderr.contains("the stack is ROLLBACK_COMPLETE"), "{}", repaired.stderr);
    assert_eq!(account.output("HotRuleName").await, "campanile_hot");
}

/// Nobody hears of the test alert: no function runs here.
#[tokio::test]
async fn a_test_alert_that_comes_to_nobody_says_where_to_look() {
    let Some(account) = Account::in_region("eu-central-1").await else { return };
    let mut command = account.tried();
    command.env("TELEGRAM_BOT_TOKEN", "12345:abc").env("CAMPANILE_SMOKE_PATIENCE", "3");
    let silent = ended(&mut command).await;
    assert_eq!(silent.code, 1, "{}", silent.stderr);
    for said in
        ["the test came to nobody within 3 s", "deploy/logs --stack campanile", "campanile-FailureQueue-"]
    {
        assert!(silent.stderr.contains(said), "{said}: {}", silent.stderr);
    }
}
