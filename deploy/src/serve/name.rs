//! Names and ARNs of what Step Functions has.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html>

use super::refusal::{Answer, Refusal};

/// A name of a state machine, an execution or an activity, as the API takes it.
pub(super) fn check(name: &str) -> Answer<()> {
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || "<>{}[]?*\"#%\\^|~`$&,;:/".contains(c);
    if name.is_empty() || name.chars().count() > 80 || name.contains(forbidden) {
        return Err(Refusal::new("InvalidName", format!("Invalid Name: '{name}'")));
    }
    Ok(())
}

/// A name of an alias: it can't be taken for the number of a version.
pub(super) fn check_alias(name: &str) -> Answer<()> {
    let valid = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let number = name.chars().all(|c| c.is_ascii_digit());
    if name.len() > 80 || number || !name.chars().all(valid) {
        return Err(Refusal::new("InvalidName", format!("Invalid Name: '{name}'")));
    }
    Ok(())
}

/// The parts of an ARN of Step Functions behind its kind, if that is one of these.
fn parts<'a>(arn: &'a str, kinds: &[&str]) -> Answer<Vec<&'a str>> {
    let parts: Vec<&str> = arn.split(':').collect();
    match parts.as_slice() {
        ["arn", _, "states", _, _, kind, rest @ ..] => {
            if !kinds.contains(kind) {
                return Err(Refusal::arn(format!("Resource type not valid in this context: {kind}")));
            }
            if rest.iter().any(|part| part.is_empty()) {
                return Err(Refusal::arn(arn));
            }
            Ok(rest.to_vec())
        }
        _ => Err(Refusal::arn(format!("Invalid ARN prefix: {arn}"))),
    }
}

/// The ARN of a state machine, and the version or alias behind it.
pub(super) fn machine(arn: &str) -> Answer<(&str, Option<&str>)> {
    match parts(arn, &["stateMachine"])?.as_slice() {
        [_] => Ok((arn, None)),
        [_, qualifier] => {
            Ok((arn.strip_suffix(qualifier).and_then(|arn| arn.strip_suffix(':')).unwrap_or(arn), Some(qualifier)))
        }
        _ => Err(Refusal::arn(arn)),
    }
}

/// The ARN of a state machine itself.
pub(super) fn unqualified(arn: &str) -> Answer<&str> {
    match machine(arn)? {
        (arn, None) => Ok(arn),
        (_, Some(_)) => Err(Refusal::validation("the ARN of a version or an alias is not accepted here")),
    }
}

/// The ARN of a state machine, and a version or alias that must be there.
pub(super) fn qualified(arn: &str) -> Answer<(&str, &str)> {
    match machine(arn)? {
        (machine, Some(qualifier)) => Ok((machine, qualifier)),
        (_, None) => Err(Refusal::arn(format!("expected the ARN of a version or an alias, found {arn}"))),
    }
}

/// The ARN of an execution of a Standard workflow: the API tells nothing of those of Express ones.
pub(super) fn execution(arn: &str) -> Answer<&str> {
    if parts(arn, &["execution"])?.len() == 2 { Ok(arn) } else { Err(Refusal::arn(arn)) }
}

/// The ARN of an activity.
pub(super) fn activity(arn: &str) -> Answer<&str> {
    if parts(arn, &["activity"])?.len() == 1 { Ok(arn) } else { Err(Refusal::arn(arn)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:nightly";

    #[test]
    fn names_have_no_blanks_and_no_wildcards() {
        assert!(check("nightly-2026.01.01_1+é").is_ok());
        for name in ["", "a b", "a*", "a:b", "a\u{7}", &"x".repeat(81)] {
            assert_eq!(check(name).unwrap_err().kind, "InvalidName", "{name:?}");
        }
        assert!(check_alias("PROD.1").is_ok() && check_alias("12").is_err() && check_alias("").is_err());
    }

    #[test]
    fn a_version_or_an_alias_stands_behind_the_state_machine() {
        assert_eq!(machine(MACHINE), Ok((MACHINE, None)));
        assert_eq!(machine(&format!("{MACHINE}:7")), Ok((MACHINE, Some("7"))));
        assert_eq!(machine(&format!("{MACHINE}:nightly")), Ok((MACHINE, Some("nightly"))));
        for wrong in ["nightly", "arn:aws:states:us-east-1:123456789012:activity:a", "arn:aws:sns:a:b:stateMachine:c"] {
            assert_eq!(machine(wrong).unwrap_err().kind, "InvalidArn", "{wrong}");
        }
        assert_eq!(execution("arn:aws:states:a:1:express:m:n:i").unwrap_err().kind, "InvalidArn");
    }
}
