//! Lists. JSONata gives nothing in place of a list of none, and the item in place of a list of one, where it makes a
//! *sequence*: in `$map`, `$filter` and paths. Brackets around it make a list again, unless the items are lists: then those
//! would dissolve, and the list is put together by `$append`, which leaves the items of its second list as they are.

use serde_json::Value as Json;

use super::literal::literal;
use super::{Binding, Writer, param_name};
use crate::ir::expr::{Expr, Kind, Op};
use crate::shape::IsList;

impl Writer<'_, '_, '_> {
    /// Items that stand in an expression.
    pub(super) fn array(&self, items: &[Expr]) -> String {
        let bracketed = |items: &[Expr]| {
            let items: Vec<_> = items.iter().map(|e| self.present(e, Binding::Condition)).collect();
            format!("[{}]", items.join(", "))
        };
        let is_open = |item: &Expr| matches!(item.kind(), Kind::Call(Op::NestedIfList, _));
        let mut written: Option<String> = None;
        for part in items.chunk_by(|a, b| !is_open(a) && !is_open(b)) {
            let next = if is_open(&part[0]) { self.text(&part[0]) } else { bracketed(part) };
            written = Some(match written {
                Some(before) => format!("$append({before}, {next})"),
                // A list already, whatever it was made of.
                None => next,
            });
        }
        match written {
            Some(only) if items.len() == 1 && is_open(&items[0]) => format!("({only})"),
            Some(written) => written,
            None => "[]".to_owned(),
        }
    }

    /// What is made of each item. An item of which nothing is made would be left out.
    pub(super) fn each(&self, lists: IsList, operands: &[Expr]) -> String {
        let list = self.text(&operands[0]);
        let Kind::Lambda(param, body) = operands[1].kind() else { return list };
        let item = param_name(*param);
        let one = match lists {
            IsList::No => {
                let body = self.present(body, Binding::Condition);
                return format!("[$map({list}, function({item}) {{ {body} }})]");
            }
            IsList::Yes => format!("[{}]", self.nested(body)),
            IsList::Perhaps => self.one_of_a_list(body),
        };
        format!("$reduce({list}, function($lists, {item}) {{ $append($lists, {one}) }}, [])")
    }

    /// The items for which a condition is true.
    pub(super) fn filter(&self, lists: IsList, operands: &[Expr]) -> String {
        let list = self.text(&operands[0]);
        let Kind::Lambda(param, body) = operands[1].kind() else { return list };
        if lists == IsList::No {
            return format!("[$filter({})]", self.list(operands));
        }
        let (item, body) = (param_name(*param), self.at_least(body, Binding::Or));
        format!("$reduce({list}, function($lists, {item}) {{ {body} ? {} : $lists }}, [])", appended(lists, &item))
    }

    /// The items from a position on, up to another one.
    pub(super) fn slice(&self, lists: IsList, operands: &[Expr]) -> String {
        let list = self.text(&operands[0]);
        let mut conditions = Vec::new();
        if !matches!(operands[1].kind(), Kind::Literal(Json::Number(n)) if n.as_i64() == Some(0)) {
            conditions.push(format!("$at >= {}", self.at_least(&operands[1], Binding::Sum)));
        }
        if let Some(end) = operands.get(2) {
            conditions.push(format!("$at < {}", self.at_least(end, Binding::Sum)));
        }
        if conditions.is_empty() {
            conditions.push("true".to_owned());
        }
        let condition = conditions.join(" and ");
        if lists == IsList::No {
            return format!("[$filter({list}, function($each, $at) {{ {condition} }})]");
        }
        let kept = appended(lists, "$each");
        format!("$reduce({list}, function($lists, $each, $at) {{ {condition} ? {kept} : $lists }}, [])")
    }

    /// The position of the first item for which a condition is true: a condition without an `else` gives nothing.
    pub(super) fn position(&self, operands: &[Expr]) -> String {
        let list = self.text(&operands[0]);
        let Kind::Lambda(param, body) = operands[1].kind() else { return list };
        let (item, body) = (param_name(*param), self.at_least(body, Binding::Or));
        format!("[$map({list}, function({item}, $at) {{ {body} ? $at }})][0]")
    }

    /// `$partition` gives a sequence, which one piece would dissolve in.
    pub(super) fn partition(&self, operands: &[Expr]) -> String {
        let (list, size) = (self.text(&operands[0]), self.text(&operands[1]));
        let whole = self.at_least(&operands[1], Binding::Sum);
        format!(
            "$count({list}) > {whole} ? $partition({list}, {size}) : $count({list}) > 0 ? [{}] : []",
            self.nested(&operands[0])
        )
    }

    pub(super) fn sort_by(&self, operands: &[Expr]) -> String {
        let list = self.text(&operands[0]);
        let (Kind::Lambda(left, left_key), Kind::Lambda(right, right_key)) = (operands[1].kind(), operands[2].kind())
        else {
            return list;
        };
        let keys = [left_key, right_key].map(|key| self.at_least(key, Binding::Sum));
        let (left, right) = (param_name(*left), param_name(*right));
        format!("$sort({list}, function({left}, {right}) {{ {} > {} }})", keys[0], keys[1])
    }

    /// All items of the lists that are made of each item.
    pub(super) fn flat_map(&self, operands: &[Expr]) -> String {
        let list = self.text(&operands[0]);
        let Kind::Lambda(param, body) = operands[1].kind() else { return list };
        let (item, body) = (param_name(*param), self.text(body));
        format!("$reduce({list}, function($lists, {item}) {{ $append($lists, {body}) }}, [])")
    }

    /// A list as an item. Brackets inside brackets stay a list of their own, and any other list dissolves in the inner
    /// pair.
    pub(super) fn nested(&self, expr: &Expr) -> String {
        let expr = self.0.resolved(expr);
        let is_bracketed = match expr.kind() {
            Kind::Array(items) => !items.iter().any(|item| matches!(item.kind(), Kind::Call(Op::NestedIfList, _))),
            Kind::Literal(Json::Array(_)) => true,
            Kind::Call(op, _) => matches!(
                op,
                Op::Filter { lists: IsList::No }
                    | Op::Each { lists: IsList::No }
                    | Op::Slice { lists: IsList::No }
                    | Op::Range
                    | Op::Keys
                    | Op::Found(_)
            ),
            _ => false,
        };
        let text = self.text(&expr);
        match (is_bracketed, text.starts_with('[')) {
            (true, _) => text,
            (false, false) => format!("[{text}]"),
            // Something inside of brackets, such as their first item: it would count as brackets itself.
            (false, true) => format!("[({text})]"),
        }
    }

    /// What may be a list, as a list of one item.
    pub(super) fn one_of_a_list(&self, expr: &Expr) -> String {
        let expr = self.0.resolved(expr);
        match expr.kind() {
            Kind::Literal(json) => format!("[{}]", literal(json)),
            Kind::Object(_) => format!("[{}]", self.text(&expr)),
            Kind::Array(_) => format!("[{}]", self.nested(&expr)),
            _ => {
                let text = self.present(&expr, Binding::Or);
                format!("$type({text}) = 'array' ? [{}] : [{text}]", self.nested(&expr))
            }
        }
    }
}

/// The list so far with one more item.
fn appended(lists: IsList, item: &str) -> String {
    match lists {
        IsList::Perhaps => format!("$append($lists, $type({item}) = 'array' ? [[{item}]] : [{item}])"),
        IsList::No | IsList::Yes => format!("$append($lists, [[{item}]])"),
    }
}
