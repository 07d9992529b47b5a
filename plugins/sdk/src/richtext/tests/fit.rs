use proptest::prelude::*;

use super::{RichText, Style, show};

#[test]
fn truncation_ends_in_the_style_that_was_cut() {
    let text = RichText::from_html("<b>bold</b> and <i>italic</i>");
    assert_eq!(text.truncate(15), text);
    assert_eq!(show(&text.truncate(12)), "[b]bold[/b] and [i]it…[/i]");
    assert_eq!(show(&text.truncate(6)), "[b]bold…[/b]");
    assert_eq!(show(&text.truncate(1)), "…");
    assert!(text.truncate(0).is_empty());
}

#[test]
fn pieces_end_at_lines_then_at_spaces_then_anywhere() {
    let pieces = |text: &str, limit| -> Vec<String> {
        RichText::from_text(text).split(limit).iter().map(RichText::to_plain).collect()
    };
    assert_eq!(pieces("one two\nthree four", 10), ["one two", "three four"]);
    assert_eq!(pieces("one two three", 8), ["one two", "three"]);
    assert_eq!(pieces("one two three", 7), ["one two", "three"]);
    assert_eq!(pieces("a bcdefghijk", 6), ["a bcde", "fghijk"]);
    assert_eq!(pieces("😀😀😀", 2), ["😀😀", "😀"]);
    assert_eq!(pieces("  a \n\n b  ", 3), ["a", "b"]);
    assert_eq!(pieces("ab", 0), ["a", "b"]);
    assert!(pieces(" \n ", 5).is_empty());
}

#[test]
fn tg_35_markup_ends_with_its_piece() {
    let text = RichText::from_html(&format!("<b>{}</b>TAIL", "x".repeat(4990)));
    let pieces = text.split(4096);
    let styles: Vec<usize> = pieces.iter().map(|piece| piece.runs().len()).collect();
    assert_eq!((pieces.len(), styles), (2, vec![1, 2]));
    assert_eq!(show(&pieces[1]), format!("[b]{}[/b]TAIL", "x".repeat(4990 - 4096)));
}

#[test]
fn markup_that_never_fits_is_given_up() {
    let text = RichText::styled("link", &[Style::Link("https://example.com".into())]);
    let pieces = text.split_by(6, |piece| show(piece).len());
    assert_eq!(pieces, [RichText::from_text("link")]);
    assert_eq!(text.truncate_by(6, |piece| show(piece).len()), RichText::from_text("…"));
}

/// Text of words, spaces and lines in any styles.
fn rich() -> impl Strategy<Value = RichText> {
    let style = prop_oneof![
        Just(Style::Bold),
        Just(Style::Italic),
        Just(Style::Quote),
        Just(Style::Code),
        Just(Style::Link("https://h".into())),
    ];
    let run = ("[aя😀 \n]{1,12}", prop::collection::vec(style, 0..3));
    prop::collection::vec(run, 0..8).prop_map(|runs| {
        let mut text = RichText::default();
        for (run, styles) in &runs {
            text.push(run, styles);
        }
        text
    })
}

fn visible(text: &str) -> String {
    text.split_whitespace().collect()
}

proptest! {
    #[test]
    fn a_truncated_text_fits_and_begins_alike(text in rich(), limit in 0usize..60) {
        let cut = text.truncate(limit);
        prop_assert!(cut.len() <= limit);
        let kept = cut.to_plain();
        prop_assert!(text.to_plain().starts_with(kept.strip_suffix('…').unwrap_or(&kept)));
    }

    #[test]
    fn pieces_fit_and_lose_nothing_but_white_space_at_the_seams(text in rich(), limit in 1usize..60) {
        let pieces = text.split(limit);
        prop_assert!(pieces.iter().all(|piece| (1..=limit).contains(&piece.len()) && !piece.is_blank()));
        let joined: String = pieces.iter().map(RichText::to_plain).collect();
        prop_assert_eq!(visible(&joined), visible(&text.to_plain()));
        prop_assert!(pieces.len() <= 1 + 2 * text.len() / limit);
    }

    #[test]
    fn any_measure_is_kept(text in rich(), limit in 40usize..80) {
        let measure = |text: &RichText| show(text).chars().count();
        prop_assert!(measure(&text.truncate_by(limit, measure)) <= limit);
        for piece in text.split_by(limit, measure) {
            prop_assert!(measure(&piece) <= limit, "{}", show(&piece));
        }
    }

    #[test]
    fn steps_are_balanced_and_write_all_text(text in rich()) {
        let mut open = Vec::new();
        let mut written = String::new();
        for step in text.steps() {
            match step {
                super::Step::Open(style) => open.push(style),
                super::Step::Close(style) => prop_assert_eq!(open.pop(), Some(style)),
                super::Step::Text(run) => {
                    prop_assert!(open.iter().copied().eq(&run.styles));
                    written.push_str(&run.text);
                }
            }
        }
        prop_assert!(open.is_empty());
        prop_assert_eq!(written, text.to_plain());
    }
}
