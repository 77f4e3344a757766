//! A plan for its reader.

use std::fmt::Write;

use serde_json::Value as Json;
use similar::{ChangeTag, TextDiff};

use super::{Action, Change, Plan};

/// The plan as text: a line a resource, and below it what changes.
#[must_use]
pub fn render(plan: &Plan) -> String {
    let mut text = String::new();
    let (mut create, mut change, mut delete) = (0, 0, 0);
    for step in &plan.steps {
        let sign = match &step.action {
            Action::Create => {
                create += 1;
                '+'
            }
            Action::Update(_) => {
                change += 1;
                '~'
            }
            Action::Delete => {
                delete += 1;
                '-'
            }
        };
        let _ = writeln!(text, "{sign} {:<14} {}", step.key.kind.name(), step.key.name);
        if let Action::Update(changes) = &step.action {
            changes.iter().for_each(|change| render_change(&mut text, change));
        }
    }
    for name in &plan.kept {
        let _ = writeln!(
            text,
            "! state machine  {name} is no longer in the app; `--prune` deletes it and what belongs to it"
        );
    }
    for key in &plan.shared {
        let _ = writeln!(text, "! {:<14} {} stays: other apps may use it", key.kind.name(), key.name);
    }
    if plan.is_empty() {
        let _ = writeln!(text, "no changes: {} resources are as they should be", plan.unchanged);
    } else {
        let _ = writeln!(
            text,
            "\n{create} to create, {change} to change, {delete} to delete, {} unchanged",
            plan.unchanged
        );
    }
    text
}

fn render_change(text: &mut String, Change { attribute, before, after }: &Change) {
    if !before.is_object() && !before.is_array() && !after.is_object() && !after.is_array() {
        let _ = writeln!(text, "    {attribute}: {} → {}", scalar(before), scalar(after));
        return;
    }
    let _ = writeln!(text, "    {attribute}:");
    // The order of keys says nothing, so what was read follows the order of what is wanted.
    let before = format!("{:#}\n", ordered(before, after));
    let after = format!("{after:#}\n");
    let diff = TextDiff::from_lines(&before, &after);
    for (index, group) in diff.grouped_ops(2).iter().enumerate() {
        if index > 0 {
            text.push_str("      ⋮\n");
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            let _ = write!(text, "      {sign} {change}");
        }
    }
}

fn scalar(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        Json::Null => "none".to_owned(),
        other => other.to_string(),
    }
}

/// The value with its keys in the order of another, as far as they agree.
fn ordered(json: &Json, like: &Json) -> Json {
    match (json, like) {
        (Json::Object(fields), Json::Object(like)) => {
            let both = like.keys().filter_map(|key| fields.get_key_value(key));
            let rest = fields.iter().filter(|(key, _)| !like.contains_key(*key));
            both.chain(rest).map(|(k, v)| (k.clone(), ordered(v, like.get(k).unwrap_or(&Json::Null)))).collect()
        }
        (Json::Array(items), Json::Array(like)) => {
            items.iter().enumerate().map(|(i, item)| ordered(item, like.get(i).unwrap_or(&Json::Null))).collect()
        }
        (other, _) => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::plan::Step;
    use crate::resource::{Key, Kind};

    #[test]
    fn a_change_shows_its_lines_and_nothing_else() {
        let before = json!({ "States": { "A": { "Type": "Wait", "Seconds": 1, "End": true } }, "StartAt": "A" });
        let after = json!({ "StartAt": "A", "States": { "A": { "Type": "Wait", "Seconds": 2, "End": true } } });
        let changes = vec![
            Change { attribute: "Definition".into(), before, after },
            Change { attribute: "Tracing".into(), before: json!(false), after: json!(true) },
        ];
        let step = Step { key: Key::new(Kind::StateMachine, "nightly"), action: Action::Update(changes) };
        let text = render(&Plan { steps: vec![step], unchanged: 3, ..Plan::default() });
        let expected = "~ state machine  nightly
    Definition:
            \"A\": {
              \"Type\": \"Wait\",
      -       \"Seconds\": 1,
      +       \"Seconds\": 2,
              \"End\": true
            }
    Tracing: false → true

0 to create, 1 to change, 0 to delete, 3 unchanged
";
        assert_eq!(text, expected);
    }
}
