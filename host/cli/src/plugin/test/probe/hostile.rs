//! What a device may send to make trouble: in the title, the body and the fields, up to the largest that the host hands on.

use campanile_core::notification::{Field, Notification, TextFormat};

use crate::plugin::test::trial;

/// The largest title and body (`wit/channel.wit`), in bytes.
const TITLE: usize = 8 * 1024;
const BODY: usize = 64 * 1024;

const MARKUP: &str = "*bold* _under_ ~~no~~ `code` ```\nblock``` [click](https://evil.example) <https://evil.example|click> \
    <b>tag</b> <!channel> <@U1> @everyone @here ||spoiler|| > quote\n# heading\n\\ {{7*7}} ${HOME} %s %00 \"}],\"x\":\" '); -- </script>";

const HTML: &str = "<b>open <i>crossed</b> over</i> <a href=\"javascript:alert(1)\">link</a> <a href='https://evil.example'>click</a>\
    <script>alert(1)</script> <img src=x onerror=alert(1)> <unknown attr=\">\"> &lt;b&gt; &amp;amp; &#0; &#x110000; &bogus; <pre>a\n  b</pre> <";

/// The notifications, each with the name of its script.
pub(super) fn notifications() -> Vec<(&'static str, Notification)> {
    let controls: String =
        (0..0xA0).filter_map(char::from_u32).chain("\u{FEFF}\u{2028}\u{2029}\u{FFFF}".chars()).collect();
    let controls = format!("{controls}\r\nx-injected: yes\r\n\r\nbody");
    let family = "👨‍👩‍👧‍👦🏳️‍🌈🇩🇪1️⃣e\u{301}\u{0}";
    let bidi =
        "safe \u{202E}gpj.exe\u{202C} \u{2066}\u{2067}\u{2068}\u{2069} \u{200B}\u{200F}\u{061C}\u{FE0F}";
    let html = Notification { body_format: TextFormat::Html, ..of("A & B <c>", HTML) };
    vec![
        ("hostile-markup", of(MARKUP, MARKUP)),
        ("hostile-html", html),
        ("hostile-control-characters", of(&controls, &controls)),
        ("hostile-length", of(&filled("wide ж 𝔘 ", TITLE), &filled("line \"ж\" <𝔘> \\\n", BODY))),
        ("hostile-emoji", of(&filled(family, TITLE), &filled(family, BODY))),
        ("hostile-direction", of(bidi, bidi)),
    ]
}

fn of(title: &str, body: &str) -> Notification {
    // The title is one line, whatever else is in it (`wit/channel.wit`).
    let title = title.replace('\n', " ");
    let field = |name: &str| Field { name: name.to_owned(), value: title.clone() };
    Notification {
        fields: vec![field("Previous"), field(&title)],
        title,
        body: body.to_owned(),
        ..trial::notification()
    }
}

/// `unit` again and again, as much as fits.
fn filled(unit: &str, bytes: usize) -> String {
    unit.repeat(bytes / unit.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_larger_than_what_the_host_hands_on() {
        for (name, notification) in notifications() {
            assert!(notification.title.len() <= TITLE && notification.body.len() <= BODY, "{name}");
            assert!(!notification.title.contains('\n'), "{name}");
        }
        let (_, long) = notifications().into_iter().find(|(name, _)| *name == "hostile-length").unwrap();
        assert!(long.body.len() > BODY - 100);
    }
}
