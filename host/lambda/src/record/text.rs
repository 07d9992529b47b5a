//! Texts of a length that a record can hold: CloudWatch Logs takes 256 KiB of one, and reads metrics of no larger one.

/// Bytes of one text.
const TEXT_BYTES: usize = 1024;

/// Bytes of all lines of one list.
const LIST_BYTES: usize = 4 * 1024;

/// The beginning of `text`, ending in `…` if anything was cut.
pub(super) fn cut(text: &str) -> String {
    const ELLIPSIS: &str = "…";
    if text.len() <= TEXT_BYTES {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(TEXT_BYTES - ELLIPSIS.len());
    format!("{}{ELLIPSIS}", text.get(..end).unwrap_or_default())
}

/// The same; none if there is nothing to say.
pub(super) fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| cut(text))
}

/// The first of `lines`, each cut, and how many are left out; none if there are none.
pub(super) fn cut_all(lines: &[String]) -> Option<Vec<String>> {
    let mut room = LIST_BYTES;
    let mut kept = Vec::new();
    for line in lines {
        let line = cut(line);
        if line.len() > room {
            kept.push(format!("… and {} more", lines.len() - kept.len()));
            break;
        }
        room -= line.len();
        kept.push(line);
    }
    (!kept.is_empty()).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(cut("short"), "short");
        let long = cut(&"я".repeat(TEXT_BYTES));
        assert!(long.len() <= TEXT_BYTES && long.ends_with("я…"), "{long}");
        assert_eq!(some(""), None);
    }

    #[test]
    fn long_lists_say_how_much_is_left_out() {
        let lines = vec!["x".repeat(TEXT_BYTES); 7];
        let cut = cut_all(&lines).unwrap();
        assert_eq!((cut.len(), cut[4].as_str()), (5, "… and 3 more"));
        let empty = vec![String::new(); 3];
        assert_eq!(cut_all(&empty), Some(empty));
        assert_eq!(cut_all(&[]), None);
    }
}
