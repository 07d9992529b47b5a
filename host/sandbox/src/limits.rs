//! What one attempt may use. Every number has its reason here and nowhere else.
//!
//! Memory, processor time and wall time can be set per channel in `campanile.toml`; the rest are the host's.

use std::time::Duration;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// How often running guests are looked at. 10 ms is what Spin uses: fine enough for a budget of seconds, and 100
/// wake-ups a second cost nothing measurable.
pub const EPOCH_TICK: Duration = Duration::from_millis(10);

/// Attempts that run at a time, waiting for answers included; more wait for their turn.
pub const RUNNING: usize = 24;

/// Stack of a guest. A plugin formats a message; recursion deeper than this is a defect or an attack.
pub const GUEST_STACK: usize = 512 * KIB;

/// Stack of the fiber that runs guest and host calls: the guest's, and room for the host functions on top.
pub const FIBER_STACK: usize = 2 * MIB;

/// Elements in all tables together: the largest known guest runtime (`CPython`) needs about 10 000.
pub const TABLE_ELEMENTS: usize = 20_000;

/// Core instances of one component: a Rust plugin has 3, a `CPython` one about 60.
pub const INSTANCES: usize = 100;

/// Linear memories of one component: plugins in Rust, JavaScript and Python have one.
pub const MEMORIES: usize = 2;

/// Tables of one component: as [`INSTANCES`].
pub const TABLES: usize = 64;

/// Bytes that may cross the boundary in one host call: a request or answer of the largest size, and its headers.
pub const HOSTCALL_BYTES: usize = 4 * MIB;

/// Host resources (streams, pollables, headers) that a guest may hold at a time. A `fetch` of JavaScript has nine of them, and its engine gives
/// none back before it collects garbage: [`REQUESTS`] of them fit. Each may keep up to [`HEADER_BYTES`] or two of [`BODY_CHUNK`] in the host's
/// memory, so that all of an attempt stay below 32 MiB.
pub const RESOURCES: usize = 512;

/// Bytes that a guest may hand over at a time while it writes a body for `wasi:http`. The library's own 1 MiB would let it
/// park 2 MiB in each body that it never sends.
pub const BODY_CHUNK: usize = 32 * KIB;

/// Random bytes that a guest may get at a time. The host makes them while the guest's processor time stands still; the library's
/// own limit is 64 MiB.
pub const RANDOM_BYTES: u64 = 64 * KIB as u64;

/// Requests of one attempt: the largest body, 64 KiB, split into Discord's messages of 2000 characters takes 34.
pub const REQUESTS: u32 = 48;

/// Requests by `wasi:http` that are under way at a time; more wait. Each may hold a body in each direction.
pub const FETCHES: usize = 4;

/// Bytes of answers to `wasi:http` that a guest has not read or thrown away: as much as [`FETCHES`] of the largest.
pub const UNREAD: usize = FETCHES * (RESPONSE_BODY + HEADER_BYTES);

/// Placeholders that one attempt may ask for: one or two for each request.
pub const REFERENCES: usize = 128;

/// Body of a request. Telegram and Discord take less than 100 KB of JSON.
pub const REQUEST_BODY: usize = MIB;

/// Body of an answer. Providers answer with a few KB; more is an error page or an attack on memory.
pub const RESPONSE_BODY: usize = MIB;

/// Headers of a request: their number.
pub const REQUEST_HEADERS: usize = 64;

/// Headers of a request or of an answer, names and values together.
pub const HEADER_BYTES: usize = 64 * KIB;

/// Length of a URL. 8 KB is what common servers accept.
pub const URL_BYTES: usize = 8 * KIB;

/// Until a connection stands, DNS and TLS included.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(4);

/// Until an answer is complete. Telegram and Discord answer within a second; 15 s leaves time for a second try within a
/// 30 s function.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(15);

/// Idle connections are kept for the next invocation this long; the environment may sleep between two.
pub const IDLE_CONNECTION: Duration = Duration::from_secs(60);

/// Log lines of an attempt that are kept, standard output and error included.
pub const LOG_LINES: usize = 500;

/// Bytes of log of an attempt that are kept.
pub const LOG_BYTES: usize = 64 * KIB;

/// Functions of a trap's backtrace that are named: enough to come from a helper to the plugin's own code.
pub const FRAMES: usize = 8;

/// Bytes of such a function's name.
pub const FRAME_BYTES: usize = 160;

/// Bytes of standard output, and of standard error, that are kept.
pub const STDIO_BYTES: usize = 16 * KIB;

/// Bytes of a failure's or receipt's text that are kept.
pub const DETAIL_BYTES: usize = 2 * KIB;

/// Bytes of a failure's resume token; a longer one is refused, since a shortened one would mislead the next attempt.
pub const RESUME_BYTES: usize = 4 * KIB;

/// Warnings of a receipt that are kept.
pub const WARNINGS: usize = 8;

/// Bytes of a description.
pub const DESCRIPTION_BYTES: usize = 256 * KIB;

/// Size of a component file. A `CPython` plugin has 35 MB unstripped.
pub const COMPONENT_BYTES: u64 = 64 * MIB as u64;

/// Names of a component's imports and exports that are looked at.
pub const COMPONENT_NAMES: usize = 256;

/// Components and modules in each other: toolchains make three, and each composition (`wac plug`) adds one. Compiling takes the square of it:
/// 20,000 in 240 KB take a minute.
pub const COMPONENT_DEPTH: usize = 32;

/// What `describe` may use: it returns a constant.
pub const DESCRIBE: AttemptLimits =
    AttemptLimits { memory: 128 * MIB, cpu: Duration::from_secs(2), wall: Duration::from_secs(5) };

/// The limits of one attempt that a channel can set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptLimits {
    /// Bytes of linear memory, all memories together.
    pub memory: usize,
    /// Processor time of the guest, counted in [`EPOCH_TICK`]s while it runs.
    pub cpu: Duration,
    /// Wall time of the whole attempt, requests included.
    pub wall: Duration,
}

impl Default for AttemptLimits {
    fn default() -> Self {
        Self { memory: 64 * MIB, cpu: Duration::from_secs(3), wall: Duration::from_secs(20) }
    }
}
