//! What CloudFormation takes of a template (CloudFormation quotas).

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::options::Definitions;
use crate::yaml::Yaml;

/// Resources of a template.
const MOST_RESOURCES: usize = 500;

/// Bytes of a template that is handed over through S3, as `sam deploy` does.
const LONGEST: usize = 1_000_000;

const FUNCTION: &str = "AWS::Serverless::Function";

/// What is wrong with this many resources, where each function becomes so many more when SAM has translated it.
pub(super) fn too_many(resources: &[(String, Yaml)], versions: usize) -> Option<Diagnostic> {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, resource) in resources {
        if let Some(Yaml::String(kind)) = resource.get("Type") {
            *kinds.entry(kind).or_default() += 1;
        }
    }
    let functions = kinds.get(FUNCTION).copied().unwrap_or_default();
    let count = resources.len() + functions * versions;
    (count > MOST_RESOURCES).then(|| {
        let mut kinds: Vec<_> = kinds.into_iter().collect();
        kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let most = kinds.iter().take(3).map(|(kind, count)| format!("{count} {kind}"));
        let most = most.collect::<Vec<_>>().join(", ");
        let message = format!(
            "the template would have {count} resources, and CloudFormation takes {MOST_RESOURCES}: {most}, …"
        );
        let help = "divide the package: sagas that start one another through queues or events can be deployed by packages \
                    of their own";
        Diagnostic::new(message, help)
    })
}

/// Whether CloudFormation takes a template of that text.
///
/// # Errors
/// What is too long about it, and what to do.
pub fn fits(text: &str, definitions: Definitions) -> Result<(), Diagnostic> {
    if text.len() <= LONGEST {
        return Ok(());
    }
    let length = text.len();
    let message = format!("the template has {length} bytes, and CloudFormation takes {LONGEST}");
    let help = match definitions {
        Definitions::Inline => "write the definitions beside it: `saga-cli generate --out DIR`",
        Definitions::Files => "divide the package: each saga may be one of its own",
    };
    Err(Diagnostic::new(message, help))
}
