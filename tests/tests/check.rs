//! `campanile check` before a deployment: every mistake is named with its place and the way out.

use campanile_tests::project::{Ended, Project};
use serde_json::{Value, json};

/// A configuration without anything to find.
const GOOD: &str = r#"
[channels.family]
plugin = "telegram"
allow = ["https://api.telegram.org"]
settings.chat-id = 1
secrets.bot-token = { env = "TOKEN" }
"#;

/// A slow machine says that it compiles.
const PATIENCE: [(&str, &str); 1] = [("(?m)^compiled .*\n", "")];

async fn check(project: &Project, arguments: &[&str]) -> Ended {
    project.campanile_with(&[&["check"], arguments].concat(), &[("TOKEN", "1:abcdefghij")], "").await
}

#[tokio::test]
async fn the_sample_has_nothing_wrong_but_what_only_the_environment_can_say() {
    let ended = Project::sample().campanile(&["check"]).await;
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (0, "2 channels, 1 route, 2 plugins\n0 errors, 2 warnings\n")
    );
    insta::with_settings!({ filters => PATIENCE, omit_expression => true }, {
        insta::assert_snapshot!(ended.stderr);
    });
}

#[tokio::test]
async fn a_secret_in_ssm_is_counted_and_not_asked_for() {
    let config = GOOD.replace("{ env = \"TOKEN\" }", "{ ssm = \"/campanile/bot-token\" }");
    let ended = check(&Project::new(&config, &["telegram"]), &[]).await;
    let contents = "1 channel, 1 route, 1 plugin, 1 secret in SSM (not looked up)\n0 errors, 0 warnings\n";
    assert_eq!((ended.code, ended.stdout.as_str()), (0, contents));
}

#[tokio::test]
async fn warnings_are_errors_for_who_asks() {
    let project = Project::sample();
    assert_eq!(project.campanile(&["check", "--deny-warnings"]).await.code, 3);
    let set = [("TELEGRAM_BOT_TOKEN", "x"), ("DISCORD_WEBHOOK_URL", "x")];
    let ended = project.campanile_with(&["check", "--deny-warnings"], &set, "").await;
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
}

#[tokio::test]
async fn a_mistake_is_shown_in_its_line_with_the_word_that_was_meant() {
    let project = Project::new(&GOOD.replace("settings.chat-id", "setings.chat-id"), &["telegram"]);
    let ended = check(&project, &[]).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (3, "1 error, 0 warnings\n"));
    insta::with_settings!({ filters => PATIENCE, omit_expression => true }, {
        insta::assert_snapshot!(ended.stderr);
    });
}

/// A change to the good configuration, and what is found then: code, line, words of the message and of the help.
struct Mistake {
    from: &'static str,
    to: &'static str,
    code: &'static str,
    line: u64,
    message: &'static str,
    help: &'static str,
    exit: i32,
}

const MISTAKES: &[Mistake] = &[
    Mistake {
        from: "allow =",
        to: "alow =",
        code: "config::unknown-key",
        line: 4,
        message: "alow",
        help: "allow",
        exit: 3,
    },
    Mistake {
        from: "secrets.bot-token = { env = \"TOKEN\" }",
        to: "",
        code: "config::missing-secret",
        line: 2,
        message: "lacks the secret `bot-token`",
        help: "write `bot-token = { env = \"TELEGRAM_BOT_TOKEN\" }` in `[channels.family.secrets]`",
        exit: 3,
    },
    Mistake {
        from: "TOKEN",
        to: "OTHER",
        code: "config::unset-variable",
        line: 6,
        message: "`OTHER` of the secret `bot-token` is not set here",
        help: "must be set where the function runs",
        exit: 0,
    },
    Mistake {
        from: "\"telegram\"",
        to: "\"telegrm\"",
        code: "config::unknown-plugin",
        line: 3,
        message: "no plugin `telegrm`",
        help: "telegram",
        exit: 3,
    },
    Mistake {
        from: "settings.chat-id = 1",
        to: "settings.chat-id = true",
        code: "config::settings",
        line: 5,
        message: "the setting `chat-id` is wrong",
        help: "Where to send",
        exit: 3,
    },
    Mistake {
        from: "settings.chat-id = 1",
        to: "settings = { chat-id = 1, silnt = true }",
        code: "config::settings",
        line: 5,
        message: "has no setting `silnt`",
        help: "silent",
        exit: 3,
    },
    Mistake {
        from: "settings.chat-id = 1",
        to: "settings = {}",
        code: "config::settings",
        line: 5,
        message: "the setting `chat-id` is missing",
        help: "Where to send",
        exit: 3,
    },
    Mistake {
        from: "allow = [\"https://api.telegram.org\"]",
        to: "allow = []",
        code: "config::not-granted",
        line: 2,
        message: "may not send to `https://api.telegram.org`",
        help: "write `allow = [\"https://api.telegram.org\"]` in `[channels.family]`",
        exit: 0,
    },
    Mistake {
        from: "plugin =",
        to: "plugin",
        code: "config::syntax",
        line: 3,
        message: "",
        help: "",
        exit: 3,
    },
];

#[tokio::test]
async fn every_mistake_is_found_with_its_place_and_the_way_out() {
    let project = Project::new(GOOD, &["telegram"]);
    let nothing = check(&project, &["--json"]).await;
    assert_eq!((nothing.code, &nothing.json()["findings"]), (0, &json!([])));
    for mistake in MISTAKES {
        assert!(GOOD.contains(mistake.from));
        project.write("campanile.toml", GOOD.replacen(mistake.from, mistake.to, 1));
        let ended = check(&project, &["--json"]).await;
        let found = ended.json();
        let Value::Array(findings) = &found["findings"] else { panic!("{found:#}") };
        let finding = findings.iter().find(|finding| finding["code"] == mistake.code);
        let finding = finding.unwrap_or_else(|| panic!("{} is not among {findings:#?}", mistake.code));
        assert_eq!(findings.len(), 1, "{findings:#?}");
        assert_eq!(finding["line"], mistake.line, "{finding:#}");
        assert!(finding["message"].as_str().unwrap().contains(mistake.message), "{finding:#}");
        assert!(finding["help"].as_str().unwrap_or_default().contains(mistake.help), "{finding:#}");
        let severity = if mistake.exit == 0 { "warning" } else { "error" };
        assert_eq!((&finding["severity"], ended.code), (&json!(severity), mistake.exit), "{finding:#}");
    }
}

/// A component that exports what a plugin does and imports something that no plugin gets.
const WITH_SOCKETS: &str = r#"
(component
  (import "wasi:sockets/tcp@0.2.6" (instance))
  (component $nothing)
  (instance $plugin (instantiate $nothing))
  (export "campanile:channel/plugin@0.1.0" (instance $plugin)))
"#;

#[tokio::test]
async fn a_file_that_is_no_plugin_is_named_with_the_reason() {
    let project = Project::new(GOOD, &["telegram"]);
    let good = std::fs::read(project.path("plugins/telegram.wasm")).unwrap();
    let future = WITH_SOCKETS
        .replace("(import \"wasi:sockets/tcp@0.2.6\" (instance))", "")
        .replace("plugin@0.1.0", "plugin@0.9.0");
    let rows: [(&[u8], &str); 6] = [
        (&wat::parse_str(WITH_SOCKETS).unwrap(), "it imports `wasi:sockets/tcp@0.2.6`"),
        (&wat::parse_str(future).unwrap(), "it is built for `campanile:channel@0.9.0`; this host speaks 0.1"),
        (&wat::parse_str("(component)").unwrap(), "it does not export `campanile:channel/plugin`"),
        (&wat::parse_str("(module)").unwrap(), "a core WebAssembly module, not a component"),
        (&good[..good.len() / 2], "broken or cut short"),
        (b"Not Found\n", "not a WebAssembly file"),
    ];
    for (content, reason) in rows {
        project.write("plugins/odd.wasm", content);
        let ended = check(&project, &[]).await;
        assert_eq!(ended.code, 5, "{reason}: {}", ended.stderr);
        assert!(ended.stderr.contains("plugins/odd.wasm"), "{}", ended.stderr);
        assert!(ended.stderr.contains(reason), "{reason}: {}", ended.stderr);
        let broken = check(&project, &["--json"]).await.json();
        assert!(broken["broken-plugins"][0].as_str().unwrap().contains(reason), "{broken:#}");
        assert_eq!(broken["errors"], 0, "the channels that are configured do not need it");
    }
}

#[tokio::test]
async fn outside_a_project_the_next_step_is_named() {
    let project = Project::new("", &[]);
    std::fs::remove_file(project.path("campanile.toml")).unwrap();
    let ended = project.campanile(&["check"]).await;
    assert_eq!(ended.code, 3);
    assert!(
        ended.stderr.contains("help: go to your project, or name the file: --config PATH"),
        "{}",
        ended.stderr
    );
}
