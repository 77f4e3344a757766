//! Map states.

use std::rc::Rc;

use super::{Program, Quantity, Text};
use crate::reference::Reference;
use crate::template::{Jsonata, Template};

#[derive(Debug)]
pub(crate) struct MapCode {
    pub items: Items,
    pub selector: Option<Template>,
    pub processor: Rc<Program>,
    /// The children of a distributed Map, which are executions of their own.
    pub distributed: bool,
    /// `EXPRESS` children.
    pub express: bool,
    pub label: Option<String>,
    pub reader: Option<ReaderCode>,
    pub batcher: Option<Batcher>,
    pub writer: Option<WriterCode>,
    pub max_concurrency: Option<Quantity>,
    pub tolerated_count: Option<Quantity>,
    pub tolerated_percentage: Option<Quantity>,
}

/// Where the items come from, unless a reader reads them.
#[derive(Debug)]
pub(crate) enum Items {
    Input,
    Path(Reference),
    Expression(Jsonata),
    Template(Template),
}

#[derive(Debug)]
pub(crate) struct ReaderCode {
    pub resource: String,
    pub arguments: Template,
    /// `ReaderConfig` as it is written.
    pub config: serde_json::Value,
    pub max_items: Option<Quantity>,
}

#[derive(Debug)]
pub(crate) struct Batcher {
    pub input: Option<Template>,
    pub max_items: Option<Quantity>,
    pub max_bytes: Option<Quantity>,
}

#[derive(Debug)]
pub(crate) struct WriterCode {
    /// `None` if the results are not exported.
    pub arguments: Option<Template>,
    pub transformation: Option<Text>,
    pub output_type: Option<Text>,
}
