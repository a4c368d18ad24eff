use super::super::{Format, Span, parse};

fn check(source: &str, value: &str) {
    let tree = parse(source, Format::Yaml);
    assert_eq!(tree.root.to_value().to_string(), value, "{source}");
    assert_eq!(tree.errors, [], "{source}");
}

#[test]
fn yaml_becomes_json() {
    check("a: 1\nb: [x, 'y', \"z\"]\n", r#"{"a":1,"b":["x","y","z"]}"#);
    check(
        "a: 0x10\nb: .5\nc: 007\nd: 1.50\ne: on\nf: 2012-10-17\n",
        r#"{"a":16,"b":0.5,"c":7,"d":1.50,"e":"on","f":"2012-10-17"}"#,
    );
    check("a: |\n  one\n  two\n", r#"{"a":"one\ntwo\n"}"#);
    check(
        "a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2\n",
        r#"{"a":{"b":1},"c":{"b":1},"d":{"b":1,"e":2}}"#,
    );
    check(
        "a: !Sub '${B}'\nc: !GetAtt D.Arn\n",
        r#"{"a":{"Fn::Sub":"${B}"},"c":{"Fn::GetAtt":"D.Arn"}}"#,
    );
    check("a: !If [x, y, z]\n", r#"{"a":{"Fn::If":["x","y","z"]}}"#);
    check("a: !!str 1\n", r#"{"a":"1"}"#);
    check("", "null");
}

#[test]
fn values_know_their_places() {
    let source = "States:\n  Ü: {Type: Pass, End: true}\n  B:\n    Type: 'Fail'\n";
    let tree = parse(source, Format::Yaml);
    let text = |span: Span| span.text(source);
    let states = tree.root.get("States").unwrap();
    assert_eq!(text(states.members()[0].name.span), "Ü");
    assert_eq!(
        text(states.get("Ü").unwrap().get("Type").unwrap().span),
        "Pass"
    );
    assert_eq!(
        text(states.get("B").unwrap().get("Type").unwrap().span),
        "'Fail'"
    );
    assert_eq!(text(states.get("B").unwrap().span), "Type: 'Fail'");
    assert_eq!(
        text(states.get("Ü").unwrap().span),
        "{Type: Pass, End: true}"
    );
}

#[test]
fn a_syntax_error_has_a_place_and_what_precedes_it_is_read() {
    let tree = parse("a: 1\nb: [x\nc: 2\n", Format::Yaml);
    assert_eq!(tree.errors.len(), 1);
    assert_eq!(tree.root.get("a").unwrap().to_value().to_string(), "1");
}

#[test]
fn aliases_cannot_blow_up() {
    let mut source = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let below = format!("*a{}", level - 1);
        source += &format!("a{level}: &a{level} [{}]\n", vec![below; 10].join(", "));
    }
    let tree = parse(&source, Format::Yaml);
    assert!(
        tree.errors
            .iter()
            .any(|error| error.message.contains("aliases"))
    );
}
