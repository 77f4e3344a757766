//! Needs as policies: merged, sorted, and split where IAM's limits want it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexSet;
use serde_json::Value as Json;

use super::Need;
use crate::bundle::{Policy, PolicyDocument, REGION, Statement};
use crate::name;

/// Inline policies of a role together, white space not counted.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
const INLINE_LIMIT: usize = 10_240;
/// One managed policy, white space not counted.
const MANAGED_LIMIT: usize = 6_144;
/// What is around the statements of a document.
const FRAME: usize = 48;

/// The policies of a role: one inline policy, or managed ones if that is too large.
pub(crate) fn policies(workflow: &str, role: &str, needs: Vec<Need>) -> Vec<Policy> {
    let merged = merge(needs);
    if merged.is_empty() {
        return Vec::new();
    }
    let total: usize = merged.iter().map(|(statement, _)| size(statement)).sum();
    if total + FRAME <= INLINE_LIMIT {
        return vec![policy(role.to_owned(), false, merged)];
    }
    let mut groups: Vec<Vec<Reasoned>> = vec![Vec::new()];
    let mut used = FRAME;
    for (statement, reasons) in merged.into_iter().flat_map(split) {
        let more = size(&statement);
        if used + more > MANAGED_LIMIT && used > FRAME {
            groups.push(Vec::new());
            used = FRAME;
        }
        used += more;
        if let Some(group) = groups.last_mut() {
            group.push((statement, reasons));
        }
    }
    let name = |number: usize| format!("{}-{role}-{number}-{REGION}", name::shorten(workflow, 80));
    groups.into_iter().enumerate().map(|(index, group)| policy(name(index + 1), true, group)).collect()
}

type Reasoned = (Statement, Vec<String>);

/// One statement for each set of actions under a condition, with the resources of all.
fn merge(needs: Vec<Need>) -> Vec<Reasoned> {
    #[derive(Default)]
    struct Merged {
        resources: BTreeSet<String>,
        reasons: IndexSet<String>,
        condition: Option<Json>,
    }
    // JSON has no order, but its text has one.
    let mut merged: BTreeMap<(&str, Vec<Cow<'static, str>>, String), Merged> = BTreeMap::new();
    for Need { sid, mut actions, resources, condition, reason } in needs {
        actions.sort_unstable();
        let key = (sid, actions, condition.as_ref().map(Json::to_string).unwrap_or_default());
        let found = merged.entry(key).or_default();
        found.resources.extend(resources);
        found.condition = condition;
        found.reasons.insert(reason);
    }
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    let mut statements = Vec::new();
    for ((sid, actions, _), Merged { resources, reasons, condition }) in merged {
        let number = numbers.entry(sid).and_modify(|n| *n += 1).or_insert(1);
        let statement = Statement {
            sid: if *number == 1 { sid.to_owned() } else { format!("{sid}{number}") },
            effect: "Allow".to_owned(),
            principal: None,
            action: actions.into_iter().map(Cow::into_owned).collect(),
            resource: covered(resources),
            condition,
        };
        statements.push((statement, reasons.into_iter().collect()));
    }
    statements
}

/// Without the resources that a pattern among them names already.
fn covered(resources: BTreeSet<String>) -> Vec<String> {
    let patterns: Vec<String> = resources.iter().filter_map(|r| r.strip_suffix('*')).map(str::to_owned).collect();
    let is_covered = |resource: &String| {
        patterns.iter().any(|prefix| resource.starts_with(prefix) && resource.strip_suffix('*') != Some(prefix))
    };
    resources.iter().filter(|resource| !is_covered(resource)).cloned().collect()
}

/// A statement that is too large for a policy of its own becomes several.
fn split((statement, reasons): Reasoned) -> Vec<Reasoned> {
    if size(&statement) + FRAME <= MANAGED_LIMIT || statement.resource.len() < 2 {
        return vec![(statement, reasons)];
    }
    let (first, second) = statement.resource.split_at(statement.resource.len() / 2);
    let half = |letter: char, resources: &[String]| {
        let half =
            Statement { sid: format!("{}{letter}", statement.sid), resource: resources.to_vec(), ..statement.clone() };
        split((half, reasons.clone()))
    };
    [half('A', first), half('B', second)].concat()
}

fn policy(policy_name: String, managed: bool, statements: Vec<Reasoned>) -> Policy {
    let reasons = statements.iter().map(|(statement, reasons)| (statement.sid.clone(), reasons.clone())).collect();
    let statement = statements.into_iter().map(|(statement, _)| statement).collect();
    let policy_document = PolicyDocument { version: "2012-10-17".to_owned(), statement };
    Policy { policy_name, managed, policy_document, reasons }
}

/// Characters of a statement, where account, region and partition are filled in.
fn size(statement: &Statement) -> usize {
    // The symbols are as long as the longest that stands for them, or longer: `${AWS::Region}` is `ap-southeast-2`.
    serde_json::to_string(statement).map_or(0, |text| text.len()) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(sid: &'static str, action: &'static str, resource: &str, reason: &str) -> Need {
        let resources = vec![resource.to_owned()];
        Need { sid, actions: vec![action.into()], resources, condition: None, reason: reason.to_owned() }
    }

    #[test]
    fn needs_of_one_kind_become_one_statement() {
        let found = policies(
            "w",
            "execution",
            vec![
                need("SnsPublish", "sns:Publish", "arn:b", "`B`"),
                need("GlueJobRuns", "glue:GetJobRun", "arn:j", "`J`"),
                need("SnsPublish", "sns:Publish", "arn:a", "`A`"),
                need("SnsPublish", "sns:Publish", "arn:a", "`B`"),
            ],
        );
        let [policy] = &found[..] else { panic!("one policy") };
        let statements: Vec<_> =
            policy.policy_document.statement.iter().map(|s| (s.sid.as_str(), s.resource.clone())).collect();
        assert_eq!(
            statements,
            [("GlueJobRuns", vec!["arn:j".to_owned()]), ("SnsPublish", vec!["arn:a".into(), "arn:b".into()])]
        );
        assert_eq!(policy.reasons["SnsPublish"], ["`B`", "`A`"]);
        assert!(!policy.managed);
    }

    #[test]
    fn a_pattern_covers_what_it_names() {
        let resources = ["arn:x:job/*", "arn:x:job/a", "arn:x:queue/a"].map(str::to_owned);
        assert_eq!(covered(resources.into()), ["arn:x:job/*", "arn:x:queue/a"]);
    }

    #[test]
    fn what_is_too_large_is_split_into_managed_policies() {
        let topic = |n: usize| format!("arn:aws:sns:ap-southeast-2:123456789012:a-rather-long-name-for-a-topic-{n:04}");
        let needs = (0..400).map(|n| need("SnsPublish", "sns:Publish", &topic(n), "`A`")).collect();
        let found = policies("nightly", "execution", needs);
        assert!(found.len() > 1);
        let mut resources = 0;
        for policy in &found {
            assert!(policy.managed);
            let text = serde_json::to_string(&policy.policy_document).unwrap();
            assert!(text.len() <= MANAGED_LIMIT, "{}", text.len());
            resources += policy.policy_document.statement.iter().map(|s| s.resource.len()).sum::<usize>();
        }
        assert_eq!(resources, 400);
        assert_eq!(found[0].policy_name, format!("nightly-execution-1-{REGION}"));
    }
}
