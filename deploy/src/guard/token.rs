//! [`Token`]: the identity of a permit.

use jiff::Timestamp;

/// Who holds a permit: `start|ARN|generation`, then, where they are needed, `|when a redrive took it|place of the section`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The whole.
    pub text: String,
    /// When the execution started, as the context object writes it.
    pub start: String,
    /// The ARN of the execution.
    pub execution: String,
    /// How often the execution had been redriven; none of an Express execution, which can't be.
    pub generation: Option<u64>,
    /// When a redrive took it.
    pub taken: Option<Timestamp>,
    /// The place of a section, and the item of its Map.
    pub place: Option<String>,
}

impl Token {
    /// Reads a token; one that nobody here wrote is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('|').collect();
        let [start, execution, generation, rest @ ..] = parts.as_slice() else { return None };
        execution.starts_with("arn:").then(|| Self {
            text: text.to_owned(),
            start: (*start).to_owned(),
            execution: (*execution).to_owned(),
            generation: generation.parse().ok(),
            taken: rest.first().and_then(|taken| taken.parse().ok()),
            place: rest.get(1).map(|place| (*place).to_owned()),
        })
    }

    /// The token by which a redrive takes this permit: of the next generation, and like no other.
    #[must_use]
    pub fn for_redrive(&self, generation: u64, now: Timestamp) -> String {
        let Self { start, execution, place, .. } = self;
        let place = place.as_ref().map(|place| format!("|{place}")).unwrap_or_default();
        format!("{start}|{execution}|{generation}|{}{place}", time(now))
    }

    /// Whether it is a permit of the same execution for the same place.
    #[must_use]
    pub fn is_beside(&self, other: &Self) -> bool {
        self.execution == other.execution && self.place == other.place
    }
}

/// A time as the context object writes it.
#[must_use]
pub fn time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// The name of an execution, by its ARN.
#[must_use]
pub fn name(arn: &str) -> &str {
    arn.split(':').nth(7).unwrap_or(arn)
}

/// The name of an execution's state machine, by its ARN.
#[must_use]
pub fn workflow(arn: &str) -> Option<&str> {
    arn.split(':').nth(6)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:states:eu-west-1:111122223333:execution:nightly:run-1";

    #[test]
    fn a_token_is_read_in_all_its_forms() {
        let plain = Token::parse(&format!("2026-01-01T00:00:00.123Z|{ARN}|0")).unwrap();
        assert_eq!((plain.generation, plain.taken, &plain.place), (Some(0), None, &None));
        let section = Token::parse(&format!("2026-01-01T00:00:00.123Z|{ARN}|1||load/3")).unwrap();
        assert_eq!((section.generation, section.taken, section.place.as_deref()), (Some(1), None, Some("load/3")));
        assert!(!plain.is_beside(&section));
        let lease = Token::parse("2026-01-01T00:00:00Z|arn:aws:states:eu-west-1:1:express:e:n:u|5d0c").unwrap();
        assert_eq!(lease.generation, None);
        assert_eq!(Token::parse("something else"), None);
    }

    #[test]
    fn a_redrive_has_a_token_of_its_own_that_begins_as_the_first() {
        let now = "2026-01-02T03:04:05.006Z".parse().unwrap();
        let first = Token::parse(&format!("2026-01-01T00:00:00.000Z|{ARN}|0||load/")).unwrap();
        let taken = first.for_redrive(1, now);
        assert_eq!(taken, format!("2026-01-01T00:00:00.000Z|{ARN}|1|2026-01-02T03:04:05.006Z|load/"));
        let read = Token::parse(&taken).unwrap();
        assert_eq!((read.generation, read.taken), (Some(1), Some(now)));
        assert!(read.is_beside(&first));
    }

    #[test]
    fn an_arn_names_the_execution_and_its_workflow() {
        assert_eq!((name(ARN), workflow(ARN)), ("run-1", Some("nightly")));
    }
}
