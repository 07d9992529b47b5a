//! The names that SELECT gives.

use std::collections::HashMap;

use campanile_diagnostic::Diagnostic;

use super::Linter;
use crate::sql::tree::{Item, Kind, Select};

impl Linter<'_> {
    pub(super) fn selection(&mut self, select: &Select) {
        let Select::Items(items) = select else { return };
        let takes_all = items.iter().any(|item| item.path.is_empty());
        let mut seen = HashMap::new();
        for item in items {
            self.unnamed(item);
            if takes_all && !item.path.is_empty() && item.named {
                self.collision(item);
            }
            if !item.path.is_empty() && seen.insert(item.path.join("."), ()).is_some() {
                self.repeated(item);
            }
        }
    }

    /// What AWS calls the result of an expression without AS is documented nowhere.
    fn unnamed(&mut self, item: &Item) {
        let has_name = matches!(
            item.expression.kind,
            Kind::Everything | Kind::Attribute(_) | Kind::Member(..) | Kind::Variable(_) | Kind::Row
        );
        if !item.named && !has_name {
            let written = self.written(&item.expression).to_owned();
            self.warn(
                "sql::missing-as",
                &item.expression,
                "a result without a name",
                format!("what AWS calls it is not documented; write `{written} AS name`"),
            );
        }
    }

    /// A device can send an attribute of that name; which of the two counts is documented nowhere.
    fn collision(&mut self, item: &Item) {
        let name = item.path.join(".");
        self.found.push(
            Diagnostic::warning(
                "sql::name-collision",
                format!("a payload can have an attribute `{name}` too"),
            )
            .at(item.span.clone())
            .label("collides with `*`")
            .help(
                "which one counts is not documented, and devices could fake this one; write `* AS payload`",
            ),
        );
    }

    fn repeated(&mut self, item: &Item) {
        self.found.push(
            Diagnostic::warning(
                "sql::name-collision",
                format!("`{}` is selected twice", item.path.join(".")),
            )
            .at(item.span.clone())
            .help("which one counts is not documented; give them different names with AS"),
        );
    }
}
