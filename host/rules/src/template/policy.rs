//! What is wrong with a device policy, or allows more than was probably meant.
//!
//! AWS accepts nearly any policy document and `cfn-lint` does not look into it: a typing mistake shows when devices can't
//! connect, and a wildcard never. What AWS IoT Core knows of actions, resources and variables is in the developer guide,
//! "AWS IoT Core policies".

mod action;
mod condition;
mod document;
mod resource;
mod statement;
mod variable;

use campanile_diagnostic::Diagnostic;

use super::Policy;

impl Policy {
    /// All findings about the document, in the order of its text.
    #[must_use]
    pub fn lint(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        document::lint(self, &mut found);
        found.truncate(MAX_FINDINGS);
        super::findings::sort(&mut found);
        found
    }
}

/// Nobody reads more.
const MAX_FINDINGS: usize = 100;

#[cfg(test)]
mod tests;
