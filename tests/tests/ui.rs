//! What rustc and the macros say about the mistakes that people make. `TRYBUILD=overwrite cargo test --test ui` takes
//! over what was meant to change.

#[test]
fn mistakes_are_explained() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
