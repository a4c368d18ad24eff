//! What the model says of many faults is what it says of each.

use pretty_assertions::assert_eq;
use saga_verify::Oracle;

use crate::fixture::named;

#[test]
fn many_faults_are_predicted_as_each_of_them() {
    for name in ["fare", "refuses", "branches", "ways"] {
        let saga = named(name);
        let input = saga.inputs.first().unwrap();
        let oracle = Oracle::new(&saga.definition, &saga.model, input).unwrap();
        let faults = oracle.single_faults().unwrap();
        assert!(faults.len() > 20, "{name}: {}", faults.len());
        let each: Vec<_> = faults
            .iter()
            .map(|faults| oracle.predict(faults).unwrap())
            .collect();
        assert_eq!(oracle.predict_each(&faults).unwrap(), each, "{name}");
    }
}
