//! What the SDK's errors mean to a user.

use std::fmt::Debug;
use std::time::Duration;

use aws_sdk_sts::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};

use crate::error::{Error, Exit};

/// An error of a call as a message with its way out. `doing` completes "can't …".
pub(super) fn refused<E, R>(doing: &str, error: SdkError<E, R>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: Debug + Send + Sync + 'static,
{
    let code = error.code().unwrap_or_default().to_owned();
    let said = error.message().unwrap_or_default().to_owned();
    if !code.is_empty() {
        return by_code(doing, &code, &said);
    }
    let context = DisplayErrorContext(&error).to_string();
    match &error {
        SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) if is_credentials(&context) => no_credentials(doing),
        SdkError::ConstructionFailure(_) if is_credentials(&context) => no_credentials(doing),
        SdkError::TimeoutError(_) => unreachable(doing, "no answer came in time"),
        SdkError::DispatchFailure(failure) if failure.is_io() || failure.is_timeout() => {
            unreachable(doing, &root(&error))
        }
        _ => Error::new(Exit::Refused, format!("can't {doing}: {}", root(&error)), AGAIN),
    }
}

fn by_code(doing: &str, code: &str, said: &str) -> Error {
    let exit = match code {
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => Exit::Permission,
        "ExpiredToken"
        | "ExpiredTokenException"
        | "InvalidClientTokenId"
        | "UnrecognizedClientException"
        | "SignatureDoesNotMatch"
        | "InvalidSignatureException"
        | "IncompleteSignature" => Exit::Credentials,
        "Throttling" | "ThrottlingException" | "TooManyRequestsException" | "RequestLimitExceeded" | "SlowDown" => {
            Exit::Throttled
        }
        _ => Exit::Refused,
    };
    let help = match exit {
        Exit::Permission => "allow it to the identity that deploys, or use another one with `--profile`",
        Exit::Credentials => "log in again (`aws sso login`), or set AWS_PROFILE to credentials that are valid",
        Exit::Throttled => "run the command again in a minute: it goes on where it stopped",
        _ => AGAIN,
    };
    let said = if said.is_empty() { code.to_owned() } else { format!("{said} ({code})") };
    Error::new(exit, format!("can't {doing}: {said}"), help)
}

/// The way out of what only AWS's own words explain.
const AGAIN: &str = "correct what AWS names, and run the command again: it goes on where it stopped";

fn is_credentials(context: &str) -> bool {
    context.contains("CredentialsNotLoaded")
        || context.contains("credentials provider")
        || context.contains("ProviderError")
        || context.contains("no providers in chain")
        || context.contains("InvalidConfiguration")
}

fn no_credentials(doing: &str) -> Error {
    Error::new(
        Exit::Credentials,
        format!("can't {doing}: no AWS credentials were found"),
        "log in (`aws sso login --profile NAME`) and set AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    )
}

fn unreachable(doing: &str, why: &str) -> Error {
    Error::new(
        Exit::Unreachable,
        format!("can't {doing}: AWS can't be reached: {why}"),
        "look at the network, a proxy, the region, and AWS_ENDPOINT_URL if it is set",
    )
}

/// The innermost cause, which says most.
fn root(error: &dyn std::error::Error) -> String {
    let mut at = error;
    while let Some(source) = at.source() {
        at = source;
    }
    at.to_string()
}

/// What AWS says while IAM has not spread a new role or policy yet, or while what was deleted is not gone yet. Just
/// these are worth waiting for: any other refusal stays one.
const NOT_YET: [&str; 6] = [
    "authorized to assume the provided role",
    "authorized to access the Log Destination",
    "authorized to create managed-rule",
    "must allow AWS EventBridge Scheduler to assume the role",
    "is being deleted",
    "currently being deleted",
];

/// How long a call waits for IAM, in all.
const PATIENCE: Duration = Duration::from_secs(60);

/// Repeats a call for up to a minute while AWS says that IAM is not ready.
pub(super) async fn patient<T, F: Future<Output = Result<T, Error>>>(call: impl Fn() -> F) -> Result<T, Error> {
    let mut waited = Duration::ZERO;
    let mut wait = Duration::from_secs(1);
    loop {
        match call().await {
            Err(error) if waited < PATIENCE && NOT_YET.iter().any(|text| error.message.contains(text)) => {
                tokio::time::sleep(wait).await;
                waited += wait;
                wait = (wait * 2).min(Duration::from_secs(8));
            }
            other => return other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_decides_how_the_command_ends() {
        let exit = |code| by_code("create the role `r`", code, "no").exit;
        assert_eq!(exit("AccessDenied"), Exit::Permission);
        assert_eq!(exit("ExpiredToken"), Exit::Credentials);
        assert_eq!(exit("ThrottlingException"), Exit::Throttled);
        assert_eq!(exit("ValidationException"), Exit::Refused);
        let error = by_code("create the role `r`", "AccessDenied", "not authorized to perform: iam:CreateRole");
        assert!(error.message.contains("can't create the role `r`: not authorized to perform: iam:CreateRole"));
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_iam_has_not_spread_yet_is_waited_for() {
        let calls = std::cell::Cell::new(0);
        let slow = || async {
            calls.set(calls.get() + 1);
            let not_yet = "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.";
            if calls.get() < 4 { Err(Error::new(Exit::Permission, not_yet, "")) } else { Ok(()) }
        };
        assert_eq!(patient(slow).await, Ok(()));
        assert_eq!(calls.get(), 4);

        let calls = std::cell::Cell::new(0);
        let denied = || async {
            calls.set(calls.get() + 1);
            Err::<(), _>(Error::new(Exit::Permission, "not authorized to perform: states:CreateStateMachine", ""))
        };
        assert!(patient(denied).await.is_err());
        assert_eq!(calls.get(), 1);
    }
}
