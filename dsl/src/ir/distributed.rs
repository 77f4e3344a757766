//! How the items of a Map have executions of their own.

use serde_json::Value as Json;

use super::Expr;
use crate::service::Access;

/// What a distributed Map has that an inline one has not.
#[derive(Debug, Default)]
pub(crate) struct Distributed {
    pub express: bool,
    pub label: Option<String>,
    pub reader: Option<Reader>,
    pub batches: Option<Batches>,
    pub tolerated_count: Option<Expr>,
    pub tolerated_percentage: Option<Expr>,
    /// Where the results are written.
    pub writer: Option<Expr>,
    /// What is told of each execution, and in which format.
    pub transformation: Option<&'static str>,
    pub output_type: Option<&'static str>,
}

/// Where items are read.
#[derive(Debug)]
pub(crate) struct Reader {
    pub api: &'static str,
    /// `ReaderConfig`; `null` if there is nothing to say.
    pub config: Json,
    pub max_items: Option<Expr>,
    pub arguments: Vec<(String, Expr)>,
    /// Whether the object names others, which are read too.
    pub reads_more: bool,
    pub access: Access,
}

impl Reader {
    pub(crate) fn new(api: &'static str, config: Json, arguments: Vec<(String, Expr)>) -> Self {
        Self { api, config, max_items: None, arguments, reads_more: false, access: Access::default() }
    }
}

/// How many items one execution gets at most.
#[derive(Debug)]
pub(crate) struct Batches {
    pub items: Option<Expr>,
    pub bytes: Option<Expr>,
}

impl Distributed {
    pub(crate) fn visit(&self, f: &mut dyn FnMut(&Expr)) {
        if let Some(reader) = &self.reader {
            reader.arguments.iter().for_each(|(_, value)| f(value));
            reader.max_items.iter().for_each(&mut *f);
        }
        self.batches.iter().for_each(|batches| batches.items.iter().chain(&batches.bytes).for_each(&mut *f));
        [&self.tolerated_count, &self.tolerated_percentage, &self.writer].into_iter().flatten().for_each(f);
    }
}
