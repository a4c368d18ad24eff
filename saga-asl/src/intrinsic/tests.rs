use super::{Call, Random};
use crate::data::Data;
use crate::jsonpath::{Root, Roots};

struct Fixture(Data);

impl Roots for Fixture {
    fn root(&self, root: &Root) -> Option<Data> {
        (*root == Root::Input).then(|| self.0.clone())
    }
}

/// Counts up: a source of numbers that a test can foresee.
struct Counting(u64);

impl Random for Counting {
    fn next(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}

fn check(expression: &str, expected: &str) {
    let input = r#"{"o":{"Arg1":1,"Arg2":[]},"s":"x","list":[1,2,3,2],"half":1.49}"#;
    let fixture = Fixture(Data::parse(input).unwrap());
    let found = match Call::parse(expression) {
        Ok(call) => match call.evaluate(&fixture, &mut Counting(0)) {
            Ok(data) => data.to_string(),
            Err(failure) => format!("! {failure}"),
        },
        Err(error) => format!("? {}: {error}", error.at),
    };
    assert_eq!(found, expected, "{expression}");
}

#[test]
fn computes() {
    for (expression, expected) in [
        (
            "States.Format('a {} b {}', $.s, $.o)",
            r#""a x b {Arg1=1, Arg2=[]}""#,
        ),
        (r"States.Format('\{{}\} it\'s', 1)", r#""{1} it's""#),
        ("States.StringToJson('')", "null"),
        (r#"States.StringToJson('{"a": [1]}')"#, r#"{"a":[1]}"#),
        ("States.JsonToString($.o)", r#""{\"Arg1\":1,\"Arg2\":[]}""#),
        ("States.Array()", "[]"),
        (
            "States.Array(1, 'a', null, true, $.s)",
            r#"[1,"a",null,true,"x"]"#,
        ),
        ("States.ArrayPartition($.list, 3)", "[[1,2,3],[2]]"),
        ("States.ArrayContains($.list, 3)", "true"),
        ("States.ArrayRange(1, 9, 9)", "[1]"),
        ("States.ArrayRange(3, 1, -1)", "[3,2,1]"),
        ("States.ArrayGetItem($.list, 2)", "3"),
        ("States.ArrayLength($.list)", "4"),
        ("States.ArrayUnique($.list)", "[1,2,3]"),
        (
            "States.Base64Encode('Data to encode')",
            r#""RGF0YSB0byBlbmNvZGU=""#,
        ),
        (
            "States.Base64Decode('RGF0YSB0byBlbmNvZGU=')",
            r#""Data to encode""#,
        ),
        (
            "States.Hash('input data', 'SHA-1')",
            r#""aaff4a450a104cd177d28d18d74485e8cae074b7""#,
        ),
        (
            "States.JsonMerge($.o, States.StringToJson('{\"Arg1\":2}'), false)",
            r#"{"Arg1":2,"Arg2":[]}"#,
        ),
        ("States.MathAdd($.half, 1.5)", "3"),
        ("States.MathRandom(5, 6)", "5"),
        ("States.StringSplit('1,2;;3', ',;')", r#"["1","2","3"]"#),
        ("States.UUID()", r#""00000000-0000-4001-8000-000000000002""#),
        ("States.MathAdd(States.MathAdd(1, 2), 3)", "6"),
    ] {
        check(expression, expected);
    }
}

#[test]
fn names_the_failing_call() {
    for (expression, expected) in [
        (
            "States.ArrayGetItem($.list, 9)",
            "! The function 'States.ArrayGetItem($.list, 9)' had the following error: the index 9 is out of bounds for an array of 4 items",
        ),
        (
            "States.Format('{}', $.nope)",
            "! No results for path: $['nope']",
        ),
        (
            "States.ArrayRange(0, 5000, 1)",
            "! The function 'States.ArrayRange(0, 5000, 1)' had the following error: a range has at most 1000 items",
        ),
    ] {
        check(expression, expected);
    }
}

#[test]
fn refuses_with_a_position() {
    for (expression, expected) in [
        (
            "States.Nope()",
            "? 0: `States.Nope` is not an intrinsic function",
        ),
        (
            "States.UUID(1)",
            "? 0: `States.UUID` takes no arguments, found 1",
        ),
        (
            "States.MathAdd(1)",
            "? 0: `States.MathAdd` takes 2 arguments, found 1",
        ),
        ("States.Array('a", "? 13: this quote is not closed"),
        ("States.Array(1 2)", "? 15: expected `,` or `)`"),
        ("States.Array($.)", "? 15: a name is missing here"),
        ("States.Array(1) x", "? 16: unexpected `x` after the call"),
        ("States.Array", "? 12: expected `(` after `States.Array`"),
    ] {
        check(expression, expected);
    }
}
