//! Every state of a definition, wherever it stands.

use super::{State, StateMachine};

/// A state with its place.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'a> {
    /// The state's name.
    pub name: &'a str,
    /// The state.
    pub state: &'a State,
    /// A JSON pointer to it, from the whole definition.
    pub pointer: &'a str,
}

impl StateMachine {
    /// Calls `f` with every state, those in branches and item processors included, in the order of the definition.
    ///
    /// ```
    /// use statewright::asl::StateMachine;
    ///
    /// let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Parallel", "End": true, "Branches": [
    ///     {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}]}}}"#;
    /// let mut found = Vec::new();
    /// StateMachine::from_text(text, "a.json")?.walk(&mut |visit| found.push(visit.pointer.to_owned()));
    /// assert_eq!(found, ["/States/A", "/States/A/Branches/0/States/B"]);
    /// # Ok::<(), statewright::diag::Diagnostic>(())
    /// ```
    pub fn walk(&self, f: &mut dyn FnMut(Visit<'_>)) {
        walk(self, "", f);
    }
}

fn walk(machine: &StateMachine, at: &str, f: &mut dyn FnMut(Visit<'_>)) {
    for (name, state) in &machine.states {
        let pointer = format!("{at}/States/{}", name.replace('~', "~0").replace('/', "~1"));
        f(Visit { name, state, pointer: &pointer });
        match &state.kind {
            super::Kind::Parallel(parallel) => {
                for (index, branch) in parallel.branches.iter().flatten().enumerate() {
                    walk(branch, &format!("{pointer}/Branches/{index}"), f);
                }
            }
            super::Kind::Map(map) => {
                if let Some(processor) = map.processor() {
                    let field = if map.item_processor.is_some() { "ItemProcessor" } else { "Iterator" };
                    walk(processor, &format!("{pointer}/{field}"), f);
                }
            }
            _ => {}
        }
    }
}
