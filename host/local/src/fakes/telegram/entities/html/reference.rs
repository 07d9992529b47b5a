//! Character references: four by name, all by number (`decode_html_entity`).

use super::Cursor;

/// Reads the reference at `&`; leaves the cursor alone if there is none. The code point may be a surrogate.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<u32> {
    let mut ahead = *cursor;
    ahead.skip(1);
    let code = if ahead.is_at("#") { number(&mut ahead) } else { named(&mut ahead) }?;
    if ahead.is_at(";") {
        ahead.skip(1);
    }
    *cursor = ahead;
    Some(code)
}

fn number(cursor: &mut Cursor<'_>) -> Option<u32> {
    cursor.skip(1);
    let (radix, prefix) = if cursor.is_at("x") { (16, 3) } else { (10, 2) };
    cursor.skip(prefix - 2);
    let digits = cursor.take_while(|character| character.is_digit(radix));
    // Telegram's limit of 9 characters with the prefix.
    let code = (prefix + digits.len() < 10).then(|| u32::from_str_radix(digits, radix).ok())??;
    (0 < code && code < 0x10_FFFF).then_some(code)
}

fn named(cursor: &mut Cursor<'_>) -> Option<u32> {
    let character = match cursor.take_while(|character| character.is_ascii_alphabetic()) {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        _ => return None,
    };
    Some(u32::from(character))
}
