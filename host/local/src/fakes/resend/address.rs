//! Addresses: `email@example.com` or `Name <email@example.com>` (page "Send Email").

use serde_json::Value;

use super::refusal::Refusal;

/// Most characters before the `@` (RFC 5321, 4.5.3.1.1).
const LOCAL: usize = 64;
/// Most characters of an address (RFC 5321, 4.5.3.1.3, without the angle brackets).
const ADDRESS: usize = 254;

/// An address, maybe with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) name: Option<String>,
    pub(super) address: String,
}

impl Address {
    /// Reads an address.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        // A line break would begin another header.
        if text.contains(['\r', '\n']) {
            return None;
        }
        let (name, address) = match text.strip_suffix('>') {
            Some(rest) => {
                let (name, address) = rest.rsplit_once('<')?;
                let name = name.trim().trim_matches('"').trim();
                (Some(name.to_owned()).filter(|name| !name.is_empty()), address.trim())
            }
            None => (None, text),
        };
        is_address(address).then(|| Self { name, address: address.to_owned() })
    }

    /// Behind the `@`.
    pub(super) fn domain(&self) -> &str {
        self.address.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// As a mail program shows it.
    pub(super) fn in_words(&self) -> String {
        match &self.name {
            Some(name) => format!("{name} <{}>", self.address),
            None => self.address.clone(),
        }
    }
}

fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let is_dotted = |text: &str| text.split('.').all(|part| !part.is_empty());
    let in_local = |letter: char| letter.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(letter);
    let in_domain = |letter: char| letter.is_ascii_alphanumeric() || "-.".contains(letter);
    text.len() <= ADDRESS
        && local.len() <= LOCAL
        && is_dotted(local)
        && local.chars().all(in_local)
        && domain.contains('.')
        && is_dotted(domain)
        && domain.chars().all(in_domain)
}

/// The addresses of a field, which is one or a list; none if the field is not there.
pub(super) fn read(body: &Value, field: &str) -> Result<Vec<Address>, Refusal> {
    let items = match body.get(field) {
        None | Some(Value::Null) => &[][..],
        Some(Value::Array(items)) => items,
        Some(item) => std::slice::from_ref(item),
    };
    let address = |item: &Value| item.as_str().and_then(Address::read).ok_or_else(|| invalid(field));
    items.iter().map(address).collect()
}

/// The refusal of a field whose address has another form.
pub(super) fn invalid(field: &str) -> Refusal {
    Refusal::invalid(&format!(
        "Invalid `{field}` field. The email address needs to follow the `email@example.com` or `Name <email@example.com>` format."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_one_of_two_forms() {
        for (text, expected) in [
            ("a@b.example", Some((None, "a@b.example"))),
            ("Boiler <a.b+c@d.example>", Some((Some("Boiler"), "a.b+c@d.example"))),
            (r#""Boiler, upstairs" <a@b.example>"#, Some((Some("Boiler, upstairs"), "a@b.example"))),
            ("<a@b.example>", Some((None, "a@b.example"))),
            ("Kessel Süd <a@b.example>", Some((Some("Kessel Süd"), "a@b.example"))),
            ("a@b", None),
            ("a b@c.example", None),
            ("a@b..example", None),
            (".a@b.example", None),
            ("a@b@c.example", None),
            ("Boiler a@b.example", None),
            ("Boiler <a@b.example", None),
            ("", None),
            ("a@b.example\r\nBcc: c@d.example", None),
        ] {
            let read = Address::read(text);
            let read = read.as_ref().map(|read| (read.name.as_deref(), read.address.as_str()));
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn addresses_have_the_lengths_of_smtp() {
        let long =
            |local: usize, domain: usize| format!("{}@{}.example", "a".repeat(local), "b".repeat(domain));
        assert!(is_address(&long(64, 181)) && !is_address(&long(65, 10)) && !is_address(&long(64, 182)));
    }
}
