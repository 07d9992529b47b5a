//! `[template]`: the CloudFormation template that is deployed, whose rules and policies are checked with the configuration.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::DeValue;

use super::table::{Findings, Table, text};

/// The template, and with which parameters it is deployed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeploymentConfig {
    /// Where it is, relative to the configuration; [`DEFAULT_PATH`](Self::DEFAULT_PATH) if it is not said.
    pub path: Option<String>,
    /// Where that is written.
    pub path_span: Option<Range<usize>>,
    /// Values of its parameters.
    pub parameters: BTreeMap<String, String>,
}

impl DeploymentConfig {
    /// Where the template is if the configuration does not say.
    pub const DEFAULT_PATH: &str = "deploy/template.yaml";

    pub(super) fn read(table: Option<Table<'_>>, found: &mut Findings) -> Self {
        let Some(mut table) = table else { return Self::default() };
        let path = table.text("path", found);
        let parameters = table.table("parameters", found);
        table.finish(found);
        Self {
            path_span: path.as_ref().map(toml::Spanned::span),
            path: path.map(|path| (*path.get_ref()).to_owned()),
            parameters: parameters.map(|parameters| read_parameters(&parameters, found)).unwrap_or_default(),
        }
    }
}

/// Parameters are texts to CloudFormation; numbers and truth values may be written as such.
fn read_parameters(table: &Table<'_>, found: &mut Findings) -> BTreeMap<String, String> {
    let mut parameters = BTreeMap::new();
    for (name, _, value) in table.entries() {
        let written = match value.get_ref() {
            DeValue::Boolean(value) => Some(value.to_string()),
            DeValue::Integer(number) => Some(number.as_str().to_owned()),
            _ => text(&table.path_of(name), value, found).map(|text| (*text.get_ref()).to_owned()),
        };
        parameters.extend(written.map(|written| (name.to_owned(), written)));
    }
    parameters
}
