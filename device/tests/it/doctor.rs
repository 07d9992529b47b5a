//! What `doctor` says of Mosquitto with mutual TLS: when all is well, and when one thing is not.

use std::fs;
use std::net::UdpSocket;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use tempfile::TempDir;

use crate::certificates::{Authority, Good};
use crate::mosquitto::Mosquitto;

const DEVICE: &str = "home-heating";

/// The serial numbers of a certificate that is good, and of one that is revoked.
const GOOD: u64 = 7;
const REVOKED: u64 = 8;

/// From 1900, when NTP begins, to 1970.
const NTP_EPOCH: Duration = Duration::from_secs(2_208_988_800);

/// A broker with mutual TLS, a device that it knows, and a time server.
pub(crate) struct Scene {
    folder: TempDir,
    authority: Authority,
    stranger: Authority,
    broker: Mosquitto,
    /// What of the configuration is replaced with what.
    changes: Vec<(String, String)>,
}

impl Scene {
    pub(crate) fn new() -> Self {
        Self::with(Good::Now, "")
    }

    fn with(server: Good, settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let authority = Authority::new(path, "ours");
        let stranger = Authority::new(path, "another");
        authority.server(server);
        authority.device(DEVICE, GOOD, Good::Now);
        authority.revoke(&[REVOKED]);
        let at = path.display();
        let acl = path.join("acl");
        fs::write(&acl, "pattern write home/heating/status\n").unwrap();
        let broker = Mosquitto::start(
            path,
            &format!(
                "cafile {at}/ours.ca.pem\ncertfile {at}/server.pem\nkeyfile {at}/server.key\ncrlfile {at}/ours.crl.pem\n\
                 require_certificate true\nuse_identity_as_username true\nacl_file {at}/acl\n{settings}"
            ),
        );
        Self { folder, authority, stranger, broker, changes: Vec::new() }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn change(&mut self, from: &str, to: &str) -> &mut Self {
        self.changes.push((from.to_owned(), to.to_owned()));
        self
    }

    /// Each line of what it says, and the code that it ends with.
    fn asks(&self, arguments: &[&str], clock_ahead: Duration) -> (Vec<String>, i32) {
        self.asks_of(Command::new(env!("CARGO_BIN_EXE_campanile-device")), arguments, clock_ahead)
    }

    /// The same of another program.
    pub(crate) fn asks_of(
        &self,
        mut program: Command,
        arguments: &[&str],
        clock_ahead: Duration,
    ) -> (Vec<String>, i32) {
        let mut config = format!(
            "[device]\nid = \"{DEVICE}\"\ntopic = \"home/heating/status\"\n[broker]\nhost = \"localhost\"\nport = {}\n\
             [broker.tls]\nca = \"ours.ca.pem\"\ncertificate = \"{DEVICE}.pem\"\nkey = \"{DEVICE}.key\"\n",
            self.broker.port()
        );
        for (from, to) in &self.changes {
            assert!(config.contains(from), "{from}");
            config = config.replace(from, to);
        }
        let path = self.path().join("device.toml");
        fs::write(&path, config).unwrap();
        let time = time_server(clock_ahead);
        let output = program
            .args(["doctor", "--time-server", &time, "--config"])
            .arg(&path)
            .args(arguments)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let text = text.replace(&self.path().display().to_string(), "FOLDER");
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        (text.lines().map(str::to_owned).collect(), output.status.code().unwrap())
    }

    /// What it says of the one thing that does not work, and what to do.
    fn finds(&self) -> (String, String) {
        let (lines, code) = self.asks(&["--publish"], Duration::ZERO);
        let failed: Vec<_> = (0..lines.len()).filter(|at| lines[*at].contains(" FAILED ")).collect();
        let [failed] = failed[..] else { panic!("one thing is wrong, but: {lines:#?}") };
        assert_eq!(code, 1);
        (lines[failed].clone(), lines[failed + 1].trim().to_owned())
    }
}

/// An SNTP server (RFC 4330, section 5) for one question, so far ahead.
fn time_server(ahead: Duration) -> String {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let address = socket.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let mut packet = [0; 48];
        let Ok((48, client)) = socket.recv_from(&mut packet) else { return };
        let now = Timestamp::now().duration_since(Timestamp::UNIX_EPOCH).unsigned_abs() + NTP_EPOCH + ahead;
        let seconds = u32::try_from(now.as_secs()).unwrap().to_be_bytes();
        let fraction =
            u32::try_from((u64::from(now.subsec_nanos()) << 32) / 1_000_000_000).unwrap().to_be_bytes();
        let stamp = [seconds, fraction].concat();
        // No leap second, version 4, server; stratum 1; the question's time comes back.
        let question: Vec<u8> = packet[40..48].to_vec();
        packet[..4].copy_from_slice(&[0b00_100_100, 1, 6, 0xec]);
        packet[12..16].copy_from_slice(b"TEST");
        packet[16..24].copy_from_slice(&stamp);
        packet[24..32].copy_from_slice(&question);
        packet[32..40].copy_from_slice(&stamp);
        packet[40..48].copy_from_slice(&stamp);
        socket.send_to(&packet, client).ok();
    });
    address
}

/// Each step is ok, as far as it depends on the device.
pub(crate) fn assert_well(lines: &[String], code: i32) {
    let begin = |name: &str, with: &str| {
        let found =
            lines.iter().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{name}: {lines:#?}"));
        assert!(found.contains(with) && found.contains(" ok "), "{found}");
    };
    begin("destination", "home-heating reports to mqtts://localhost:");
    begin("certificate", "home-heating, by ours, until 2100-01-01T00:00:00Z");
    begin("name", "are `home-heating`");
    begin("key", "belongs to the certificate");
    begin("dns", "127.0.0.1");
    begin("tcp", "answers in");
    begin("tls", "TLS 1.3, the server is localhost, by ours; it takes our certificate");
    begin("connect", "takes us as `home-heating`");
    begin("publish", "on home/heating/status");
    assert_eq!(code, 0, "{lines:#?}");
}

#[test]
fn all_is_well() {
    let (lines, code) = Scene::new().asks(&["--publish"], Duration::ZERO);
    assert_well(&lines, code);
}

#[test]
fn the_server_is_not_of_our_authority() {
    let mut scene = Scene::new();
    let (found, remedy) = scene.change("ours.ca.pem", "another.ca.pem").finds();
    assert!(found.starts_with("tls "), "{found}");
    assert!(found.contains("is not signed by an authority in `FOLDER/another.ca.pem`"), "{found}");
    assert!(remedy.contains("Amazon Root CA 1"), "{remedy}");
}

#[test]
fn we_are_not_of_its_authority() {
    let scene = Scene::new();
    scene.stranger.device(DEVICE, GOOD, Good::Now);
    let (found, remedy) = scene.finds();
    assert!(found.contains("does not know the authority that has signed our certificate"), "{found}");
    assert!(remedy.contains("campanile-device provision"), "{remedy}");
}

#[test]
fn our_certificate_has_expired() {
    let scene = Scene::new();
    scene.authority.device(DEVICE, GOOD, Good::Formerly);
    let (found, remedy) = scene.finds();
    assert!(found.contains("`FOLDER/home-heating.pem` has expired at 2021-01-01T00:00:00Z"), "{found}");
    assert!(remedy.contains("--renew"), "{remedy}");
}

#[test]
fn the_servers_certificate_has_expired() {
    let (found, remedy) = Scene::with(Good::Formerly, "").finds();
    assert!(found.contains("the server's certificate has expired"), "{found}");
    assert!(remedy.contains("clock"), "{remedy}");
}

#[test]
fn our_certificate_is_revoked() {
    let scene = Scene::new();
    scene.authority.device(DEVICE, REVOKED, Good::Now);
    let (found, _) = scene.finds();
    assert!(found.starts_with("tls ") && found.contains("our certificate is revoked"), "{found}");
}

#[test]
fn the_server_has_another_name() {
    let mut scene = Scene::new();
    let (found, remedy) = scene.change("localhost", "127.0.0.1").finds();
    assert!(found.contains("the server's certificate is for ") && found.contains("localhost"), "{found}");
    assert!(found.contains("not for `127.0.0.1`") && remedy.contains("broker.host"), "{found} {remedy}");
}

#[test]
fn the_key_is_of_another_certificate() {
    let scene = Scene::new();
    scene.authority.device("other", GOOD, Good::Now);
    fs::copy(scene.path().join("other.key"), scene.path().join("home-heating.key")).unwrap();
    let (found, remedy) = scene.finds();
    assert!(found.starts_with("key ") && found.contains("do not go together"), "{found}");
    assert!(remedy.contains("made together"), "{remedy}");
}

#[test]
fn we_may_not_publish_there() {
    let mut scene = Scene::new();
    let (found, remedy) = scene.change("home/heating/status", "home/cooling/status").finds();
    assert!(
        found.starts_with("publish ") && found.contains("we may not publish on `home/cooling/status`"),
        "{found}"
    );
    assert_eq!(remedy, "let the broker allow `home-heating` to write `home/cooling/status`");
}

#[test]
fn the_broker_does_not_let_us_in() {
    let passwords = tempfile::NamedTempFile::new().unwrap();
    let settings = format!("allow_anonymous false\npassword_file {}\n", passwords.path().display());
    let scene = Scene::with(Good::Now, &settings);
    let config = scene.path().join("mosquitto.conf");
    let text = fs::read_to_string(&config).unwrap().replace("use_identity_as_username true", "");
    fs::write(config, text).unwrap();
    let mut scene = scene;
    scene.broker.restart();
    let (found, remedy) = scene.finds();
    assert!(found.starts_with("connect ") && found.contains("does not let us in (NotAuthorized)"), "{found}");
    assert!(remedy.contains("the client id `home-heating`"), "{remedy}");
}

#[test]
fn the_port_speaks_no_tls() {
    let mut scene = Scene::new();
    let plain = tempfile::tempdir().unwrap();
    let other = Mosquitto::start(plain.path(), "allow_anonymous true\n");
    let (ours, its) = (format!("port = {}", scene.broker.port()), format!("port = {}", other.port()));
    let (found, remedy) = scene.change(&ours, &its).finds();
    assert!(found.starts_with("tls "), "{found}");
    assert!(found.contains("without a word") || found.contains("speaks no TLS"), "{found} {remedy}");
}

#[test]
fn nobody_is_there() {
    let mut scene = Scene::new();
    scene.broker.kill();
    let (found, remedy) = scene.finds();
    assert!(found.starts_with("tcp ") && found.contains("Connection refused"), "{found}");
    assert!(remedy.contains("does not run"), "{remedy}");
}

#[test]
fn the_certificate_has_another_name_than_the_client_id() {
    let mut scene = Scene::new();
    let (lines, code) = scene.change("id = \"home-heating\"", "id = \"cellar\"").asks(&[], Duration::ZERO);
    let name = lines.iter().find(|line| line.starts_with("name ")).unwrap();
    assert!(
        name.contains("warning") && name.contains("of `home-heating`, and the client id is `cellar`"),
        "{name}"
    );
    assert_eq!(code, 0);
}

#[test]
fn the_clock_is_wrong() {
    let (lines, code) = Scene::new().asks(&[], Duration::from_secs(3 * 3600));
    let clock = lines.iter().find(|line| line.starts_with("clock ")).unwrap();
    assert!(clock.contains("FAILED") && clock.contains("it is 3.0 h behind"), "{clock}");
    assert_eq!(code, 1);
}
