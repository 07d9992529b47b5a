//! Base64.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use campanile_diagnostic::Diagnostic;

use super::{Function, Invocation, Prepared};
use crate::sql::tree::{Expression, Kind};
use crate::value::{Value, read_owned_json};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("encode", (2, 2), encode).since_2016().prepared_by(scheme),
    Function::new("decode", (2, 2), decode).since_2016().prepared_by(scheme),
];

/// Like Java's decoder, it does without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The scheme must be the literal 'base64'. `proto` needs a descriptor in S3.
fn scheme(arguments: &[Expression]) -> Result<Prepared, Diagnostic> {
    let [value, scheme] = arguments else { return Ok(Prepared::WrongArguments) };
    let problem = match scheme.constant_text() {
        Some("base64") => None,
        Some("proto") => Some("`proto` decodes by a descriptor in S3 and can't be evaluated here".to_owned()),
        Some(other) => Some(format!("there is no scheme `{other}`")),
        None => Some("the scheme must be a literal".to_owned()),
    };
    match problem {
        Some(problem) => {
            Err(Diagnostic::error("sql::arguments", problem).at(scheme.span.clone()).help("write 'base64'"))
        }
        None if matches!(value.kind, Kind::Everything) => Ok(Prepared::Everything),
        None => Ok(Prepared::Nothing),
    }
}

/// `*` means the payload as it was published, byte by byte; everything else is converted to a string first.
fn encode<'a>(call: &Invocation<'_, 'a>) -> Value<'a> {
    if matches!(call.prepared, Prepared::Everything) && call.of_message {
        return Value::string(BASE64.encode(call.evaluation.message().payload()));
    }
    call.text(0).map_or(Value::Undefined, |text| Value::string(BASE64.encode(text.as_bytes())))
}

/// JSON becomes a value, other text a string; Null if it is neither.
fn decode<'a>(call: &Invocation<'_, 'a>) -> Value<'a> {
    if call.value(0).is_undefined() {
        return Value::Undefined;
    }
    let bytes = call.text(0).and_then(|text| BASE64.decode(text.as_bytes()).ok());
    let Some(decoded) = bytes.and_then(|bytes| String::from_utf8(bytes).ok()) else { return Value::Null };
    read_owned_json(&decoded).unwrap_or_else(|_| Value::string(decoded))
}
