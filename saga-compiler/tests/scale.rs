//! Sagas of hundreds of steps, and what no stack can hold.

use saga_compiler::{Definitions, compile, fits};
use saga_manifest::Manifest;
use saga_manifest::step::Step;

use crate::manifest::{compensatable, options, pivot, retriable, saga, shown, step, work};

/// A saga of so many steps by three handlers: the half before its pivot is compensated.
fn long(steps: usize) -> Manifest {
    let named = |step: Step, number: usize| Step {
        name: format!("{}{number}", step.name),
        ..step
    };
    let half = steps / 2;
    let before = (1..half).map(|number| named(compensatable("Book"), number));
    let after = (half + 1..=steps).map(|number| named(retriable("Tell"), number));
    saga(before.chain([pivot("Pay")]).chain(after).collect())
}

/// Its definition is longer than AWS takes where it is indented.
#[test]
fn a_saga_of_three_hundred_steps_is_compiled_and_deployed_from_files() {
    let manifest = long(300);
    let mut options = options();
    options.definitions = Definitions::Files;
    let output = compile(&manifest, &options);
    let output = output.unwrap_or_else(|mistakes| panic!("{}", shown(&mistakes)));
    let definition = &output.definitions[0];
    assert!(definition.machine.to_pretty().len() > 1_048_576);
    let text = output.template.to_text().unwrap();
    for (name, content) in definition.files() {
        assert!(content.len() <= 1_048_576, "{name}: {}", content.len());
        assert!(text.contains(&format!("DefinitionUri: {name}\n")), "{name}");
    }
    assert!(text.len() < 100_000, "{}", text.len());
    assert_eq!(
        fits(&text, Definitions::Files).map_err(|mistake| mistake.to_string()),
        Ok(())
    );
}

#[test]
fn a_template_that_is_too_long_says_how_to_divide_it() {
    let text = "x".repeat(1_000_001);
    for (definitions, help) in [
        (Definitions::Inline, "--out DIR"),
        (Definitions::Files, "divide the package"),
    ] {
        let mistake = fits(&text, definitions).unwrap_err().to_string();
        assert!(
            mistake.contains("1000001 bytes") && mistake.contains(help),
            "{mistake}"
        );
    }
}

/// Ninety functions with role, log group, version and alias.
#[test]
fn a_stack_of_too_many_resources_counts_them() {
    let steps = (0..100).map(|number| {
        let name = format!("Look{number}");
        step(&name, saga_manifest::step::Kind::ReadOnly, work(&name))
    });
    let mistakes = compile(&saga(steps.collect()), &options()).unwrap_err();
    let shown = shown(&mistakes);
    assert!(
        shown.contains("resources, and CloudFormation takes 500: "),
        "{shown}"
    );
    assert!(shown.contains("100 AWS::Serverless::Function"), "{shown}");
}
