//! How a date-time entity shows its time.

/// A date-time format in its shortest form: `r`, or any of `w`, one of `d` and `D`, one of `t` and `T`.
///
/// Telegram reads the letters in any order and number, and prefers the short form when both are there. `None` if a
/// letter means nothing or `r` is not alone.
pub(in super::super) fn normalized_format(format: &str) -> Option<String> {
    if format.eq_ignore_ascii_case("r") {
        return Some("r".to_owned());
    }
    if !format.chars().all(|letter| matches!(letter, 'w' | 'W' | 'd' | 'D' | 't' | 'T')) {
        return None;
    }
    let groups: [&[(char, char)]; 3] =
        [&[('w', 'w'), ('W', 'w')], &[('d', 'd'), ('D', 'D')], &[('t', 't'), ('T', 'T')]];
    let chosen = groups.iter().filter_map(|group| group.iter().find(|(letter, _)| format.contains(*letter)));
    Some(chosen.map(|(_, written)| *written).collect())
}
