//! AWS IoT rule SQL: reads statements, finds what is wrong with them, and evaluates them for messages, as the rules engine of
//! AWS IoT documents it. And the rules and device policies of a CloudFormation template.
//!
//! ```
//! use campanile_rules::{Message, Options, Outcome, Rule};
//! use campanile_rules::message::Fixed;
//!
//! let rule = Rule::load("SELECT status, topic(2) AS part FROM 'home/+/status' WHERE status = 'INACTIVE'", Options::default());
//! let rule = rule.expect("the statement is valid");
//! let now = Fixed::default();
//! let message = Message::new("home/heating/status", br#"{"status":"INACTIVE"}"#);
//! let Outcome::Selected(output) = rule.evaluate(&message, &now) else { panic!("it matches") };
//! assert_eq!(output.bytes(), br#"{"status":"INACTIVE","part":"heating"}"#);
//! ```
//!
//! A rule is loaded once and evaluated many times; evaluating parses nothing but the payload, always ends, and never fails. No
//! I/O, no clock, no dice: the caller gives them ([`message::Surroundings`]). What this crate can't evaluate, it refuses to load,
//! by name: functions that ask other services without a stub, patterns of dates and expressions that Java knows and we don't.
//!
//! # What AWS does not document
//!
//! The developer guide is silent, or says two things, about these. They are decided here as follows; the cases in
//! `tests/rule-sql.jsonl` that rest on them say so, and the linter warns of those that rules are likely to meet (●).
//!
//! | Point | Here |
//! |---|---|
//! | `Int / Int` ● | The exact quotient; an Int if it is whole |
//! | AND, OR with something that is no Boolean ● | Undefined, also for `true OR Undefined` |
//! | `NULL = NULL` ● | True |
//! | A condition of the string "true" | Counts as true, as for AND and OR |
//! | `bitnot(13)` ● | -14, two's complement without end |
//! | `get("abc", 1)` | "b": places count from 0, as the table says and the example does not |
//! | `concat(1)` | Unmodified, as the table says and the example does not |
//! | Decimal to Int | Nearest in conversions, down in `cast` and functions of bits, cut off in `substring` |
//! | `round` of halves | Away from zero |
//! | Division by zero, infinite and imaginary results | Undefined |
//! | `indexof` without a match | -1; `regexp_substr` without a match: Undefined |
//! | Characters of `length`, `substring`, `get`, `indexof` | Unicode code points |
//! | Attribute names | Case-sensitive |
//! | Doubled quotes in a text | One quote |
//! | A result without AS ● | The last name of a path, the name of the function, else the expression as it is written |
//! | Items of one name, or one that `*` has too ● | The later one counts |
//! | Undefined in an array, in the result of a query | Left out |
//! | A query of an object | What is selected, not an array of it; of `*` an array of one |
//! | Names in a query | Those of the row; the payload outside is not seen, variables are |
//! | Bytes that are no JSON | `SELECT *` alone passes them on; inside an object they are left out: `encode(*, 'base64')` keeps them |
//! | Numbers that do not fit into a Decimal | Pass through unchanged; Undefined in calculations |
//! | Basic Ingest and FROM | The rule that is named runs, whatever its topic filter |
//! | Version 2015-10-08 | As 2016-03-23, but decimals of the payload keep their `.0`, and what came later is refused |
//! | Version beta ● | As 2016-03-23 |

pub mod cases;
mod evaluate;
mod explain;
mod function;
pub mod limits;
mod lint;
pub mod message;
pub mod review;
pub mod rule;
mod sql;
pub mod substitution;
pub mod template;
mod time;
pub mod topic;
pub mod value;
mod version;

pub use explain::Reason;
pub use message::Message;
pub use rule::{Options, Outcome, Rule, Stubs};
pub use substitution::Substitution;
pub use version::Version;
