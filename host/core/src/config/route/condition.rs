//! `when`: which events are alerts.

use toml::Spanned;

use crate::config::table::Findings;
use crate::config::template;
use crate::diagnostic::Diagnostic;
use crate::event::is_status;
use crate::template::Condition;
use crate::text::quoted;

pub(super) fn read(text: &Spanned<&str>, source: &str, found: &mut Findings) -> Option<Condition> {
    let condition = template::condition(text, source, found)?;
    if let Some(status) = only_status(text.get_ref()).filter(|status| !is_status(status)) {
        let message = format!("the route never alerts: no event has the status `{}`", quoted(status));
        let upper = status.to_uppercase();
        let help = if is_status(&upper) {
            format!("did you mean `{upper}`?")
        } else {
            "a status is a word of A–Z, 0–9, `_` and `-` that begins with a letter".to_owned()
        };
        found.push(Diagnostic::warning("config::never-alerts", message).at(text.span()).help(help));
    }
    Some(condition)
}

/// `WORD` of `event.status == "WORD"`, if the condition is nothing but that.
fn only_status(condition: &str) -> Option<&str> {
    let word = condition.trim().strip_prefix("event.status")?.trim_start().strip_prefix("==")?.trim();
    let within = |quote: char| word.strip_prefix(quote)?.strip_suffix(quote);
    within('"').or_else(|| within('\'')).filter(|word| !word.contains(['"', '\'']))
}
