use super::{Path, Root, Roots};
use crate::data::Data;

struct Fixture(Data);

impl Roots for Fixture {
    fn root(&self, root: &Root) -> Option<Data> {
        match root {
            Root::Input | Root::Item => Some(self.0.clone()),
            Root::Context => Some(Data::object([("Name", Data::from("ctx"))])),
            Root::Variable(name) => (&**name == "known").then(|| Data::from(42_i64)),
        }
    }
}

const STORE: &str = r#"{
    "a": {"b": [10, 20, 30], "a-b": 1, "0": "zero", "my key": true, "n": null},
    "books": [{"t": "x", "p": 5, "tags": ["s", "m"]}, {"t": "y", "p": 15}, {"t": "z"}],
    "deep": {"p": 7, "q": {"p": 8}}
}"#;

fn check(path: &str, expected: &str) {
    let fixture = Fixture(Data::parse(STORE).unwrap());
    let found = match Path::parse(path) {
        Ok(path) => match path.select(&fixture) {
            Ok(data) => data.to_string(),
            Err(not_found) => format!("! {not_found}"),
        },
        Err(error) => format!("? {}: {error}", error.at),
    };
    assert_eq!(found, expected, "{path}");
}

#[test]
fn selects_as_jayway_does() {
    for (path, expected) in [
        ("$.a.b[1]", "20"),
        ("$.a.b[-1]", "30"),
        ("$.a.['b']", "[10,20,30]"),
        ("$['a'][\"b\"][0]", "10"),
        ("$.a.a-b", "1"),
        ("$.a.0", "\"zero\""),
        ("$.a['my key']", "true"),
        ("$.a.n", "null"),
        ("$.a['a-b','0']", r#"[{"a-b":1,"0":"zero"}]"#),
        ("$.a.b[0,2]", "[10,30]"),
        ("$.a.b[1:]", "[20,30]"),
        ("$.a.b[:-1]", "[10,20]"),
        ("$.a.b[-2:]", "[20,30]"),
        ("$.books[*].p", "[5,15]"),
        ("$.missing[*].x", "[]"),
        ("$.a.missing[1:]", "[]"),
        ("$.deep..p", "[7,8]"),
        ("$.books[?(@.p > 5)].t", r#"["y"]"#),
        ("$.books[?(@.p && @.t == 'x')].t", r#"["x"]"#),
        ("$.books[?(!(@.p))].t", r#"["z"]"#),
        ("$.books[?(@.t in ['x','z'])].t", r#"["x","z"]"#),
        ("$.books[?(@.tags contains 'm')].p", "[5]"),
        ("$.books.length()", "3"),
        ("$.books[*].p.sum()", "[]"),
        ("$$.Name", "\"ctx\""),
        ("$known", "42"),
    ] {
        check(path, expected);
    }
}

#[test]
fn a_definite_path_to_nothing_fails_in_the_words_of_aws() {
    for (path, expected) in [
        ("$.nope", "! No results for path: $['nope']"),
        ("$.a.b[7]", "! No results for path: $['a']['b'][7]"),
        ("$.nope.deeper", "! Missing property in path $['nope']"),
        ("$unknown", "! No results for path: $"),
    ] {
        check(path, expected);
    }
}

#[test]
fn refuses_with_a_position() {
    for (path, expected) in [
        ("a.b", "? 0: a path starts with `$`"),
        ("$.a.", "? 3: a path does not end with a dot"),
        ("$.a[", "? 3: this bracket is not closed"),
        ("$.a['b]", "? 4: this quote is not closed"),
        ("$.a[0", "? 5: expected `]`"),
        (
            "$.a b",
            "? 3: a name with a blank is written in brackets: `['my name']`",
        ),
        ("$.a.nope()", "? 4: `nope` is not a function of JSONPath"),
        ("$[?(@.a ==)]", "? 10: expected a path or a value, found ``"),
    ] {
        check(path, expected);
    }
}

#[test]
fn knows_reference_paths() {
    for (path, expected) in [
        ("$", true),
        ("$.a.b", true),
        ("$.a[0]", true),
        ("$['a']", true),
        ("$.a[-1]", false),
        ("$.a[*]", false),
        ("$..a", false),
        ("$.a[0:1]", false),
        ("$.a['x','y']", false),
    ] {
        assert_eq!(
            Path::parse(path).unwrap().is_reference(),
            expected,
            "{path}"
        );
    }
}

#[test]
fn inserts_and_shares_the_rest() {
    for (data, path, expected) in [
        ("{}", "$.a.b", r#"{"a":{"b":1}}"#),
        (r#"{"a":[0,0]}"#, "$.a[1]", r#"{"a":[0,1]}"#),
        (r#"{"a":0,"b":2}"#, "$.a", r#"{"a":1,"b":2}"#),
        ("[]", "$", "1"),
    ] {
        let path = Path::parse(path).unwrap();
        let changed = path.insert(&Data::parse(data).unwrap(), Data::from(1_i64));
        assert_eq!(changed.unwrap().to_string(), expected);
    }
    let path = Path::parse("$.a.b").unwrap();
    assert!(
        path.insert(&Data::parse(r#"{"a":3}"#).unwrap(), Data::Null)
            .is_err()
    );
}
