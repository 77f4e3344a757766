//! What the examples compile to is accepted by validators that nobody here wrote.

use std::fs;

use serde_json::Value as Json;
use statewright::bundle::Target;
use statewright_tests::{AslValidator, need, scratch};

#[test]
fn asl_validator_accepts_every_example() {
    let Some(validator) = need(AslValidator::install()) else { return };
    let folder = scratch("asl-validator");
    let target = Target { partition: "aws".into(), region: "eu-central-1".into(), account_id: "123456789012".into() };
    let (manifest, _) = statewright_examples::app().compile();
    for bundle in &manifest.workflows {
        let definition = target.fill_json(&bundle.state_machine.definition.to_json());
        let file = folder.join(format!("{}.json", bundle.name));
        fs::write(&file, definition.to_string()).unwrap();
        let _ = validator.check(&file).ends(0);
    }

    // It does look: the same with a state that leads nowhere is refused.
    let mut broken: Json = manifest.workflows[0].state_machine.definition.to_json();
    broken["StartAt"] = "Nowhere".into();
    let file = folder.join("broken.json");
    fs::write(&file, target.fill_json(&broken).to_string()).unwrap();
    assert_ne!(validator.check(&file).code, 0);
}
