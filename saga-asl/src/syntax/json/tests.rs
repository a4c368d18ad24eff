use super::super::{Format, parse};

/// Reads `source`; expects that value and those messages.
fn check(source: &str, value: &str, messages: &[&str]) {
    let tree = parse(source, Format::Json);
    assert_eq!(tree.root.to_value().to_string(), value, "{source}");
    let found: Vec<_> = tree
        .errors
        .iter()
        .map(|error| error.message.as_str())
        .collect();
    assert_eq!(found, messages, "{source}");
}

#[test]
fn good_text_has_no_errors() {
    check(
        r#" {"a": [1, -2.50, 1e3], "b": {}} "#,
        r#"{"a":[1,-2.50,1e3],"b":{}}"#,
        &[],
    );
    check("\u{feff}[true, false, null]", "[true,false,null]", &[]);
    check(r#""\u00fc \ud83d\ude00 \n\/""#, "\"ü 😀 \\n/\"", &[]);
    check(r#"{"a": ${Seconds}}"#, r#"{"a":"${Seconds}"}"#, &[]);
}

#[test]
fn errors_are_all_found_and_the_rest_is_read() {
    check("", "null", &["the text is empty"]);
    check(
        r#"{"a": 1 "b": 2}"#,
        r#"{"a":1,"b":2}"#,
        &["a comma is missing before this"],
    );
    check(
        r#"{"a": 1,}"#,
        r#"{"a":1}"#,
        &["there is a comma after the last entry"],
    );
    check(
        r#"{"a": [1,], b: 2, "c": tru}"#,
        r#"{"a":[1],"b":2,"c":null}"#,
        &[
            "there is a comma after the last entry",
            "expected a field name in double quotes, found `b`",
            "expected a value, found `tru`",
        ],
    );
    check(
        r#"{"a": "x"#,
        r#"{"a":"x"}"#,
        &[
            "the string has no closing quote",
            "the object that begins here has no `}`",
        ],
    );
    check(
        r#"{"a": "\q"}"#,
        r#"{"a":"\\q"}"#,
        &["`\\q` is not an escape"],
    );
    check(
        r#"{"a" 1}"#,
        r#"{"a":1}"#,
        &["a colon is missing after `a`"],
    );
    check(r#"{"a": }"#, r#"{"a":null}"#, &["`a` has no value"]);
    check("{} x", "{}", &["there is more text after the definition"]);
    check("[01]", "[null]", &["`01` is not a number"]);
    check(
        "[\"\\ud800\"]",
        "[\"\u{fffd}\"]",
        &["half of a surrogate pair is no character"],
    );
    check(
        "{\"a\": 1 // one\n}",
        r#"{"a":1}"#,
        &["JSON has no comments"],
    );
}

#[test]
fn deep_nesting_is_an_error_not_a_crash() {
    let source = "[".repeat(100_000);
    assert!(!parse(&source, Format::Json).errors.is_empty());
}
