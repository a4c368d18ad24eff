//! What API Gateway asks of routes.

use std::collections::BTreeMap;

use saga_manifest::Manifest;
use saga_manifest::api::Route;

use crate::diagnostic::{Diagnostic, Report};

/// Checks the APIs of a package.
pub(super) fn check(manifest: &Manifest, report: &mut Report) {
    for api in &manifest.apis {
        check_parameters(&api.routes, report);
    }
}

/// Below one path, all routes call the parameter in its next segment alike.
fn check_parameters(routes: &[Route], report: &mut Report) {
    let mut known: BTreeMap<&str, (&str, &Route)> = BTreeMap::new();
    for route in routes {
        for (at, _) in route.path.match_indices("/{") {
            let (above, rest) = route.path.split_at_checked(at).unwrap_or_default();
            let name = rest
                .split_terminator(['/', '{', '}'])
                .find(|part| !part.is_empty());
            let name = name.unwrap_or_default();
            match known.get(above) {
                Some((other, first)) if *other != name => {
                    let message =
                        format!("`{above}/` is followed by `{{{other}}}` and by `{{{name}}}`");
                    let help = "give the parameter one name: API Gateway knows one below a path";
                    let mistake = Diagnostic::new(message, help);
                    report.push(
                        mistake
                            .at(&route.place, "the second")
                            .at(&first.place, "the first"),
                    );
                }
                Some(_) => {}
                None => {
                    known.insert(above, (name, route));
                }
            }
        }
    }
}
