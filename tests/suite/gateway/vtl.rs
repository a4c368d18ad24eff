//! An evaluator of mapping templates, for the part of VTL and of API Gateway's variables that ours use. What it
//! does not know it refuses, so no template is taken that it only seems to understand.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// What a template reads and sets.
pub struct Environment {
    body: Value,
    parameters: BTreeMap<String, String>,
    context: Value,
    variables: BTreeMap<String, Value>,
}

impl Environment {
    pub fn new(body: Value, parameters: BTreeMap<String, String>, context: Value) -> Self {
        let variables = BTreeMap::new();
        Self {
            body,
            parameters,
            context,
            variables,
        }
    }

    /// `$context`, with what the template has overridden.
    pub fn context(&self) -> &Value {
        &self.context
    }

    /// The text that a template gives.
    pub fn render(&mut self, template: &str) -> String {
        let mut out = String::new();
        let mut reader = Reader(template);
        self.block(&mut reader, true, &mut out);
        assert_eq!(reader.0, "", "a directive too many");
        out
    }

    /// A block up to its `#else` or `#end`, which stay.
    fn block(&mut self, reader: &mut Reader<'_>, live: bool, out: &mut String) {
        while !reader.0.is_empty()
            && !reader.0.starts_with("#end")
            && !reader.0.starts_with("#else")
        {
            if reader.take("#set(") {
                let target = reader.reference();
                assert!(reader.take("="), "#set without a value");
                let value = self.expression(reader, live);
                assert!(reader.take(")"));
                reader.line();
                if live {
                    self.set(&target, value);
                }
            } else if reader.take("#if(") {
                let left = self.expression(reader, live);
                let equal = reader.take("==");
                assert!(
                    equal || reader.take("!="),
                    "a condition that is not known here"
                );
                let right = self.expression(reader, live);
                assert!(reader.take(")"));
                reader.line();
                let holds = (left == right) == equal;
                self.block(reader, live && holds, out);
                if reader.take("#else") {
                    reader.line();
                    self.block(reader, live && !holds, out);
                }
                assert!(reader.take("#end"), "an #if without #end");
                reader.line();
            } else if reader.0.starts_with('#') {
                panic!("a directive that is not known here: {}", reader.0);
            } else if reader.0.starts_with('$') {
                let value = self.expression(reader, live);
                if live {
                    out.push_str(&printed(&value));
                }
            } else {
                let next = reader.0.find(['#', '$']).unwrap_or(reader.0.len());
                let text = reader.skip(next);
                if live {
                    out.push_str(text);
                }
            }
        }
    }

    fn set(&mut self, target: &[String], value: Value) {
        match target {
            [name] => {
                self.variables.insert(name.clone(), value);
            }
            [context, override_of, path @ ..] if context == "context" => {
                assert_eq!(override_of, "responseOverride");
                let mut at = &mut self.context["responseOverride"];
                for name in path {
                    at = &mut at[name.as_str()];
                }
                *at = value;
            }
            other => panic!("{other:?} cannot be set"),
        }
    }

    fn expression(&mut self, reader: &mut Reader<'_>, live: bool) -> Value {
        reader.blanks();
        if let Some(quote) = ["\"", "'"].into_iter().find(|quote| reader.take(quote)) {
            let end = reader.0.find(quote).unwrap();
            let text = reader.skip(end).to_owned();
            assert!(reader.take(quote));
            assert!(
                quote == "'" || !text.contains('$'),
                "no text with references is known here"
            );
            return text.into();
        }
        let digits = reader
            .0
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(reader.0.len());
        if digits > 0 {
            return reader.skip(digits).parse::<u64>().unwrap().into();
        }
        assert!(reader.take("$"), "no expression: {}", reader.0);
        let root = reader.name();
        let mut value = match root.as_str() {
            "input" | "util" => Value::Null,
            "context" => self.context.clone(),
            name => self.variables.get(name).cloned().unwrap_or_default(),
        };
        let mut first = true;
        while reader.0.starts_with('.')
            && reader.0[1..].starts_with(|c: char| c.is_ascii_alphabetic())
        {
            reader.skip(1);
            let name = reader.name();
            value = if reader.0.starts_with('(') {
                let arguments = self.arguments(reader, live);
                let of = if first { root.as_str() } else { "" };
                if live {
                    self.call(of, &name, &value, &arguments)
                } else {
                    Value::Null
                }
            } else {
                value.get(&name).cloned().unwrap_or_default()
            };
            first = false;
        }
        reader.blanks_before_operator();
        value
    }

    fn arguments(&mut self, reader: &mut Reader<'_>, live: bool) -> Vec<Value> {
        assert!(reader.take("("));
        let mut arguments = Vec::new();
        while !reader.take(")") {
            arguments.push(self.expression(reader, live));
            reader.take(",");
        }
        arguments
    }

    fn call(&self, root: &str, name: &str, value: &Value, arguments: &[Value]) -> Value {
        let text = |index: usize| arguments[index].as_str().unwrap_or_default();
        match (root, name) {
            ("input", "json") if text(0) == "$" => self.body.to_string().into(),
            ("input", "path") if text(0) == "$" => self.body.clone(),
            ("input", "params") => self
                .parameters
                .get(text(0))
                .cloned()
                .unwrap_or_default()
                .into(),
            ("util", "escapeJavaScript") => escaped(text(0)).into(),
            ("util", "base64Encode") => base64(text(0).as_bytes()).into(),
            ("util", "parseJson") => serde_json::from_str(text(0)).unwrap(),
            ("", "replaceAll") => {
                let (of, pattern) = (value.as_str().unwrap(), literal(text(0)));
                of.replace(&pattern, text(1)).into()
            }
            other => panic!("{other:?} is not known here"),
        }
    }
}

/// What of a template is not read yet.
struct Reader<'t>(&'t str);

impl<'t> Reader<'t> {
    fn take(&mut self, text: &str) -> bool {
        let found = self.0.strip_prefix(text);
        self.0 = found.unwrap_or(self.0);
        if found.is_some() && text.ends_with(['=', ',']) {
            self.blanks();
        }
        found.is_some()
    }

    fn skip(&mut self, bytes: usize) -> &'t str {
        let (skipped, rest) = self.0.split_at(bytes);
        self.0 = rest;
        skipped
    }

    fn blanks(&mut self) {
        self.0 = self.0.trim_start_matches(' ');
    }

    /// Blanks go with an operator, and stay in text.
    fn blanks_before_operator(&mut self) {
        let after = self.0.trim_start_matches(' ');
        if ["==", "!=", "="]
            .iter()
            .any(|operator| after.starts_with(operator))
        {
            self.0 = after;
        }
    }

    /// A line that is a directive leaves no empty line.
    fn line(&mut self) {
        self.0 = self.0.strip_prefix('\n').unwrap_or(self.0);
    }

    fn name(&mut self) -> String {
        let end = self
            .0
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        self.skip(end.unwrap_or(self.0.len())).to_owned()
    }

    fn reference(&mut self) -> Vec<String> {
        assert!(self.take("$"));
        let mut names = vec![self.name()];
        while self.take(".") {
            names.push(self.name());
        }
        self.blanks_before_operator();
        names
    }
}

/// A value in text. A list or object would be printed as Java prints it: never as JSON.
fn printed(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        other => panic!("{other} cannot be printed"),
    }
}

/// As `StringEscapeUtils.escapeJavaScript` of Apache Commons Lang, which API Gateway names.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '\'' | '"' | '\\' | '/' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' '..='~' => out.push(character),
            other => {
                let mut units = [0; 2];
                for unit in other.encode_utf16(&mut units) {
                    out.push_str(&format!("\\u{unit:04X}"));
                }
            }
        }
    }
    out
}

/// A regular expression that stands for one text.
fn literal(pattern: &str) -> String {
    let mut text = String::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.push(letters.next().unwrap()),
            plain => {
                assert!(
                    !".*+?()[]{}|^$".contains(plain),
                    "no pattern is known here: {pattern}"
                );
                text.push(plain);
            }
        }
    }
    text
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, at| {
            bits << 8 | u32::from(chunk.get(at).copied().unwrap_or(0))
        });
        for at in 0..4 {
            let six = usize::try_from(bits >> (18 - 6 * at) & 63).unwrap();
            out.push(if at <= chunk.len() {
                LETTERS[six].into()
            } else {
                '='
            });
        }
    }
    out
}

#[test]
fn templates_are_evaluated_as_velocity_does() {
    let body = json!({ "a": "it's \"x\"/é", "n": 1 });
    let parameters = BTreeMap::from([("key".to_owned(), "a-1".to_owned())]);
    let mut environment = Environment::new(body, parameters, json!({ "path": "/live" }));
    let cases = [
        ("x $context.path y", "x /live y"),
        ("$util.base64Encode($input.params('key'))", "YS0x"),
        ("#set($a = $input.path('$'))\n$a.n.", "1."),
        ("#if($a.n == \"1\")\nyes\n#else\nno\n#end\nend", "no\nend"),
        ("#set($b = 'x')\n#if($b != \"\")\nyes\n#end\n", "yes\n"),
        (
            "$util.escapeJavaScript($a.a).replaceAll(\"\\\\'\", \"'\")",
            "it's \\\"x\\\"\\/\\u00E9",
        ),
    ];
    for (template, expected) in cases {
        assert_eq!(environment.render(template), expected, "{template}");
    }
    environment.render("#set($context.responseOverride.status = $a.n)");
    assert_eq!(environment.context()["responseOverride"]["status"], 1);
}
