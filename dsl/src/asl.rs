//! The Amazon States Language.

use serde::{Deserialize, Serialize};

/// A state machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StateMachine(serde_json::Value);
