//! The data is whole, and is that of the pins.

use serde_json::Value as Json;
use statewright_model::{
    Kind, Pattern, authorization, optimized, optimized_services, prefixes, retired_services, service, services, stamp,
};

#[test]
fn everything_is_there_and_can_be_read() {
    let (mut actions, mut shapes, mut members, mut errors, mut tokens, mut refused) = (0_u64, 0, 0, 0, 0, 0);
    for name in services() {
        let service = service(name).unwrap_or_else(|| panic!("{name} can't be read"));
        assert_eq!(service.prefix().to_lowercase(), name);
        shapes += service.shapes();
        errors += service.errors().count();
        for action in service.actions() {
            actions += 1;
            assert_eq!(service.action(action.name()), Some(action));
            let parts = [action.input(), action.output(Pattern::RequestResponse)];
            for shape in parts.into_iter().flatten() {
                assert_eq!(shape.kind(), Kind::Structure, "{action:?}");
                members += shape.members().count();
            }
            tokens += u64::from(action.tokens().next().is_some());
            refused += u64::from(action.unsupported().is_some());
        }
    }
    let stamp = stamp();
    assert_eq!((services().count() as u64, actions), (stamp.services, stamp.actions));
    println!(
        "{} services, {actions} actions, {shapes} shapes, {members} members of requests and results",
        stamp.services
    );
    println!("{errors} errors, {tokens} actions with an idempotency token, {refused} that Step Functions can't call");
    assert_eq!(stamp.services, 366);
    assert!((17_875..22_000).contains(&actions), "{actions}");
    assert!((4_800..8_000).contains(&errors), "{errors}");
    assert!((1_100..1_600).contains(&tokens), "{tokens}");
    assert!((30..120).contains(&refused), "{refused}");
    assert!(retired_services().any(|name| name == "qldb"));
}

#[test]
fn the_optimized_integrations_are_there() {
    let mut resources = Vec::new();
    for service in optimized_services().filter_map(optimized) {
        for action in service.actions() {
            resources.extend(Pattern::ALL.into_iter().filter(|p| action.supports(*p)).map(|p| action.resource(p)));
        }
    }
    let count = |suffix: &str| resources.iter().filter(|resource| resource.ends_with(suffix)).count();
    assert_eq!((optimized_services().count(), resources.len()), (21, 105));
    assert_eq!((count(".sync"), count(".sync:2"), count(".waitForTaskToken")), (34, 1, 7));
}

#[test]
fn iam_is_there() {
    let known: Vec<_> = prefixes().filter_map(authorization).collect();
    let actions: usize = known.iter().map(|prefix| prefix.actions().count()).sum();
    let types: usize = known.iter().map(|prefix| prefix.resource_types().count()).sum();
    println!("{} prefixes, {actions} actions, {types} types of resources", known.len());
    assert_eq!(actions as u64, stamp().iam_actions);
    for prefix in known {
        for action in prefix.actions() {
            for (name, _) in action.resource_types() {
                let found = prefix.resource_types().any(|known| known.eq_ignore_ascii_case(name));
                assert!(found, "{}:{} on {name}", prefix.prefix(), action.name());
            }
        }
    }
}

/// Says when somebody has changed a pin or a table and has not made the data again.
#[test]
fn the_data_is_that_of_the_pins() {
    let pins: Json = serde_json::from_str(include_str!("../tables/pins.json")).unwrap();
    let pinned: Vec<_> = pins
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, pin)| (name.clone(), pin["version"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(stamp().packages, pinned, "run scripts/refresh-model");
    let date = &stamp().released;
    assert!(date.len() == 10 && date.starts_with("20"), "{date}");
    let stamp: Json = serde_json::from_str(include_str!("../data/STAMP.json")).unwrap();
    assert_eq!(
        stamp["bytes"].as_u64(),
        Some(include_bytes!("../data/model.bin").len() as u64),
        "run scripts/refresh-model"
    );
    for (name, text) in [
        ("sdk", include_str!("../tables/sdk.json")),
        ("optimized", include_str!("../tables/optimized.json")),
        ("rights", include_str!("../tables/rights.json")),
    ] {
        let fingerprint = text
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |number, byte| (number ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
        assert_eq!(
            stamp["tables"][name],
            format!("{fingerprint:016x}"),
            "tables/{name}.json: run scripts/refresh-model"
        );
    }
}
