//! What people read, within the provider's limits. Nothing here knows about requests.

use campanile_channel::richtext::RichText;
use campanile_channel::text::{clean, one_line, truncate};
use campanile_channel::{Notification, Presentation, TextFormat};
use serde_json::{Value, json};

/// Most code points of a title.
const TITLE: usize = 200;
/// Most code points of a text.
const TEXT: usize = 2000;

/// The message as the provider takes it. Text from devices goes into JSON as it is: `serde_json` escapes it.
pub(crate) fn write(notification: &Notification, sender: &str, presentation: Presentation) -> Value {
    let title = truncate(&one_line(&notification.title), TITLE);
    let text = match presentation {
        Presentation::Rich => format!("{}\n\n{}", body(notification), fields(notification)),
        Presentation::Plain => body(notification),
        Presentation::Minimal => String::new(),
    };
    json!({ "sender": sender, "title": title, "text": truncate(text.trim(), TEXT) })
}

/// The body without markup: this provider shows none.
fn body(notification: &Notification) -> String {
    match notification.body_format {
        TextFormat::Text => clean(&notification.body),
        TextFormat::Html => RichText::from_html(&notification.body).to_plain(),
    }
}

/// A line for each field.
fn fields(notification: &Notification) -> String {
    let line = |name: &str, value: &str| format!("{}: {}", one_line(name), one_line(value));
    let lines = notification.fields.iter().map(|field| line(&field.name, &field.value));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use campanile_channel::testing;

    use super::*;

    fn of(presentation: Presentation) -> Value {
        write(&testing::notification(), "Bell", presentation)
    }

    #[test]
    fn each_presentation_is_simpler_than_the_one_before() {
        let rich = "It was ACTIVE before.\n\nPrevious: ACTIVE";
        assert_eq!(
            of(Presentation::Rich),
            json!({ "sender": "Bell", "title": "Heating is off", "text": rich })
        );
        assert_eq!(of(Presentation::Plain)["text"], "It was ACTIVE before.");
        assert_eq!(of(Presentation::Minimal)["text"], "");
    }

    #[test]
    fn markup_is_never_shown_raw_and_hostile_text_is_text() {
        let html = Notification {
            title: "a\r\nb\u{202E}c".to_owned(),
            body: "<b>cold</b> &lt;script&gt; \"}".to_owned(),
            body_format: TextFormat::Html,
            fields: vec![],
            ..testing::notification()
        };
        let message = write(&html, "Bell", Presentation::Rich);
        assert_eq!(message["title"], "a bc");
        assert_eq!(message["text"], "cold <script> \"}");
    }

    #[test]
    fn long_text_is_cut_where_the_provider_would_refuse_it() {
        let long = "ж".repeat(5000);
        let notification = Notification { title: long.clone(), body: long, ..testing::notification() };
        let message = write(&notification, "Bell", Presentation::Rich);
        let length = |name: &str| message[name].as_str().map_or(0, |text| text.chars().count());
        assert_eq!((length("title"), length("text")), (TITLE, TEXT));
    }
}
