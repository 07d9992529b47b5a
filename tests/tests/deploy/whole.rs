//! From nothing to a running system, again without a change, with a change, and away.

use serde_json::json;

use crate::account::{Account, ended};
use crate::rule;

#[tokio::test]
async fn an_alert_reaches_people_and_the_data_outlives_the_stack() {
    let Some(account) = Account::new().await else { return };
    looked_at_first(&account).await;
    an_alert_reaches_people(&account).await;
    the_template_is_what_there_is(&account).await;
    nothing_changes_by_itself(&account).await;
    what_changes_is_deployed(&account).await;
    the_data_stays(&account).await;
}

/// `--dry-run` says it all and changes nothing.
async fn looked_at_first(account: &Account) {
    let looked = ended(&mut account.deploy(&["--dry-run"])).await;
    assert_eq!(looked.code, 0, "{}", looked.stderr);
    for said in [
        "/campanile/telegram-bot-token gets a value, for bot-token of family, from TELEGRAM_BOT_TOKEN",
        "the bucket campanile-artifacts-123456789012-us-east-1 is made",
        "the stack is made, with ",
        "NotifyRecovery = true",
    ] {
        assert!(looked.stderr.contains(said), "{said}: {}", looked.stderr);
    }
    assert_eq!(account.changes(), Vec::<String>::new());
}

async fn an_alert_reaches_people(account: &Account) {
    let catcher = rule::providers().await;
    let mut command = account.tried();
    command.env("TELEGRAM_BOT_TOKEN", "12345:abc");
    let deployed = tokio::select! {
        deployed = ended(&mut command) => deployed,
        () = rule::run(account, &catcher) => unreachable!("it ends only with the deployment"),
    };
    assert_eq!(deployed.code, 0, "{}", deployed.stderr);
    assert!(deployed.stderr.contains("is INACTIVE, on home/heating/status"), "{}", deployed.stderr);
    let is_told = |line: &str| line.trim_start().starts_with("family ") && line.contains(" delivered ");
    assert!(deployed.stderr.lines().any(is_told), "{}", deployed.stderr);
    assert!(deployed.stdout.contains("HotRuleName          campanile_hot\n"), "{}", deployed.stdout);
    // The secret that the script put was read by the function and is in the request.
    let requests = catcher.inbox().list(None);
    let alert =
        requests.iter().find(|caught| caught.request.url.path() == "/bot12345:abc/sendMessage").unwrap();
    let text = String::from_utf8_lossy(&alert.request.body);
    assert!(text.contains("smoke-test-") && text.contains("This is a test of deploy/deploy"), "{text}");
    account.calls();
}

async fn the_template_is_what_there_is(account: &Account) {
    let rule = account.asked(&["iot", "get-topic-rule", "--rule-name", "campanile_hot"]).await;
    let function = account.output("FunctionName").await;
    let arn = format!("arn:aws:lambda:us-east-1:123456789012:function:{function}");
    assert_eq!(rule["rule"]["actions"], json!([{ "lambda": { "functionArn": arn } }]));
    assert!(rule["rule"]["errorAction"]["sqs"]["queueUrl"].is_string(), "{rule}");
    let table = account.output("EventTableName").await;
    let table = account.asked(&["dynamodb", "describe-table", "--table-name", &table]).await;
    assert_eq!(table["Table"]["DeletionProtectionEnabled"], true);
    let bucket = ["--bucket", "campanile-artifacts-123456789012-us-east-1"];
    let public = account.asked(&[&["s3api", "get-public-access-block"], &bucket[..]].concat()).await;
    assert_eq!(public["PublicAccessBlockConfiguration"]["RestrictPublicBuckets"], true);
    let policy = account.asked(&[&["s3api", "get-bucket-policy"], &bucket[..]].concat()).await;
    assert!(policy["Policy"].as_str().unwrap().contains("aws:SecureTransport"), "{policy}");
    let secret = ["ssm", "get-parameter", "--name", "/campanile/telegram-bot-token", "--with-decryption"];
    let secret = account.asked(&secret).await;
    assert_eq!(
        (&secret["Parameter"]["Type"], &secret["Parameter"]["Value"]),
        (&json!("SecureString"), &json!("12345:abc"))
    );
}

async fn nothing_changes_by_itself(account: &Account) {
    let again = account.deployed(&[]).await;
    assert!(again.stderr.contains("nothing to change"), "{}", again.stderr);
    // To see whether there is a change takes a change set, which goes again.
    let changes = account.changes();
    let kinds: Vec<_> = changes.iter().map(|call| call.split(' ').nth(1).unwrap()).collect();
    assert_eq!(kinds, ["create-change-set", "delete-change-set"], "{changes:#?}");
}

async fn what_changes_is_deployed(account: &Account) {
    let before = code_key(account).await;
    let config = std::fs::read_to_string(account.project.path("campanile.toml")).unwrap();
    account.project.write("campanile.toml", config.replace("chat-id = \"1\"", "chat-id = \"2\""));
    let deployed = account.deployed(&["--email", "me@example.org"]).await;
    let after = code_key(account).await;
    assert_ne!(before, after);
    assert!(deployed.stderr.contains(&format!("{before} is kept for 90 days")), "{}", deployed.stderr);
    let topics = account.asked(&["sns", "list-subscriptions"]).await;
    assert_eq!(topics["Subscriptions"][0]["Endpoint"], "me@example.org");
    // The address is given once and stays; back to the package before.
    let package = format!("s3://campanile-artifacts-123456789012-us-east-1/{before}");
    let back = ["--yes", "--no-smoke-test", "--package", &package];
    let back = account.run("deploy", &back).await;
    assert_eq!(back.code, 0, "{}", back.stderr);
    assert_eq!(code_key(account).await, before);
    assert_eq!(parameter(account, "AlarmEmail").await, "me@example.org");
    let superseded =
        ["s3api", "get-object-tagging", "--bucket", "campanile-artifacts-123456789012-us-east-1", "--key"];
    let of = async |key: &str| account.asked(&[&superseded[..], &[key]].concat()).await["TagSet"].clone();
    assert_eq!(of(&before).await, json!([]));
    assert_eq!(of(&after).await, json!([{ "Key": "superseded", "Value": "true" }]));
}

async fn code_key(account: &Account) -> String {
    parameter(account, "CodeKey").await
}

async fn parameter(account: &Account, name: &str) -> String {
    let query = format!("Stacks[0].Parameters[?ParameterKey=='{name}'].ParameterValue | [0]");
    let stack = ["cloudformation", "describe-stacks", "--stack-name", "campanile", "--query", &query];
    account.asked(&stack).await.as_str().unwrap().to_owned()
}

async fn the_data_stays(account: &Account) {
    let table = account.output("EventTableName").await;
    let item = json!({
        "client_id": { "S": "home-heating" },
        "trace_id": { "S": "5f0c1b2e-8a47-4d19-9c3e-000000000001" },
        "received_at": { "N": "1795406708000" },
        "topic": { "S": "home/heating/status" },
        "raw": { "S": "e30=" },
        "payload": { "M": { "status": { "S": "INACTIVE" } } },
    });
    account.asked(&["dynamodb", "put-item", "--table-name", &table, "--item", &item.to_string()]).await;
    account.calls();
    let looked = account.run("destroy", &["--dry-run"]).await;
    assert_eq!((looked.code, account.changes()), (0, Vec::new()), "{}", looked.stderr);
    assert!(
        looked.stderr.contains(&format!("stays    the event table {table}: about 1 events")),
        "{}",
        looked.stderr
    );

    let destroyed = account.run("destroy", &["--yes"]).await;
    assert_eq!(destroyed.code, 0, "{}", destroyed.stderr);
    let read = format!("dynamodb:{table}");
    assert!(destroyed.stdout.contains(&format!("campanile events --store {read}")), "{}", destroyed.stdout);
    let events = ["events", "--store", &read, "--json"];
    let events = account.project.campanile_with(&events, &account.environment(), "").await;
    assert_eq!(events.json().as_array().unwrap().len(), 1, "{}", events.stderr);
    let buckets = account.asked(&["s3api", "list-buckets"]).await;
    assert_eq!(buckets["Buckets"], json!([]));

    // The next stack has a table of its own, and the old one is told of.
    let again = account.deployed(&[]).await;
    assert!(again.stderr.contains(&format!("`{table}` of an earlier stack is kept")), "{}", again.stderr);
    let all = account.run("destroy", &["--yes", "--delete-data", "--delete-secrets"]).await;
    assert_eq!(all.code, 0, "{}", all.stderr);
    assert_eq!(account.asked(&["dynamodb", "list-tables"]).await["TableNames"], json!([]));
    assert_eq!(account.asked(&["ssm", "describe-parameters"]).await["Parameters"], json!([]));
    let nothing = account.run("destroy", &["--yes"]).await;
    assert_eq!(nothing.code, 0);
    assert!(nothing.stderr.contains("there is nothing of a stack `campanile`"), "{}", nothing.stderr);
}
