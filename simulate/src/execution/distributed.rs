//! Map states whose iterations are executions of their own.
use super::{Runner, Visit};
use crate::fault::Fault;
use crate::program::MapCode;
use crate::scope::Payload;

impl Runner {
    pub(super) async fn distributed(&self, visit: &Visit<'_>, map: &MapCode) -> Result<Payload, Fault> {
        self.map(visit, map).await
    }
}
