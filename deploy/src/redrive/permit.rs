//! The protocol by which a redrive takes a permit before it lets the execution go on.
//!
//! 1. A token of the next generation, which no other attempt has, is added: if a permit is free, or if the execution has
//!    one of its own there.
//! 2. The execution is redriven, within five minutes: after fifteen, others take the token for one that nobody uses.
//! 3. If it was, its older tokens go. If it was refused, the new one goes, and the older ones are where they were: a
//!    permit that is held after a failure stays held. If nobody knows, all of them stay, and the next run that wants the
//!    permit finds out.
//!
//! At each moment a token of the generation that runs, or of a later one, is there.

use std::time::Duration;

use jiff::Timestamp;
use statewright::name::sha256;

use super::held::Held;
use crate::aws::{Answer, Aws, Item, Look};
use crate::error::{Error, Exit, Result};
use crate::guard::standing::Standing;
use crate::guard::token::{self, Token};

/// How old a token may be when the execution is redriven.
const HASTE: Duration = Duration::from_secs(5 * 60);

/// The calls that the protocol makes.
pub(crate) trait Permits {
    async fn item(&self, held: &Held) -> Result<Item>;
    async fn take(&self, held: &Held, token: &str, own: &[String]) -> Result<bool>;
    async fn give_back(&self, held: &Held, tokens: &[String]) -> Result<()>;
    async fn look(&self, arn: &str) -> Result<Option<Look>>;
    async fn redrive(&self, arn: &str, client_token: Option<&str>) -> Answer;
    fn now(&self) -> Timestamp;
}

impl Permits for Aws {
    async fn item(&self, held: &Held) -> Result<Item> {
        self.lock(&held.table, &held.key).await
    }

    async fn take(&self, held: &Held, token: &str, own: &[String]) -> Result<bool> {
        self.take(&held.table, &held.key, token, held.limit, own).await
    }

    async fn give_back(&self, held: &Held, tokens: &[String]) -> Result<()> {
        self.give_back(&held.table, &held.key, tokens).await
    }

    async fn look(&self, arn: &str) -> Result<Option<Look>> {
        self.look(arn).await
    }

    async fn redrive(&self, arn: &str, client_token: Option<&str>) -> Answer {
        self.redrive(arn, client_token).await
    }

    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// What this attempt has taken.
struct Taken<'h> {
    held: &'h Held,
    token: String,
    /// The older tokens of the same execution that were there.
    own: Vec<String>,
}

/// Takes the permits, and redrives.
pub(crate) async fn redrive(aws: &impl Permits, arn: &str, generation: u64, held: &[Held]) -> Result<()> {
    let begin = aws.now();
    let mut taken: Vec<Taken<'_>> = Vec::new();
    for held in held {
        let token = held.token.for_redrive(generation, begin);
        let item = aws.item(held).await?;
        let is_own = |text: &&String| Token::parse(text).is_some_and(|other| other.is_beside(&held.token));
        let own: Vec<String> = item.holders.iter().filter(is_own).cloned().collect();
        match aws.take(held, &token, &own).await {
            Ok(true) => taken.push(Taken { held, token, own }),
            Ok(false) => {
                undo(aws, &taken).await?;
                return Err(is_held(aws, held, &item).await);
            }
            Err(error) => {
                undo(aws, &taken).await?;
                return Err(error);
            }
        }
    }
    // A laptop may have slept.
    if aws.now().duration_since(begin).unsigned_abs() > HASTE {
        undo(aws, &taken).await?;
        let message = "more than five minutes went by between taking the permit and redriving: it is given back";
        return Err(Error::new(Exit::Refused, message, "run the command again"));
    }
    // At most 64 characters.
    let client_token = taken.first().map(|first| sha256(&first.token));
    match aws.redrive(arn, client_token.as_deref()).await {
        Answer::Redriven => {
            for Taken { held, own, .. } in &taken {
                aws.give_back(held, own).await?;
            }
            Ok(())
        }
        Answer::Refused(error) => {
            undo(aws, &taken).await?;
            Err(error)
        }
        Answer::Unknown(mut error) => {
            error.message += "; it may have been redriven all the same, so its permit is kept";
            "look at it with `statewright guard status`, and run the command again if it has not"
                .clone_into(&mut error.help);
            Err(error)
        }
    }
}

async fn undo(aws: &impl Permits, taken: &[Taken<'_>]) -> Result<()> {
    for Taken { held, token, .. } in taken {
        aws.give_back(held, std::slice::from_ref(token)).await?;
    }
    Ok(())
}

/// Somebody else has the permit.
async fn is_held(aws: &impl Permits, held: &Held, item: &Item) -> Error {
    let mut holders = Vec::new();
    for token in item.holders.iter().filter_map(|text| Token::parse(text)) {
        // What can't be found out is left out.
        let look = aws.look(&token.execution).await.unwrap_or_default();
        let standing = Standing::of(&token, look.as_ref(), held.holds_after_failure, aws.now());
        let workflow = token::workflow(&token.execution).unwrap_or_default();
        let name = token::name(&token.execution);
        holders.push(format!("{workflow}:{name}, since {}, which {}", token.start, standing.shown()));
    }
    let by = if holders.is_empty() { "somebody else".to_owned() } else { holders.join("; ") };
    Error::new(
        Exit::Conflict,
        format!("the lock `{}` is held by {by}", held.key),
        "wait until it has given its permit back, or, if it has ended, use `statewright guard unlock`; then run this again",
    )
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;

    const ARN: &str = "arn:aws:states:eu-west-1:1:execution:w:one";
    const OTHER: &str = "2026-01-01T00:00:00.000Z|arn:aws:states:eu-west-1:1:execution:w:two|0";
    const NEW: &str = "2026-01-01T00:00:00.000Z|arn:aws:states:eu-west-1:1:execution:w:one|1|2026-01-02T00:00:00.000Z";

    /// A lock for one, and an execution.
    struct Fake {
        holders: RefCell<Vec<String>>,
        answer: Answer,
        /// So many seconds each look at the clock takes.
        slow: i64,
        clock: Cell<i64>,
        calls: RefCell<Vec<String>>,
    }

    impl Fake {
        fn new(holders: &[&str], answer: Answer) -> Self {
            let holders = holders.iter().map(|&token| token.to_owned()).collect();
            let clock = "2026-01-02T00:00:00Z".parse::<Timestamp>().unwrap().as_second();
            Self { holders: RefCell::new(holders), answer, slow: 0, clock: Cell::new(clock), calls: RefCell::default() }
        }

        fn told(&self, call: &str) {
            self.calls.borrow_mut().push(call.to_owned());
        }

        async fn redrive(&self) -> Result<()> {
            redrive(self, ARN, 1, &[held()]).await
        }
    }

    impl Permits for Fake {
        async fn item(&self, held: &Held) -> Result<Item> {
            Ok(Item { key: held.key.clone(), holders: self.holders.borrow().clone(), ..Item::default() })
        }

        async fn take(&self, held: &Held, token: &str, own: &[String]) -> Result<bool> {
            self.told("take");
            let mut holders = self.holders.borrow_mut();
            let free = holders.len() < held.limit as usize || own.iter().any(|own| holders.contains(own));
            if free {
                holders.push(token.to_owned());
            }
            Ok(free)
        }

        async fn give_back(&self, _: &Held, tokens: &[String]) -> Result<()> {
            self.told("give back");
            self.holders.borrow_mut().retain(|holder| !tokens.contains(holder));
            Ok(())
        }

        async fn look(&self, _: &str) -> Result<Option<Look>> {
            Ok(Some(Look { status: "RUNNING".into(), redrives: 0, redrive_status: None, redrive_reason: None }))
        }

        async fn redrive(&self, _: &str, client_token: Option<&str>) -> Answer {
            self.told(if client_token.is_some_and(|token| token.len() == 64) { "redrive" } else { "plain redrive" });
            self.answer.clone()
        }

        fn now(&self) -> Timestamp {
            let now = self.clock.get();
            self.clock.set(now + self.slow);
            Timestamp::from_second(now).unwrap()
        }
    }

    fn old() -> String {
        format!("2026-01-01T00:00:00.000Z|{ARN}|0")
    }

    fn held() -> Held {
        Held {
            table: "t".into(),
            key: "workflow:w".into(),
            limit: 1,
            holds_after_failure: false,
            token: Token::parse(&old()).unwrap(),
        }
    }

    fn no() -> Error {
        Error::new(Exit::Permission, "no", "")
    }

    #[tokio::test]
    async fn the_permit_is_taken_first_and_the_old_token_goes_last() {
        let fake = Fake::new(&[&old()], Answer::Redriven);
        fake.redrive().await.unwrap();
        assert_eq!(*fake.calls.borrow(), ["take", "redrive", "give back"]);
        assert_eq!(*fake.holders.borrow(), [NEW]);
        // It had been taken away, and nobody else came.
        let fake = Fake::new(&[], Answer::Redriven);
        fake.redrive().await.unwrap();
        assert_eq!(*fake.holders.borrow(), [NEW]);
    }

    #[tokio::test]
    async fn who_holds_the_lock_is_named_and_nothing_changes() {
        let fake = Fake::new(&[OTHER], Answer::Redriven);
        let error = fake.redrive().await.unwrap_err();
        assert_eq!(error.exit, Exit::Conflict);
        assert_eq!(error.message, "the lock `workflow:w` is held by w:two, since 2026-01-01T00:00:00.000Z, which runs");
        assert_eq!(
            (fake.calls.borrow().as_slice(), fake.holders.borrow().as_slice()),
            (&["take".to_owned()][..], &[OTHER.to_owned()][..])
        );
    }

    #[tokio::test]
    async fn a_refusal_leaves_things_as_they_were() {
        let fake = Fake::new(&[&old()], Answer::Refused(no()));
        assert_eq!(fake.redrive().await, Err(no()));
        assert_eq!(*fake.holders.borrow(), [old()]);
    }

    #[tokio::test]
    async fn what_nobody_knows_keeps_the_permit() {
        let fake = Fake::new(&[&old()], Answer::Unknown(no()));
        let error = fake.redrive().await.unwrap_err();
        assert!(error.message.contains("may have been redriven"));
        assert_eq!(*fake.holders.borrow(), [old(), NEW.to_owned()]);
    }

    #[tokio::test]
    async fn who_was_too_slow_gives_up() {
        let fake = Fake { slow: 301, ..Fake::new(&[], Answer::Redriven) };
        assert!(fake.redrive().await.unwrap_err().message.contains("five minutes"));
        assert_eq!(*fake.calls.borrow(), ["take", "give back"]);
        assert!(fake.holders.borrow().is_empty());
    }

    #[tokio::test]
    async fn who_never_entered_is_redriven_without_a_permit() {
        let fake = Fake::new(&[OTHER], Answer::Redriven);
        redrive(&fake, ARN, 1, &[]).await.unwrap();
        assert_eq!(*fake.calls.borrow(), ["plain redrive"]);
    }

    #[tokio::test]
    async fn of_several_permits_all_or_none_are_taken() {
        let fake = Fake::new(&[&old()], Answer::Redriven);
        let second = Held { key: "z".into(), token: Token::parse(OTHER).unwrap(), limit: 1, ..held() };
        // The fake has one item for both: the second permit is another execution's, and taken.
        fake.holders.borrow_mut().push("2026|arn:x|0".into());
        let second = Held { token: Token { place: Some("p/".into()), ..second.token }, ..second };
        assert_eq!(redrive(&fake, ARN, 1, &[held(), second]).await.unwrap_err().exit, Exit::Conflict);
        assert_eq!(*fake.holders.borrow(), [old(), "2026|arn:x|0".to_owned()]);
    }
}
