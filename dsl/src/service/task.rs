//! Tasks, before they have a name.

use std::borrow::Cow;

use super::{Access, Catch, Suffix};
use crate::bundle::PARTITION;
use crate::diag::Code;
use crate::ir::expr::{Expr, Kind};
use crate::retry::Retry;

/// A Task state before it has a name.
#[derive(Debug)]
pub struct Task {
    /// Such as `sns:publish`.
    pub(crate) api: Cow<'static, str>,
    pub(crate) suffix: Suffix,
    /// The ARN of the activity that it is for, in place of an API.
    pub(crate) activity: Option<String>,
    pub(crate) arguments: Vec<(String, Expr)>,
    /// The whole request, where it has no members.
    pub(crate) whole: Option<Expr>,
    pub(crate) retry: Vec<Retry>,
    pub(crate) catch: Vec<Catch>,
    pub(crate) timeout: Option<Expr>,
    pub(crate) heartbeat: Option<Expr>,
    pub(crate) role: Option<Expr>,
    pub(crate) comment: Option<String>,
    pub(crate) access: Access,
    /// The fields between the result of the state and the output of the step.
    pub(crate) envelope: &'static [&'static str],
    /// What is wrong with it already: the code, what was found, and what to write instead.
    pub(crate) problem: Option<(Code, String, String)>,
}

impl Task {
    pub(crate) fn new(api: impl Into<Cow<'static, str>>, suffix: Suffix) -> Self {
        Self {
            api: api.into(),
            suffix,
            activity: None,
            arguments: Vec::new(),
            whole: None,
            retry: Vec::new(),
            catch: Vec::new(),
            timeout: None,
            heartbeat: None,
            role: None,
            comment: None,
            access: Access::default(),
            envelope: &[],
            problem: None,
        }
    }

    /// Sets a member of the request, in place of one of the same name.
    pub(crate) fn set(&mut self, name: &str, value: Expr) {
        match self.arguments.iter_mut().find(|(key, _)| key == name) {
            Some((_, old)) => *old = value,
            None => self.arguments.push((name.to_owned(), value)),
        }
    }

    /// Sets the token by which a service knows a request again, where it demands one: a new one for each attempt. What would stay
    /// the same over attempts could be the same for two items of a Map too, and the second one would not run.
    pub(crate) fn set_client_token(&mut self) {
        self.set("ClientToken", crate::value::Value::<String>::uuid().expr());
    }

    /// The member of the request, for one that is built up step by step.
    pub(crate) fn get(&self, name: &str) -> Option<&Expr> {
        self.arguments.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Appends to a member that is a list.
    pub(crate) fn push(&mut self, name: &str, item: Expr) {
        let mut items = match self.get(name).map(Expr::kind) {
            Some(Kind::Array(items)) => items.clone(),
            _ => Vec::new(),
        };
        items.push(item);
        self.set(name, Kind::Array(items).into());
    }

    /// Adds to a member that is an object.
    pub(crate) fn insert(&mut self, name: &str, key: &str, value: Expr) {
        let mut fields = match self.get(name).map(Expr::kind) {
            Some(Kind::Object(fields)) => fields.clone(),
            _ => Vec::new(),
        };
        fields.retain(|(k, _)| k != key);
        fields.push((key.to_owned(), value));
        self.set(name, Expr::object(fields));
    }

    pub(crate) fn resource(&self) -> String {
        let api = || format!("arn:{PARTITION}:states:::{}{}", self.api, self.suffix.text());
        self.activity.clone().unwrap_or_else(api)
    }

    pub(crate) fn visit(&self, f: &mut dyn FnMut(&Expr)) {
        self.arguments.iter().for_each(|(_, value)| f(value));
        [&self.whole, &self.timeout, &self.heartbeat, &self.role].into_iter().flatten().for_each(f);
    }
}
