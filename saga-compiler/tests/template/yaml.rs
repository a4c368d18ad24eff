//! The text of a template.

use std::collections::BTreeMap;

use saga_compiler::yaml::{Yaml, list, map};

use crate::manifest::{compile, fare_processing};

/// What a reader of YAML makes of a scalar that we write.
#[track_caller]
fn check(text: &str) {
    let written = map([("key", Yaml::from(text))]).to_text().unwrap();
    let read: Result<BTreeMap<String, String>, _> = serde_yaml::from_str(&written);
    let read = read.unwrap_or_else(|error| panic!("{error}: {written}"));
    assert_eq!(read["key"], text, "{written}");
}

#[test]
fn strings_stay_strings() {
    let scalars = [
        "2012-10-17",
        "on",
        "yes",
        "NO",
        "null",
        "~",
        "12:30",
        "0x10",
        "1e3",
        "1_000",
        ".5",
        "",
    ];
    let marks = [
        " padded ", "a: b", "- a", "#a", "a #b", "*", "&a", "!a", "%a", "@a", "`a", "{a", "[a",
        "---", "...", "? a", "| a", "'", "\"", "\\n",
    ];
    let lines = [
        "a\nb",
        "a\n",
        "\na",
        "a\n\n  b\t",
        "trailing \nspace",
        "a\r\nb",
        "\u{7}bell",
        "日本 😀",
        "{% $states.input.a = \"b\" ? 'c' : null %}",
        "{% \"it's\" %}",
        " a\nb",
        "a\n\n",
    ];
    for text in scalars.iter().chain(&marks).chain(&lines) {
        check(text);
    }
}

#[test]
fn expressions_are_written_without_escapes() {
    let node = map([("Output", Yaml::from("{% $string({\"a\": 1}) %}"))]);
    assert_eq!(
        node.to_text().unwrap(),
        "Output: '{% $string({\"a\": 1}) %}'\n"
    );
}

#[test]
fn versions_are_quoted_and_tags_short() {
    let node = map([
        ("Version", Yaml::from("2012-10-17")),
        ("Arn", Yaml::attribute("Table", "Arn")),
        ("Name", Yaml::reference("Table")),
        ("Resource", Yaml::from("*").commented("no other")),
        ("Sub", Yaml::substituted("${AWS::StackName}-x")),
        ("Actions", list(["a:b"])),
    ]);
    let expected = "Version: \"2012-10-17\"\nArn: !GetAtt Table.Arn\nName: !Ref Table\n\
                    Resource: \"*\" # no other\nSub: !Sub ${AWS::StackName}-x\nActions:\n  - a:b\n";
    assert_eq!(node.to_text().unwrap(), expected);
}

/// The whole template, tags aside, comes back as the tree it was written from.
#[test]
fn a_template_reads_back_as_it_was() {
    let template = compile(&fare_processing()).template;
    let text = template.to_text().unwrap();
    let tags = ["!Ref ", "!GetAtt ", "!Sub ", "!If", "!Not", "!Equals"];
    let untagged = tags.iter().fold(text, |text, tag| text.replace(tag, ""));
    let read: serde_json::Value = serde_yaml::from_str(&untagged).unwrap();
    assert_eq!(read, untag(&template));
}

fn untag(yaml: &Yaml) -> serde_json::Value {
    match yaml {
        Yaml::Tagged(_, value) | Yaml::Commented(value, _) => untag(value),
        Yaml::List(items) => items.iter().map(untag).collect(),
        Yaml::Map(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), untag(value)))
            .collect(),
        other => super::json_of(other),
    }
}
