use std::fs;

use super::*;

const SMALL: &str =
    "[device]\nid = \"heater\"\ntopic = \"home/heating/status\"\n[broker]\nhost = \"localhost\"\n";

fn read(text: &str) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("device.toml");
    fs::write(&path, text).unwrap();
    let told = |error: ConfigError| error.to_string().replace(&path.display().to_string(), "device.toml");
    Config::read(&path).map_err(told)
}

/// The example, its settings with or without the `#` before them.
fn example(is_all: bool) -> String {
    let is_setting = |line: &str| line.strip_prefix("# ").is_some_and(|rest| rest.split(" = ").count() == 2);
    let lines = EXAMPLE.lines().map(|line| if is_all && is_setting(line) { &line[2..] } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_example_says_what_is_if_nothing_is_said() {
    let config: Config = toml::from_str(&example(false)).unwrap();
    let usual: Config = toml::from_str(SMALL).unwrap();
    assert_eq!((config.spool, config.input, config.status), (usual.spool, usual.input, usual.status));
    let all = example(true);
    for setting in [
        "max-bytes = 4194304",
        "max-age = \"168h\"",
        "when-full = \"drop-oldest\"",
        "bad-for = \"0s\"",
        "keep-alive = \"60s\"",
    ] {
        assert!(all.contains(setting), "{setting}");
    }
    let spool: String = all.split("[spool]").nth(1).unwrap().split("\n[input]").next().unwrap().to_owned();
    assert_eq!(toml::from_str::<SpoolConfig>(&spool).unwrap(), SpoolConfig::default());
}

#[test]
fn ports_follow_from_tls() {
    let plain: Config = toml::from_str(SMALL).unwrap();
    assert_eq!(plain.broker.port(), 1883);
    let secure: Config = toml::from_str(EXAMPLE).unwrap();
    assert_eq!(secure.broker.port(), 8883);
}

#[test]
fn paths_are_relative_to_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("device.toml");
    fs::write(&path, EXAMPLE).unwrap();
    let config = Config::read(&path).unwrap();
    assert_eq!(config.spool.path, folder.path().join("spool.db"));
    assert_eq!(config.broker.tls.unwrap().key, folder.path().join("home-heating.key"));
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let unknown = read(&format!("{SMALL}prot = 1884\n")).unwrap_err();
    assert!(unknown.contains("line 6") && unknown.contains("unknown field `prot`"), "{unknown}");
    let absent = read("").unwrap_err();
    assert!(absent.contains("missing field `device`"), "{absent}");
    let no_time = read(&format!("{SMALL}keep-alive = \"soon\"\n")).unwrap_err();
    assert!(no_time.contains("line 6"), "{no_time}");
}

#[test]
fn what_can_not_be_is_refused() {
    let wrong = |from: &str, to: &str| read(&SMALL.replace(from, to)).unwrap_err();
    assert!(wrong("heater", "my heater").contains("device.id: ` ` can't be"));
    assert!(wrong("home/heating/status", "home/+/status").contains("one topic"));
    assert!(wrong("home/heating/status", "a/b/c/d/e/f/g/h/i").contains("8 levels"));
    assert!(
        wrong("status\"\n", "status\"\nlast-will = \"#\"\n").contains("device.last-will: where to publish")
    );
    let status = |text: &str| read(&format!("{SMALL}[status]\n{text}\n")).unwrap_err();
    assert!(status("bad-below = 1.0\nbad-above = 2.0").contains("not both"));
    assert!(status("bad-below = 1.0\ngood-at = 0.5").contains("can't be good again"));
    assert!(status("good-at = 0.5").contains("want a bad-below"));
    assert!(status("good = \"A\"\nbad = \"A\"").contains("the same"));
    assert!(status("good = \"\"").contains("1 to 64 bytes"));
    assert!(read(&format!("{SMALL}keep-alive = \"1s\"\n")).unwrap_err().contains("at least 5s"));
}
