//! Policy variables: `${iot:ClientId}` and the like, and the keys of conditions.

use std::ops::Range;

use campanile_diagnostic::{Diagnostic, closest};

use super::super::node::Node;
use super::super::shown::shown;

/// Variables and condition keys of AWS IoT Core (developer guide, "AWS IoT Core policy variables", "Thing policy variables",
/// "X.509 certificate … policy variables"; connect attributes: "Connect policy examples").
const NAMES: [&str; 15] = [
    "aws:SourceIp",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:VpcSourceIp",
    "iot:Certificate.AvailableKeys",
    "iot:Certificate.SerialNumber",
    "iot:CertificateId",
    "iot:ClientId",
    "iot:ConnectAttributes",
    "iot:Connection.Thing.Attributes",
    "iot:Connection.Thing.IsAttached",
    "iot:Connection.Thing.ThingName",
    "iot:Connection.Thing.ThingTypeName",
    "iot:DomainName",
    "iot:LastWillTopic",
];

/// What a certificate says of its subject and of its issuer.
const CERTIFICATE: [&str; 18] = [
    "AlternativeName.DNSName",
    "AlternativeName.DirectoryName",
    "AlternativeName.IPAddress",
    "AlternativeName.RFC822Name",
    "AlternativeName.UniformResourceIdentifier",
    "CommonName",
    "Country",
    "DistinguishedNameQualifier",
    "GenerationQualifier",
    "GivenName",
    "Initials",
    "Organization",
    "OrganizationalUnit",
    "Pseudonym",
    "SerialNumber",
    "State",
    "Surname",
    "Title",
];

/// Looks at the variables in a text; says whether there is a mistake.
pub(super) fn lint(node: &Node, found: &mut Vec<Diagnostic>) -> bool {
    let before = found.len();
    let mut rest = node.text().unwrap_or_default();
    while let Some((_, after)) = rest.split_once("${") {
        let Some((name, after)) = after.split_once('}') else {
            let finding = Diagnostic::error("policy::unknown-variable", "`${` has no `}`");
            found.push(finding.at(node.span.clone()));
            break;
        };
        // `${*}`, `${?}` and `${$}` are the characters themselves.
        if !matches!(name, "*" | "?" | "$") {
            known(name, "variable", &node.span, found);
        }
        rest = after;
    }
    found.len() > before
}

/// Reports a name that AWS IoT Core does not know.
pub(super) fn known(name: &str, what: &str, span: &Range<usize>, found: &mut Vec<Diagnostic>) {
    if is_known(name) {
        return;
    }
    let message = format!("policies have no {what} `{}`", shown(name));
    let finding = Diagnostic::error("policy::unknown-variable", message).at(span.clone());
    found.push(match help(name) {
        Some(help) => finding.help(help),
        None => finding,
    });
}

fn is_known(name: &str) -> bool {
    let of_certificate = ["iot:Certificate.Subject.", "iot:Certificate.Issuer."];
    if let Some(attribute) = of_certificate.iter().find_map(|prefix| name.strip_prefix(prefix)) {
        return CERTIFICATE.contains(&without_index(attribute));
    }
    if let Some(attribute) = name.strip_prefix("iot:Connection.Thing.Attributes[") {
        return attribute.len() > 1 && attribute.ends_with(']');
    }
    // Of devices that come through Cognito or a custom authorizer.
    name.starts_with("cognito-identity.amazonaws.com:")
        || (NAMES.contains(&name) && name != "iot:Connection.Thing.Attributes")
}

/// An attribute with several values has `.0`, `.1`, … and `.List`.
fn without_index(attribute: &str) -> &str {
    match attribute.rsplit_once('.') {
        Some((name, "List")) => name,
        Some((name, index)) if !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => attribute,
    }
}

fn help(name: &str) -> Option<String> {
    if name.starts_with("AWS::") {
        return Some("CloudFormation replaces it if the text has `!Sub`".to_owned());
    }
    if name.starts_with('!') {
        return Some("`${!…}` belongs into a text with `!Sub`".to_owned());
    }
    let certificate = ["iot:Certificate.Subject.", "iot:Certificate.Issuer."]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix).map(|attribute| (prefix, attribute)));
    if let Some((prefix, attribute)) = certificate {
        return closest(attribute, CERTIFICATE).map(|meant| format!("did you mean `{prefix}{meant}`?"));
    }
    match closest(name, NAMES)? {
        "iot:Connection.Thing.Attributes" => Some("write `iot:Connection.Thing.Attributes[NAME]`".to_owned()),
        meant => Some(format!("did you mean `{meant}`?")),
    }
}
