//! A plugin that misbehaves on demand: each attempt does what `settings.do` says.
//!
//! It stands for everything a stranger's plugin might do. Nothing here is an example to follow.

use campanile_channel::{
    Attempt, Channel, Failure, Host, Level, Notification, Receipt, Request, ResponseExt as _, SendError,
};
use serde::Deserialize;

/// The plugin.
#[derive(Debug)]
pub struct Hostile;

/// What to do, and with what.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Settings {
    #[serde(rename = "do")]
    what: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    count: u32,
    #[serde(default)]
    needle: String,
}

impl Channel for Hostile {
    const DESCRIPTION: &'static str = include_str!("../describe.json");
    type Settings = Settings;

    fn deliver(
        notification: &Notification,
        settings: &Settings,
        _: &Attempt,
        host: &mut dyn Host,
    ) -> Result<Receipt, Failure> {
        match settings.what.as_str() {
            "nothing" => Ok(receipt(String::new())),
            "loop" => spin(),
            "memory" => Err(Failure::rejected(format!("{} chunks", memory().len()))),
            "recursion" => Err(Failure::rejected(recurse(settings.count).to_string())),
            "panic" => std::process::abort(),
            "exit" => std::process::exit(7),
            "sleep" => sleep(),
            "log" => Ok(flood(host, settings.count)),
            "print" => Ok(print(settings.count)),
            "resume" => Err(Failure::transient("again").resuming("x".repeat(settings.count as usize))),
            "send" => send(settings, host),
            "send-then-loop" => send(settings, host).and_then(|_| spin()),
            "send-many" => send_many(settings, host),
            "leak" => leak(settings, host, notification),
            "scan" => Ok(receipt(scan_memory(settings, host)?)),
            other => Err(Failure::rejected(format!("unknown order {other}"))),
        }
    }
}

campanile_channel::export!(Hostile);

fn receipt(message_id: String) -> Receipt {
    Receipt { message_id, target: String::new(), warnings: Vec::new() }
}

fn spin() -> ! {
    let mut number = 0_u64;
    loop {
        number = std::hint::black_box(number.wrapping_add(1));
    }
}

fn memory() -> Vec<Vec<u8>> {
    let mut chunks = Vec::new();
    loop {
        chunks.push(vec![1_u8; 1 << 20]);
        std::hint::black_box(&chunks);
    }
}

fn recurse(depth: u32) -> u64 {
    let frame = std::hint::black_box([u64::from(depth); 64]);
    if depth == 0 { frame.iter().sum() } else { recurse(depth - 1) + frame.iter().sum::<u64>() }
}

#[expect(clippy::disallowed_methods, reason = "to be caught sleeping is the point")]
fn sleep() -> ! {
    loop {
        std::thread::sleep(std::time::Duration::from_secs(3600));
    }
}

fn flood(host: &mut dyn Host, count: u32) -> Receipt {
    for number in 0..count {
        host.log(Level::Info, &format!("{number} {}", "x".repeat(1000)));
    }
    receipt(String::new())
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a plugin's standard streams are its own")]
fn print(count: u32) -> Receipt {
    for number in 0..count {
        println!("out {number}");
        eprintln!("err {number}");
    }
    receipt(String::new())
}

fn request(settings: &Settings, reference: &str) -> Request {
    let fill = |text: &str| text.replace("{secret}", reference);
    Request {
        method: "POST".into(),
        url: fill(&settings.url),
        headers: settings.headers.iter().map(|(name, value)| (name.clone(), fill(value))).collect(),
        body: fill(&settings.body).into_bytes(),
        timeout_ms: settings.count,
    }
}

fn send(settings: &Settings, host: &mut dyn Host) -> Result<Receipt, Failure> {
    let answer = host.send(request(settings, ""))?;
    Ok(receipt(format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body))))
}

fn send_many(settings: &Settings, host: &mut dyn Host) -> Result<Receipt, Failure> {
    let failed: Vec<SendError> = (0..settings.count)
        .filter_map(|_| host.send(request(&Settings { count: 0, ..copy(settings) }, "")).err())
        .collect();
    host.log(Level::Info, &format!("{} of {} failed", failed.len(), settings.count));
    failed.into_iter().next().map_or_else(|| Ok(receipt(String::new())), |error| Err(error.into()))
}

fn copy(settings: &Settings) -> Settings {
    Settings {
        what: String::new(),
        url: settings.url.clone(),
        headers: settings.headers.clone(),
        body: settings.body.clone(),
        count: settings.count,
        needle: String::new(),
    }
}

/// Sends the secret where told to, and repeats all that comes back in every way a plugin can speak.
fn leak(settings: &Settings, host: &mut dyn Host, notification: &Notification) -> Result<Receipt, Failure> {
    let reference = host.reference("token")?;
    let mut request = request(settings, &reference);
    request.body.extend_from_slice(notification.body.as_bytes());
    let answer = host.send(request)?;
    let said = format!("{reference} {:?} {}", answer.headers, String::from_utf8_lossy(&answer.body));
    host.log(Level::Info, &said);
    eprint_line(&said);
    let echoed = answer.header("x-echo").unwrap_or_default().to_owned();
    let failure = Failure::rejected(said.clone()).resuming(said.chars().take(1000).collect::<String>());
    if settings.needle == "fail" {
        Err(failure)
    } else {
        Ok(Receipt { message_id: said, target: echoed.clone(), warnings: vec![echoed] })
    }
}

#[expect(clippy::print_stderr, reason = "a plugin's standard streams are its own")]
fn eprint_line(line: &str) {
    eprintln!("{line}");
}

/// Uses the secret, then looks for it in every byte of its own memory. The needle comes reversed, so that finding it
/// means that the host put it here.
fn scan_memory(settings: &Settings, host: &mut dyn Host) -> Result<String, Failure> {
    let reference = host.reference("token")?;
    let answer = host.send(request(settings, &reference))?;
    let found = occurrences(settings.needle.as_bytes());
    let planted: String = settings.needle.chars().rev().map(|it| it.to_ascii_uppercase()).collect();
    let control = occurrences(settings.needle.to_ascii_uppercase().as_bytes());
    std::hint::black_box(planted);
    Ok(format!("status {} found {found} control {control} bytes {}", answer.status, memory_size()))
}

/// How often the reverse of `reversed` stands in memory.
#[expect(unsafe_code, reason = "reads the guest's own linear memory, all of which is mapped")]
fn occurrences(reversed: &[u8]) -> usize {
    let length = reversed.len();
    let mut count = 0;
    for start in 1..memory_size().saturating_sub(length) {
        let same = reversed.iter().rev().enumerate().all(|(offset, byte)| {
            // SAFETY: below the size of the linear memory; volatile, since nothing in Rust owns these bytes.
            let there = unsafe { std::ptr::read_volatile((start + offset) as *const u8) };
            there == *byte
        });
        count += usize::from(same);
    }
    count
}

#[cfg(target_arch = "wasm32")]
fn memory_size() -> usize {
    core::arch::wasm32::memory_size(0) * 65_536
}

#[cfg(not(target_arch = "wasm32"))]
fn memory_size() -> usize {
    0
}
