//! The schema of a shown message, which the fakes make.

use campanile_local::fakes::{Part, Shown, StyledText};
use serde::Serialize;
use utoipa::ToSchema;

/// A message as the service shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct ShownMessage {
    /// The service's id of the message.
    message_id: String,
    /// Chat, thread, webhook, topic or address.
    to: String,
    /// The name it appears under, if the request chose one.
    author: Option<String>,
    /// Without sound.
    silent: bool,
    /// The text from top to bottom, without its styles.
    text: String,
    /// Texts with their styles, and cards, from top to bottom.
    #[schema(value_type = Vec<Object>)]
    parts: Vec<Part>,
}

impl ShownMessage {
    /// The text from top to bottom.
    pub(in crate::web) fn text(&self) -> &str {
        &self.text
    }
}

impl From<&Shown> for ShownMessage {
    fn from(shown: &Shown) -> Self {
        Self {
            message_id: shown.message_id.clone(),
            to: shown.to.clone(),
            author: shown.author.clone(),
            silent: shown.silent,
            text: text(shown),
            parts: shown.parts.clone(),
        }
    }
}

/// What is read of a message, without styles.
fn text(shown: &Shown) -> String {
    let of = |text: &StyledText| text.text.clone();
    let lines = shown.parts.iter().flat_map(|part| match part {
        Part::Text(text) => vec![of(text)],
        Part::Embed { title, description, fields, footer, .. } => {
            let fields = fields.iter().map(|field| match field.name.as_str() {
                "" => of(&field.value),
                name => format!("{name}: {}", field.value.text),
            });
            title.iter().chain(description).map(of).chain(fields).chain(footer.clone()).collect()
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}
