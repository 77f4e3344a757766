//! The names of errors, as a Retrier or a Catcher has to spell them.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html>

use crate::action::Action;
use crate::nearest::nearest;

/// What an error name in a Retrier or a Catcher of a Task stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorName {
    /// The API lists it for the action, or every call can end with it.
    Listed,
    /// Nothing speaks against it: services raise errors that they don't list.
    Possible,
    /// It never matches; what does.
    Misspelled(String),
}

impl Action {
    /// What an error name stands for on a Task that calls this. Step Functions spells a quarter of the errors otherwise than
    /// the API does, and two services otherwise in their optimized integration.
    ///
    /// ```
    /// use statewright_model::{ErrorName, optimized, service};
    ///
    /// let stop = service("rds").and_then(|rds| rds.action("stopDBInstance")).expect("an action");
    /// assert_eq!(stop.error("Rds.DbInstanceNotFoundException"), ErrorName::Listed);
    /// let right = ErrorName::Misspelled("Rds.DbInstanceNotFoundException".into());
    /// assert_eq!(stop.error("Rds.DBInstanceNotFoundFault"), right);
    ///
    /// let put = optimized("dynamodb").and_then(|dynamodb| dynamodb.action("putItem")).expect("an action");
    /// let right = ErrorName::Misspelled("DynamoDB.ConditionalCheckFailedException".into());
    /// assert_eq!(put.error("DynamoDb.ConditionalCheckFailedException"), right);
    /// ```
    #[must_use]
    pub fn error(&self, name: &str) -> ErrorName {
        let service = self.service();
        let Some((prefix, short)) = name.rsplit_once('.').filter(|_| !name.starts_with("States.")) else {
            return ErrorName::Possible;
        };
        let listed: Vec<_> = self.errors().collect();
        if listed.iter().any(|listed| listed == name) {
            return ErrorName::Listed;
        }
        if service.is_prefix_guessed() || !prefix.eq_ignore_ascii_case(service.prefix()) {
            return ErrorName::Possible;
        }
        let right = service.prefix();
        let base = [format!("{right}Exception"), "SdkClientException".to_owned()];
        if prefix == right && base.iter().any(|base| base == short) {
            return ErrorName::Listed;
        }
        if let Some((spelled, _)) =
            service.errors().find(|(spelled, api)| *api == short || spelled.eq_ignore_ascii_case(short))
        {
            let spelled = format!("{right}.{spelled}");
            return if spelled == name { ErrorName::Possible } else { ErrorName::Misspelled(spelled) };
        }
        if prefix != right {
            return ErrorName::Misspelled(format!("{right}.{short}"));
        }
        match nearest(name, listed.iter().map(String::as_str)).filter(|near| near.len().abs_diff(name.len()) < 3) {
            Some(near) => ErrorName::Misspelled(near.to_owned()),
            None => ErrorName::Possible,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service;

    #[test]
    fn what_is_not_listed_may_still_be_raised() {
        let start = service("ec2").and_then(|ec2| ec2.action("startInstances")).unwrap();
        assert_eq!(start.error("Ec2.Ec2Exception"), ErrorName::Listed);
        assert_eq!(start.error("States.Timeout"), ErrorName::Possible);
        assert_eq!(start.error("Orders.NotFound"), ErrorName::Possible);
        assert_eq!(start.error("EC2.Ec2Exception"), ErrorName::Misspelled("Ec2.Ec2Exception".into()));
    }

    #[test]
    fn a_slip_of_the_finger_is_found() {
        let get = service("dynamodb").and_then(|dynamodb| dynamodb.action("getItem")).unwrap();
        let right = ErrorName::Misspelled("DynamoDb.ResourceNotFoundException".into());
        assert_eq!(get.error("DynamoDb.ResourceNotFoundExeption"), right);
        assert_eq!(get.error("DynamoDb.TransactionCanceledException"), ErrorName::Possible);
    }
}
