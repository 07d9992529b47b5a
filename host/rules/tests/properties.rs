//! What holds for every statement and every message.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that can not go on has failed")]

use campanile_rules::message::Fixed;
use campanile_rules::value::read_json;
use campanile_rules::{Message, Options, Outcome, Rule, Substitution};
use proptest::prelude::*;
use proptest::string::string_regex;

const FIXED: Fixed =
    Fixed { now: 1_795_503_600_000, random: 0.25, uuid: "123a4567-b89c-42d3-a456-426614174000" };

const FUNCTIONS_OF_ONE: [&str; 44] = [
    "abs",
    "acos",
    "asin",
    "atan",
    "bitnot",
    "ceil",
    "chr",
    "concat",
    "cos",
    "cosh",
    "exp",
    "floor",
    "get_mqtt_property",
    "get_or_default",
    "get_user_properties",
    "isNull",
    "isUndefined",
    "length",
    "ln",
    "log",
    "lower",
    "ltrim",
    "md2",
    "md5",
    "numbytes",
    "round",
    "rtrim",
    "sha1",
    "sha224",
    "sha256",
    "sha384",
    "sha512",
    "sign",
    "sin",
    "sinh",
    "sqrt",
    "tan",
    "tanh",
    "topic",
    "trim",
    "upper",
    "timestamp",
    "clientid",
    "traceid",
];

const FUNCTIONS_OF_MORE: [&str; 21] = [
    "atan2",
    "bitand",
    "bitor",
    "bitxor",
    "concat",
    "endswith",
    "get",
    "get_or_default",
    "indexof",
    "lpad",
    "mod",
    "nanvl",
    "power",
    "regexp_matches",
    "regexp_replace",
    "regexp_substr",
    "remainder",
    "rpad",
    "startswith",
    "substring",
    "trunc",
];

const OPERATORS: [&str; 14] =
    [" + ", " - ", " * ", " / ", " % ", " = ", " <> ", " < ", " <= ", " > ", " >= ", " AND ", " OR ", " IN "];

/// Expressions of the language, in its own notation.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        string_regex("[abcde]").unwrap(),
        string_regex("[abc]\\.[xy]").unwrap(),
        string_regex("-?[0-9]{1,20}(\\.[0-9]{1,20})?([eE]-?[0-9]{1,2})?").unwrap(),
        string_regex("'[a-zA-Z0-9 (*+?$.|-]{0,8}'").unwrap(),
        prop::sample::select(vec!["TRUE", "false", "NULL", "*", "'true'", "'2.5'"]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(5, 40, 3, |inner| {
        let one = (prop::sample::select(&FUNCTIONS_OF_ONE[..]), inner.clone());
        let more = (
            prop::sample::select(&FUNCTIONS_OF_MORE[..]),
            inner.clone(),
            inner.clone(),
            inner.clone(),
            any::<bool>(),
        );
        prop_oneof![
            one.prop_map(|(name, a)| format!("{name}({a})")),
            more.prop_map(|(name, a, b, c, third)| if third {
                format!("{name}({a}, {b}, {c})")
            } else {
                format!("{name}({a}, {b})")
            }),
            (inner.clone(), prop::sample::select(&OPERATORS[..]), inner.clone())
                .prop_map(|(a, operator, b)| format!("({a}{operator}{b})")),
            inner.clone().prop_map(|a| format!("(NOT {a})")),
            inner.clone().prop_map(|a| format!("[{a}, 1]")),
            inner.clone().prop_map(|a| format!("{{'x': {a}, 'y': a}}")),
            (inner.clone(), inner.clone())
                .prop_map(|(a, b)| format!("(SELECT {a} AS x, * FROM c WHERE {b})")),
            (inner.clone(), inner.clone())
                .prop_map(|(a, b)| format!("EXISTS (SELECT VALUE {a} FROM c AS x WHERE {b})")),
            (inner.clone(), inner.clone())
                .prop_map(|(a, b)| format!("(CASE {a} WHEN 1 THEN {b} ELSE 'e' END)")),
            (inner, prop::sample::select(vec!["String", "Int", "Decimal", "Boolean", "Double"]))
                .prop_map(|(a, kind)| format!("cast({a} AS {kind})")),
        ]
    })
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        (-1e6..1e6_f64).prop_map(Into::into),
        string_regex("[a-z0-9.\"\\\\é😀 -]{0,8}").unwrap().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::hash_map("[abcxy]", inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

fn rule(sql: &str) -> Rule {
    Rule::load(sql, Options::default()).unwrap_or_else(|findings| panic!("{findings:?}: {sql}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_loaded_evaluates_for_every_message(
        set in expression(), select in expression(), filter in expression(), payload in json(), value in any::<bool>(),
    ) {
        let value = if value { "VALUE " } else { "" };
        let sql = format!("SET @v = {set} SELECT {value}{select} FROM 't' WHERE {filter} OR @v = 1 OR true");
        let rule = rule(&sql);
        let payload = payload.to_string();
        let message = Message::new("t", payload.as_bytes());
        match rule.evaluate(&message, &FIXED) {
            Outcome::Selected(output) => {
                let bytes = output.bytes();
                prop_assert!(bytes.is_empty() || read_json(&bytes).is_ok(), "{}", String::from_utf8_lossy(&bytes));
            }
            Outcome::NotTrue(_) => {}
            other => prop_assert!(false, "{other:?}: {sql}"),
        }
        prop_assert!(rule.explain(&message, &FIXED).is_some());
        drop(rule.lint());
    }

    #[test]
    fn not_of_undefined_never_fires(filter in expression(), payload in json()) {
        let payload = payload.to_string();
        let message = Message::new("t", payload.as_bytes());
        let plain = rule(&format!("SELECT * FROM 't' WHERE {filter}"));
        if let Outcome::NotTrue(value) = plain.evaluate(&message, &FIXED)
            && value.is_undefined()
        {
            let negated = rule(&format!("SELECT * FROM 't' WHERE NOT {filter}"));
            prop_assert!(matches!(negated.evaluate(&message, &FIXED), Outcome::NotTrue(value) if value.is_undefined()));
        }
    }

    #[test]
    fn sums_and_products_of_decimals_are_exact(a in -1_000_000_000_000_i128..1_000_000_000_000, b in -1_000_000_000_000_i128..1_000_000_000_000, places in 0_usize..7) {
        let spelled = |number: i128, places: usize| {
            let digits = format!("{:0width$}", number.unsigned_abs(), width = places + 1);
            let (whole, fraction) = digits.split_at(digits.len() - places);
            let point = if places > 0 { "." } else { "" };
            format!("{}{whole}{point}{fraction}", if number < 0 { "-" } else { "" })
        };
        let payload = format!("{{\"a\":{},\"b\":{}}}", spelled(a, places), spelled(b, places));
        let message = Message::new("t", payload.as_bytes());
        let sql = format!(
            "SELECT 1 AS k FROM 't' WHERE a + b = {} AND a - b = {} AND a * b = {}",
            spelled(a + b, places), spelled(a - b, places), spelled(a * b, 2 * places),
        );
        let rule = rule(&sql);
        prop_assert!(matches!(rule.evaluate(&message, &FIXED), Outcome::Selected(_)), "{sql} {payload}");
    }

    #[test]
    fn any_text_is_read_or_refused_with_a_place_in_it(text in "\\PC{0,60}|(SELECT |FROM |WHERE |SET |@|'|\"|\\(|\\)|\\*|[a-z]|,| |[0-9]|\\{|\\[|=|\\.|\\$){0,40}") {
        match Rule::load(&text, Options::default()) {
            Ok(rule) => drop(rule.lint()),
            Err(findings) => {
                prop_assert!(!findings.is_empty());
                for finding in findings {
                    if let Some(span) = finding.span {
                        prop_assert!(text.get(span.clone()).is_some(), "{span:?} of {text:?}");
                    }
                }
            }
        }
        let rule = rule("SELECT * FROM 't'");
        if let Ok(field) = Substitution::read(&text, &rule) {
            drop(field.text(&rule, &Message::new("t", b"{}"), &FIXED));
        }
    }

    #[test]
    fn a_payload_that_passes_through_is_not_changed(payload in json()) {
        let payload = payload.to_string();
        let rule = rule("SELECT * FROM 't'");
        let message = Message::new("t", payload.as_bytes());
        let Outcome::Selected(output) = rule.evaluate(&message, &FIXED) else { panic!("no condition") };
        let passed: serde_json::Value = serde_json::from_slice(&output.bytes()).unwrap();
        let sent: serde_json::Value = serde_json::from_str(&payload).unwrap();
        prop_assert_eq!(passed.to_string().replace(".0", ""), sent.to_string().replace(".0", ""));
    }
}
