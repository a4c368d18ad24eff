//! Any text, as JSON and as YAML: through the reader, all rules, the fixes, the model and every
//! output format.
#![no_main]

use libfuzzer_sys::fuzz_target;
use saga_asl::lint::{Options, apply, check_with};
use saga_asl::model::{ExecutionType, StateMachine};
use saga_asl::syntax::{Format, parse};
use saga_cli::{Checked, render};

fuzz_target!(|text: &str| {
    for format in [Format::Json, Format::Yaml] {
        let options = Options { format: Some(format), execution_type: Some(ExecutionType::Express) };
        let report = check_with(text, options);
        for diagnostic in &report.diagnostics {
            assert!(text.get(diagnostic.span.start..diagnostic.span.end).is_some());
        }
        let (fixed, applied) = apply(text, &report.diagnostics);
        assert!(applied > 0 || fixed == text);
        let value = parse(text, format).root.to_value();
        if let Ok(machine) = StateMachine::from_value(&value) {
            assert_eq!(machine.to_value().to_string(), value.to_string());
        }
        let files = [Checked::new("fuzz.asl.json".to_owned(), text.to_owned(), report)];
        for format in [render::Format::Human, render::Format::Json, render::Format::Sarif, render::Format::Github] {
            render::write(format, &files, &mut Vec::new()).expect("a vector takes all");
        }
    }
});
