use super::super::EntityKind;
use super::*;

fn bold(offset: usize, length: usize) -> Entity {
    Entity { offset, length, kind: EntityKind::Bold }
}

fn cleaned_text(text: &str, entities: Vec<Entity>) -> Result<(String, Vec<Entity>), TextError> {
    clean(FormattedText { text: text.to_owned(), entities }).map(|text| (text.text, text.entities))
}

#[test]
fn control_characters_become_spaces_or_vanish() {
    let (text, _) = cleaned_text("a\tb\r\nc\u{0}d\u{2028}e\u{333}f\u{200F}\u{200E}g", Vec::new()).unwrap();
    assert_eq!(text, "a b\nc def\u{200C}\u{200E}g");
}

#[test]
fn white_space_around_the_text_goes_and_entities_follow() {
    let (text, entities) = cleaned_text(" \n a\r b \n", vec![bold(3, 6)]).unwrap();
    assert_eq!((text.as_str(), entities), ("a b", vec![bold(0, 3)]));
}

#[test]
fn white_space_at_the_beginning_stays_where_an_entity_holds_it() {
    let (text, entities) = cleaned_text("   a", vec![bold(1, 2)]).unwrap();
    assert_eq!((text.as_str(), entities), ("  a", vec![bold(0, 2)]));
}

#[test]
fn text_that_shows_nothing_is_refused() {
    for text in ["", " \n\t\r", "\u{200B}\u{FEFF}", "\u{A0}\u{2800}\u{3000}", "\u{E0020}"] {
        assert_eq!(cleaned_text(text, Vec::new()), Err(TextError::Empty), "{text:?}");
    }
}

#[test]
fn the_length_is_counted_in_code_points_after_trimming() {
    let longest = "😀".repeat(MAX_LENGTH);
    assert_eq!(cleaned_text(&format!("{longest}\n"), Vec::new()).unwrap().0, longest);
    assert_eq!(cleaned_text(&format!("{longest}x"), Vec::new()), Err(TextError::TooLong));
}

#[test]
fn entities_outside_of_the_text_or_inside_of_a_character_are_refused() {
    let inside = TextError::EndsInside { begin: 1, at: 5 };
    for (entity, error) in [
        (bold(0, 10), TextError::EndsAfter { begin: 0, end: 10 }),
        (bold(5, 1), TextError::BeginsAfter(5)),
        (bold(2, 1), TextError::BeginsInside(5)),
        (bold(1, 1), inside),
        (bold(1_000_001, 1), TextError::Offset(1_000_001)),
        (bold(0, 1_000_001), TextError::Length(1_000_001)),
    ] {
        assert_eq!(cleaned_text("a😀c", vec![entity.clone()]), Err(error), "{entity:?}");
    }
}
