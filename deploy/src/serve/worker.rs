//! The thread on which the account lives: a world can't be shared.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;

use serde_json::json;
use statewright_simulate::mock::MockFile;
use statewright_simulate::world::ACCOUNT;

use super::account::{Account, Reply};
use super::input::Input;
use super::refusal::Refusal;

/// A request.
#[derive(Debug)]
pub(super) struct Job {
    pub operation: String,
    pub input: Input,
    pub reply: Reply,
}

/// A definition that is there from the start.
pub(super) struct Given {
    pub name: String,
    pub definition: String,
}

/// Starts the thread, which ends when nobody can send a request any more. Gives the name of the definition that is
/// refused, with the reason.
pub(super) fn start(
    region: String,
    given: Vec<Given>,
    mocks: Option<MockFile>,
) -> Result<Sender<Job>, (String, Refusal)> {
    let (jobs, received) = channel();
    let (ready, begun) = channel();
    // As large as that of the main thread: expressions may be deep.
    let builder = thread::Builder::new().name("account".to_owned()).stack_size(8 << 20);
    let spawned = builder.spawn(move || {
        let mut account = Account::new(region, mocks);
        let refused =
            given.into_iter().find_map(|given| create(&mut account, &given).err().map(|why| (given.name, why)));
        let go_on = refused.is_none();
        // Whoever started this waits for it.
        let _ = ready.send(refused);
        if go_on {
            work(&mut account, &received);
        }
    });
    let failed = |why: String| (String::new(), Refusal::new("InternalFailure", why));
    spawned.map_err(|error| failed(error.to_string()))?;
    match begun.recv() {
        Ok(None) => Ok(jobs),
        Ok(Some(refused)) => Err(refused),
        Err(error) => Err(failed(error.to_string())),
    }
}

fn create(account: &mut Account, given: &Given) -> Result<(), Refusal> {
    let Given { name, definition } = given;
    let role = format!("arn:aws:iam::{ACCOUNT}:role/{name}");
    let request = json!({ "name": name, "definition": definition, "roleArn": role });
    let input = Input::read(request.to_string().as_bytes())?;
    account.create_state_machine(&input).map(drop)
}

fn work(account: &mut Account, jobs: &Receiver<Job>) {
    loop {
        let until = account.pass_time();
        match jobs.recv_timeout(until) {
            Ok(Job { operation, input, reply }) => {
                // What is due comes first.
                account.pass_time();
                account.hear(&operation, &input, reply);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}
