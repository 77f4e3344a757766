//! What has to be done: a pure function of what is wanted and what is there.

use serde_json::Value as Json;

use crate::error::{Error, Exit};
use crate::resource::{APP_TAG, Key, Kind, Resources, WORKFLOW_TAG};

pub mod text;

/// What is done to a resource.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// It is not there.
    Create,
    /// It is there and differs.
    Update(Vec<Change>),
    /// It is there and no longer wanted.
    Delete,
}

/// An attribute that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Which, as the AWS API spells it.
    pub attribute: String,
    /// What is there.
    pub before: Json,
    /// What is wanted.
    pub after: Json,
}

/// A step of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The resource.
    pub key: Key,
    /// What is done to it.
    pub action: Action,
}

/// What has to be done, in an order in which it can be done.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The steps: what is created and updated in the order of [`Kind`], then what is deleted.
    pub steps: Vec<Step>,
    /// How many resources are as they are wanted.
    pub unchanged: usize,
    /// Workflows that are there and no longer wanted, and that stay because nobody said otherwise.
    pub kept: Vec<String>,
    /// What is there, is no longer wanted, and stays because other apps may use it.
    pub shared: Vec<Key>,
    /// Why it can't be carried out.
    pub conflicts: Vec<Error>,
}

impl Plan {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// What is to be deleted when it is no longer wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prune {
    /// Schedules, since one that was removed must not fire, and roles that their workflow no longer uses. Workflows
    /// stay, with the history of their executions, and logs stay.
    Schedules,
    /// Everything of the app.
    Everything,
}

/// Compares. `live` holds what is there of what is wanted, and what is there of the app beside that.
#[must_use]
pub fn plan(app: &str, wanted: &Resources, live: &Resources, prune: Prune) -> Plan {
    let mut plan = Plan::default();
    for (key, attributes) in wanted {
        let Some(there) = live.get(key) else {
            plan.steps.push(Step { key: key.clone(), action: Action::Create });
            continue;
        };
        if let Some(owner) = foreign(app, key, there, live) {
            plan.conflicts.push(not_ours(app, key, &owner));
            continue;
        }
        let changes = changes(there, attributes);
        for change in changes.iter().filter(|change| key.kind.fixed().contains(&change.attribute.as_str())) {
            plan.conflicts.push(if key.kind.is_shared() { other_key(key, change) } else { not_in_place(key, change) });
        }
        if changes.is_empty() {
            plan.unchanged += 1;
        } else {
            plan.steps.push(Step { key: key.clone(), action: Action::Update(changes) });
        }
    }
    // A state machine goes last, since by it what belongs to it is found again after an interruption; the group of
    // the schedules goes when it is empty.
    let mut gone: Vec<&Key> = live.keys().filter(|key| !wanted.contains_key(*key)).collect();
    plan.shared = gone.iter().filter(|key| key.kind.is_shared()).map(|key| (*key).clone()).collect();
    gone.retain(|key| !key.kind.is_shared() && foreign(app, key, &live[*key], live).is_none());
    gone.sort_by_key(|key| match key.kind {
        Kind::Schedule => 0,
        Kind::Role => 1,
        Kind::LogGroup => 2,
        Kind::StateMachine => 3,
        Kind::ScheduleGroup | Kind::Table => 4,
    });
    let stays = |key: &Key| {
        let workflow = live[key]["Tags"][WORKFLOW_TAG].as_str().unwrap_or_default();
        wanted.contains_key(&Key::new(Kind::StateMachine, workflow))
    };
    for key in gone {
        // A role that its workflow no longer uses has nothing to lose; a log group has its logs.
        let useless = key.kind == Kind::Schedule || key.kind == Kind::Role && stays(key);
        if prune == Prune::Everything || useless {
            plan.steps.push(Step { key: key.clone(), action: Action::Delete });
        } else if key.kind == Kind::StateMachine {
            plan.kept.push(key.name.clone());
        }
    }
    plan
}

/// To whom a resource belongs, if not to the app.
fn foreign(app: &str, key: &Key, there: &Json, live: &Resources) -> Option<String> {
    if key.kind.is_shared() {
        return None;
    }
    // Schedules have no tags; they belong to whom their group belongs.
    let tagged = match key.kind {
        Kind::Schedule => {
            let group = there["GroupName"].as_str().unwrap_or_default();
            live.get(&Key::new(Kind::ScheduleGroup, group)).unwrap_or(&Json::Null)
        }
        _ => there,
    };
    match tagged["Tags"][APP_TAG].as_str() {
        Some(owner) if owner == app => None,
        Some(owner) => Some(format!("the app `{owner}`")),
        None => Some("something else".to_owned()),
    }
}

fn not_ours(app: &str, key: &Key, owner: &str) -> Error {
    let (kind, name) = (key.kind.name(), &key.name);
    Error::new(
        Exit::Conflict,
        format!("the {kind} `{name}` is there already and belongs to {owner}"),
        format!("rename yours, or, if it is yours, tag it `{APP_TAG}` = `{app}`"),
    )
}

/// The table has been made by somebody who meant something else by it.
fn other_key(key: &Key, change: &Change) -> Error {
    let shown = |json: &Json| -> String {
        let fields: Vec<_> =
            json.as_object().into_iter().flatten().map(|(name, kind)| format!("{name} ({kind})")).collect();
        fields.join(", ").replace('"', "")
    };
    let name = &key.name;
    Error::new(
        Exit::Conflict,
        format!(
            "the guard expected a table `{name}` with the key {}, found one with the key {}",
            shown(&change.after),
            shown(&change.before)
        ),
        "name another table with `.guard_table(\"…\")` on the app: it is created",
    )
}

fn not_in_place(key: &Key, change: &Change) -> Error {
    let Change { attribute, before, after } = change;
    let (kind, name) = (key.kind.name(), &key.name);
    Error::new(
        Exit::Conflict,
        format!(
            "`{attribute}` of the {kind} `{name}` is {before} and should be {after}, which AWS can't change in place"
        ),
        "give the workflow another name, or delete the resource first",
    )
}

fn changes(there: &Json, wanted: &Json) -> Vec<Change> {
    let fields = |json: &Json| json.as_object().cloned().unwrap_or_default();
    let (there, wanted) = (fields(there), fields(wanted));
    let mut names: Vec<&String> = wanted.keys().collect();
    names.extend(there.keys().filter(|name| !wanted.contains_key(*name)));
    let value = |fields: &serde_json::Map<String, Json>, name: &String| fields.get(name).cloned().unwrap_or_default();
    let before = |name: &String| match (name.as_str(), value(&there, name)) {
        // Tags that somebody else has added stay.
        ("Tags", Json::Object(mut tags)) => {
            tags.retain(|key, _| wanted["Tags"].get(key).is_some());
            Json::Object(tags)
        }
        (_, other) => other,
    };
    names
        .into_iter()
        .map(|name| Change { attribute: name.clone(), before: before(name), after: value(&wanted, name) })
        .filter(|change| change.before != change.after)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn owned(mut attributes: Json) -> Json {
        attributes["Tags"] = json!({ APP_TAG: "shop" });
        attributes
    }

    fn resources<const N: usize>(all: [(Kind, &str, Json); N]) -> Resources {
        all.into_iter().map(|(kind, name, attributes)| (Key::new(kind, name), attributes)).collect()
    }

    #[test]
    fn what_is_the_same_is_left_alone() {
        let same = resources([(Kind::StateMachine, "a", owned(json!({ "Type": "STANDARD", "Tracing": false })))]);
        let found = plan("shop", &same, &same, Prune::Everything);
        assert!(found.is_empty() && found.unchanged == 1);
    }

    #[test]
    fn resources_are_created_before_those_that_need_them_and_deleted_after_them() {
        let all = resources([
            (Kind::Schedule, "s", json!({ "GroupName": "shop" })),
            (Kind::ScheduleGroup, "shop", owned(json!({}))),
            (Kind::StateMachine, "m", owned(json!({}))),
            (Kind::Role, "r", owned(json!({}))),
        ]);
        let kinds = |plan: &Plan| plan.steps.iter().map(|step| step.key.kind).collect::<Vec<_>>();
        let created = plan("shop", &all, &Resources::new(), Prune::Schedules);
        assert_eq!(kinds(&created), [Kind::ScheduleGroup, Kind::Role, Kind::StateMachine, Kind::Schedule]);
        let deleted = plan("shop", &Resources::new(), &all, Prune::Everything);
        assert_eq!(kinds(&deleted), [Kind::Schedule, Kind::Role, Kind::StateMachine, Kind::ScheduleGroup]);
        let pruned = plan("shop", &Resources::new(), &all, Prune::Schedules);
        assert_eq!(kinds(&pruned), [Kind::Schedule]);
        assert_eq!(pruned.kept, ["m"]);
    }

    #[test]
    fn what_is_not_ours_is_a_conflict_and_is_never_touched() {
        let wanted = resources([(Kind::Role, "r", owned(json!({ "Path": "/" })))]);
        let live = resources([
            (Kind::Role, "r", json!({ "Path": "/", "Tags": { APP_TAG: "other" } })),
            (Kind::Role, "old", json!({ "Tags": {} })),
        ]);
        let found = plan("shop", &wanted, &live, Prune::Everything);
        assert!(found.is_empty());
        assert_eq!(found.conflicts[0].message, "the role `r` is there already and belongs to the app `other`");
    }

    #[test]
    fn a_role_that_its_workflow_no_longer_uses_goes_and_its_logs_stay() {
        let tagged = || json!({ "Tags": { APP_TAG: "shop", WORKFLOW_TAG: "m" } });
        let wanted = resources([(Kind::StateMachine, "m", tagged())]);
        let live = resources([
            (Kind::StateMachine, "m", tagged()),
            (Kind::Role, "m-scheduler", tagged()),
            (Kind::LogGroup, "m-logs", tagged()),
        ]);
        let names = |prune| -> Vec<String> {
            plan("shop", &wanted, &live, prune).steps.into_iter().map(|step| step.key.name).collect()
        };
        assert_eq!(names(Prune::Schedules), ["m-scheduler"]);
        assert_eq!(names(Prune::Everything), ["m-scheduler", "m-logs"]);
    }

    fn table(key: &str, protected: bool) -> Resources {
        let attributes = json!({ "Key": { key: "S" }, "TtlAttribute": "ttl", "DeletionProtectionEnabled": protected });
        resources([(Kind::Table, "statewright-guard", attributes)])
    }

    #[test]
    fn the_table_of_the_guard_is_nobodys_and_stays() {
        let wanted = table("pk", true);
        let created = plan("shop", &wanted, &Resources::new(), Prune::Schedules);
        assert_eq!(created.steps[0].action, Action::Create);
        // Whoever made it.
        let again = plan("other", &wanted, &wanted, Prune::Everything);
        assert!(again.is_empty() && again.conflicts.is_empty() && again.unchanged == 1);
        let gone = plan("shop", &Resources::new(), &wanted, Prune::Everything);
        assert!(gone.is_empty());
        assert_eq!(gone.shared, [Key::new(Kind::Table, "statewright-guard")]);
        let unprotected = plan("shop", &wanted, &table("pk", false), Prune::Schedules);
        let Action::Update(changes) = &unprotected.steps[0].action else { panic!("{unprotected:?}") };
        assert_eq!(
            changes.iter().map(|change| change.attribute.as_str()).collect::<Vec<_>>(),
            ["DeletionProtectionEnabled"]
        );
    }

    #[test]
    fn a_table_with_another_key_is_a_conflict_with_a_way_out() {
        let found = plan("shop", &table("pk", true), &table("id", true), Prune::Schedules);
        let [conflict] = found.conflicts.as_slice() else { panic!("{found:?}") };
        assert_eq!(
            conflict.message,
            "the guard expected a table `statewright-guard` with the key pk (S), found one with the key id (S)"
        );
        assert!(conflict.help.contains(".guard_table("));
    }

    #[test]
    fn what_aws_can_not_change_is_a_conflict() {
        let wanted = resources([(Kind::StateMachine, "m", owned(json!({ "Type": "EXPRESS" })))]);
        let live = resources([(Kind::StateMachine, "m", owned(json!({ "Type": "STANDARD" })))]);
        let found = plan("shop", &wanted, &live, Prune::Schedules);
        assert_eq!(found.conflicts.len(), 1);
        assert!(found.conflicts[0].message.contains("can't change in place"));
    }
}
