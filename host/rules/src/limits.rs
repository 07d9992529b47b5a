//! Every bound of the engine, with its reason. AWS documents few of its own; where it does, the number is AWS's.

/// Longest statement, in bytes. AWS caps the whole rule document at 256 KB; real statements have a few hundred bytes.
pub const STATEMENT_BYTES: usize = 64 * 1024;

/// Deepest nesting of parentheses, queries and calls. The parser recurses, so this bounds its stack.
pub const NESTING: usize = 64;

/// Highest tree of an expression, where a chain of operators counts one by one. The evaluator recurses.
pub const HEIGHT: usize = 250;

/// Longest name of a variable of SET, in characters (AWS IoT developer guide, "SET clause").
pub const VARIABLE_NAME: usize = 64;

/// Largest message payload, in bytes (AWS IoT quotas). Larger ones never reach the rules engine.
pub const PAYLOAD_BYTES: usize = 128 * 1024;

/// Deepest nesting of JSON in a payload. The reader recurses.
pub const JSON_NESTING: usize = 128;

/// Largest value that an expression may make, in bytes of its JSON, roughly. Eight payloads; without a bound a few
/// concatenations double their way through memory.
pub const VALUE_BYTES: usize = 8 * PAYLOAD_BYTES;

/// Steps that one evaluation may take: expressions evaluated, rows visited, and 64 bytes of text looked at or made. A
/// thousand times what a rule over a full payload needs, and a fraction of a second.
pub const STEPS: u64 = 5_000_000;

/// Largest result of `transform`, in bytes (AWS IoT developer guide, "transform").
pub const TRANSFORM_BYTES: usize = 128 * 1024;

/// Most spaces that `lpad` and `rpad` add (AWS IoT developer guide, "lpad").
pub const PADDING: i64 = 1000;

/// Longest regular expression, in bytes.
pub const REGEX_BYTES: usize = 4 * 1024;

/// Memory for one compiled regular expression, in bytes. `a{1000}{1000}` does not fit.
pub const REGEX_MEMORY: usize = 1024 * 1024;

/// Backtracking steps of one match, where look-around or back-references need backtracking.
pub const REGEX_BACKTRACKING: usize = 200_000;

/// Longest topic and topic filter, in bytes; the prefix of Basic Ingest does not count (AWS IoT quotas).
pub const TOPIC_BYTES: usize = 256;

/// Most slashes in a topic or topic filter; the prefix of Basic Ingest does not count (AWS IoT quotas).
pub const TOPIC_SLASHES: usize = 7;
