use super::{Kind, expression, parse, references};

#[test]
fn only_text_right_between_the_braces_is_an_expression() {
    for (text, expected) in [
        ("{% 1 %}", Some((3, "1"))),
        ("{%1%}", Some((2, "1"))),
        (" {% 1 %} ", None),
        ("{% 1", None),
        ("plain", None),
    ] {
        assert_eq!(expression(text), expected, "{text}");
    }
}

#[test]
fn accepts() {
    for text in [
        "$states.input.a[0].b",
        "a.b.(c + 1)",
        "$sum(items.(price * qty))",
        "{'a': 1, \"b\": [1..3]}",
        "(a := 1; b)".replace("a :=", "$a :=").as_str(),
        "function($x, $y){ $x + $y }(1, 2)",
        "λ($x)<n:n>{ $x }",
        "a ? b : c",
        "a ? b",
        "items^(>price, <name)",
        "items{name: $sum(price)}",
        "|a|{'b': 1}, ['c']|",
        "$match(text, /a(b|[/])c/i)",
        "a@$x.b#$i",
        "a.*.**.%",
        "a[]",
        "-1.5e3 & 'x'",
        "and and or or in in in",
        "$map(a, $f(?, 1))",
        "/* nothing */ 1",
        "`a b`.c ~> $string()",
        "[1, 2 ? 3 : 4]",
        "$x := $y := 1",
        "(/ab/)",
    ] {
        if let Err(error) = parse(text) {
            panic!("{text}: {} {error}", error.at);
        }
    }
}

#[test]
fn refuses_with_a_position() {
    for (text, at, code) in [
        ("", 0, "S0207"),
        ("1 +", 3, "S0207"),
        ("(1", 2, "S0203"),
        ("[1, 2", 5, "S0203"),
        ("{'a' 1}", 5, "S0202"),
        ("'abc", 0, "S0101"),
        ("a b", 2, "S0201"),
        ("a ?? b", 3, "S0211"),
        ("a ?: b", 3, "S0211"),
        ("1 := 2", 2, "S0212"),
        ("'\\q'", 2, "S0103"),
        ("function(a){1}", 9, "S0208"),
        ("/* x", 0, "S0106"),
        ("`x", 0, "S0105"),
        ("=1", 0, "S0211"),
    ] {
        let error = parse(text).expect_err(text);
        assert_eq!((error.at, error.code), (at, code), "{text}: {error}");
    }
}

#[test]
fn lists_what_is_read_and_called() {
    let text = "($x := $states.input.order.id; $sum($items[0].price) + $x & $f($y))";
    let found = references(&parse(text).unwrap());
    let variables: Vec<_> = found
        .variables
        .iter()
        .map(|r| format!("{}:{}", r.variable, r.fields.join(".")))
        .collect();
    assert_eq!(variables, ["states:input.order.id", "items:price", "y:"]);
    let calls: Vec<_> = found.calls.iter().map(|call| &*call.name).collect();
    assert_eq!(calls, ["sum", "f"]);
}

#[test]
fn a_node_knows_its_place() {
    let node = parse("a + $b.c").unwrap();
    let Kind::Binary("+", _, right) = node.kind else {
        panic!("not a sum");
    };
    assert_eq!(right.span, 4..8);
}

#[test]
fn deep_nesting_is_refused_rather_than_overflowing() {
    assert_eq!(parse(&"(".repeat(100_000)).unwrap_err().code, "U1001");
}
