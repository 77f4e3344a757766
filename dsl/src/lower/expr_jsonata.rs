//! Expressions as JSONata, in the dialect of Step Functions (JSONata 2.0.6).
//! <https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html>

use serde_json::Value as Json;

use super::graph::{Def, Machine};
use super::vars::{Key, Names, Segment, Site, Step, is_in_context, path};
use crate::guard::without_schedule;
use crate::ir::Recording;
use crate::ir::expr::{Expr, Kind, Op, ParamId};

pub(super) mod context;
mod literal;

use context::context_path;
use literal::{expression_of, literal, literal_template, quote, step_into};

/// The input of the workflow.
const INPUT: &str = "$states.context.Execution.Input";

/// How strongly an operator binds, as in the reference implementation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Condition,
    Or,
    And,
    Comparison,
    Sum,
    Product,
    Atom,
}

/// Writes expressions for one place in the machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writer<'a, 'g, 'r> {
    pub recording: &'a Recording,
    pub names: &'a Names,
    /// The machines around the place, the innermost last.
    pub machines: &'a [&'g Machine<'r>],
    pub site: Site<'g, 'r>,
}

impl Writer<'_, '_, '_> {
    /// A JSON value whose computed parts are `{% … %}` strings.
    pub(super) fn template(&self, expr: &Expr) -> Json {
        match self.resolved(expr).kind() {
            Kind::Literal(json) => literal_template(json),
            Kind::Object(fields) => fields.iter().map(|(key, e)| (key.clone(), self.template(e))).collect(),
            Kind::Array(items) => items.iter().map(|e| self.template(e)).collect(),
            Kind::Call(Op::Nested, inner) => self.template(&inner[0]),
            _ => Json::String(self.expression(expr)),
        }
    }

    /// An `Output`. A constant that is no object or list is written as an expression: AWS takes it either way, the
    /// schema of editors and linters does not.
    pub(super) fn output(&self, expr: &Expr) -> Json {
        match self.template(expr) {
            Json::String(text) if text.starts_with("{%") => Json::String(text),
            Json::String(_) | Json::Number(_) | Json::Bool(_) | Json::Null => Json::String(self.expression(expr)),
            other => other,
        }
    }

    /// Whether the expression may have no value at all, which fails the state that evaluates it.
    pub(super) fn may_be_absent(&self, expr: &Expr) -> bool {
        let expr = &self.resolved(expr);
        if let Some((id, path)) = path(expr) {
            return match self.site.def(id) {
                Some(Def::Expr(defined)) => self.may_be_absent(defined) || path.iter().any(|segment| segment.maybe),
                Some(_) => path.iter().any(|segment| segment.maybe),
                None if is_in_context(self.site, id, self.recording) => path.iter().any(|segment| segment.maybe),
                // What a variable was assigned is there, if only as `null`.
                None => Key::split(self.recording, id, &path).1.iter().any(|segment| segment.maybe),
            };
        }
        match expr.kind() {
            Kind::Maybe(_) => true,
            Kind::Field(of, _) => self.may_be_absent(of),
            Kind::Call(Op::IfElse, operands) => operands[1..].iter().any(|e| self.may_be_absent(e)),
            Kind::Call(Op::OrElse, operands) => self.may_be_absent(&operands[1]),
            _ => false,
        }
    }

    /// A `{% … %}` string. What may be absent becomes `null`: an expression without a value would fail the state.
    pub(super) fn expression(&self, expr: &Expr) -> String {
        if self.may_be_absent(expr) {
            let text = self.at_least(expr, Binding::Or);
            return format!("{{% $exists({text}) ? {text} : null %}}");
        }
        format!("{{% {} %}}", self.text(expr))
    }

    /// Through names for values that stand nowhere yet, to what they are.
    pub(super) fn resolved(&self, expr: &Expr) -> Expr {
        match expr.kind() {
            Kind::Value(id) => match self.site.def(*id) {
                Some(Def::Expr(defined)) => self.resolved(defined),
                _ => expr.clone(),
            },
            Kind::Field(of, name) => {
                let of = self.resolved(of);
                let field = of.field(name);
                // The field of a known object is something else to resolve.
                if matches!(of.kind(), Kind::Object(_)) && !matches!(field.kind(), Kind::Field(..)) {
                    self.resolved(&field)
                } else {
                    field
                }
            }
            _ => expr.clone(),
        }
    }

    /// For a message.
    pub(super) fn shown(&self, expr: &Expr) -> String {
        crate::ir::shown(expr, self.recording)
    }

    fn text(&self, expr: &Expr) -> String {
        self.write(expr).0
    }

    fn at_least(&self, expr: &Expr, binding: Binding) -> String {
        let (text, own) = self.write(expr);
        if own < binding { format!("({text})") } else { text }
    }

    fn write(&self, expr: &Expr) -> (String, Binding) {
        let expr = &self.resolved(expr);
        if let Some((id, path)) = path(expr) {
            return (self.read(id, &path), Binding::Atom);
        }
        let text = match expr.kind() {
            Kind::Literal(json) => literal(json),
            Kind::Value(id) => self.read(*id, &[]),
            Kind::Context(context) => format!("$states.context.{}", context_path(*context)),
            Kind::Field(of, name) => step_into(self.at_least(of, Binding::Atom), name),
            Kind::Object(fields) => {
                let fields: Vec<_> = fields.iter().map(|(k, e)| format!("{}: {}", quote(k), self.text(e))).collect();
                format!("{{{}}}", fields.join(", "))
            }
            Kind::Array(items) => format!("[{}]", self.list(items)),
            Kind::Maybe(of) => return self.write(of),
            Kind::Param(param) => param_name(*param),
            Kind::Lambda(param, body) => format!("function({}) {{ {} }}", param_name(*param), self.text(body)),
            Kind::Call(op, operands) => return self.call(op, operands),
        };
        (text, Binding::Atom)
    }

    fn list(&self, items: &[Expr]) -> String {
        items.iter().map(|e| self.text(e)).collect::<Vec<_>>().join(", ")
    }

    fn read(&self, value: crate::ir::expr::ValueId, path: &[Segment]) -> String {
        let (root, rest) = match self.site.def(value) {
            Some(Def::Expr(defined)) => (self.at_least(defined, Binding::Atom), path.to_vec()),
            Some(Def::Result) => ("$states.result".to_owned(), path.to_vec()),
            Some(Def::Output(output)) => (expression_of(output), path.to_vec()),
            Some(Def::Error) => ("$states.errorOutput".to_owned(), path.to_vec()),
            Some(Def::Input) => ("$states.input".to_owned(), path.to_vec()),
            Some(Def::InputField(field)) => (step_into("$states.input".to_owned(), field), path.to_vec()),
            Some(Def::BatchInput(field)) => (step_into("$states.input.BatchInput".to_owned(), field), path.to_vec()),
            // The input of the workflow is in the context object wherever a state stands, so it needs no variable.
            None if is_in_context(self.site, value, self.recording) => {
                // Read as a whole, it is without what a schedule has added.
                let is_whole = path.is_empty() && self.recording.is_scheduled;
                (if is_whole { without_schedule(INPUT) } else { INPUT.to_owned() }, path.to_vec())
            }
            None => {
                let (key, rest) = Key::split(self.recording, value, path);
                (format!("${}", self.names.get(&key, self.machines, self.recording)), rest)
            }
        };
        rest.iter().fold(root, |of, segment| match &segment.step {
            Step::Field(name) => step_into(of, name),
            Step::Index(index) => format!("{of}[{index}]"),
        })
    }

    fn call(&self, op: &Op, operands: &[Expr]) -> (String, Binding) {
        let infix = |operator: &str, binding: Binding| {
            let tighter =
                [Binding::Or, Binding::And, Binding::Comparison, Binding::Sum, Binding::Product, Binding::Atom]
                    .into_iter()
                    .find(|b| *b > binding)
                    .unwrap_or(Binding::Atom);
            let left = self.at_least(&operands[0], binding);
            (format!("{left} {operator} {}", self.at_least(&operands[1], tighter)), binding)
        };
        let function = |name: &str| (format!("${name}({})", self.list(operands)), Binding::Atom);
        match op {
            Op::Concat => self.concat(operands),
            Op::Text | Op::PrintJson => function("string"),
            Op::Upper => function("uppercase"),
            Op::Lower => function("lowercase"),
            Op::Trim => function("trim"),
            Op::Split => function("split"),
            Op::Join => function("join"),
            Op::Replace => function("replace"),
            Op::TextContains => function("contains"),
            Op::TextLength => function("length"),
            Op::Before => function("substringBefore"),
            Op::After => function("substringAfter"),
            Op::Substring => function("substring"),
            Op::Number => function("number"),
            Op::Add { .. } => infix("+", Binding::Sum),
            Op::Subtract { .. } => infix("-", Binding::Sum),
            Op::Multiply => infix("*", Binding::Product),
            Op::Divide => infix("/", Binding::Product),
            Op::Remainder => infix("%", Binding::Product),
            Op::Negate => (format!("-{}", self.at_least(&operands[0], Binding::Atom)), Binding::Product),
            Op::Floor => function("floor"),
            Op::Ceil => function("ceil"),
            Op::Round => function("round"),
            Op::Absolute => function("abs"),
            // Nothing is neither equal nor unequal to anything, but what is absent here is `null` elsewhere.
            Op::Equal | Op::NotEqual => {
                let operator = if *op == Op::Equal { "=" } else { "!=" };
                let [left, right] = [(0, Binding::Comparison), (1, Binding::Sum)]
                    .map(|(at, binding)| self.present(&operands[at], binding));
                (format!("{left} {operator} {right}"), Binding::Comparison)
            }
            Op::Less => infix("<", Binding::Comparison),
            Op::LessOrEqual => infix("<=", Binding::Comparison),
            Op::Greater => infix(">", Binding::Comparison),
            Op::GreaterOrEqual => infix(">=", Binding::Comparison),
            Op::And => infix("and", Binding::And),
            Op::Or => infix("or", Binding::Or),
            Op::Not => function("not"),
            Op::IfElse => {
                let parts = [0, 1, 2].map(|i| self.at_least(&operands[i], Binding::Or));
                (format!("{} ? {} : {}", parts[0], parts[1], parts[2]), Binding::Condition)
            }
            Op::Length => function("count"),
            Op::Part(index) => (format!("{}[{index}]", self.at_least(&operands[0], Binding::Atom)), Binding::Atom),
            Op::Get(index) => (format!("{}[{index}]", self.at_least(&operands[0], Binding::Atom)), Binding::Atom),
            Op::ListContains => {
                let item = self.at_least(&operands[1], Binding::Sum);
                (format!("{item} in {}", self.at_least(&operands[0], Binding::Sum)), Binding::Comparison)
            }
            Op::ListContainsEqual => {
                let (list, item) = (self.text(&operands[0]), self.text(&operands[1]));
                let found = format!("$filter({list}, function($lists) {{ $lists = {item} }})");
                (format!("$exists({found})"), Binding::Atom)
            }
            // Brackets inside brackets stay a list of their own, and any other list dissolves in the inner pair.
            Op::Nested => (self.nested(&operands[0]), Binding::Atom),
            Op::Append => function("append"),
            Op::Flat => (format!("$reduce({}, $append, [])", self.text(&operands[0])), Binding::Atom),
            Op::Sum => function("sum"),
            Op::Min => function("min"),
            Op::Max => function("max"),
            Op::Distinct => function("distinct"),
            // A sequence of one collapses to its item; the brackets keep it a list.
            Op::Each { lists: false } => (self.each(operands), Binding::Atom),
            Op::Each { lists: true } | Op::Filter { lists: true } => (self.lists(op, operands), Binding::Atom),
            Op::Filter { lists: false } => (format!("[$filter({})]", self.list(operands)), Binding::Atom),
            // False for a missing value too: nothing is neither equal nor unequal to anything.
            Op::IsSome => (format!("{} != null", self.at_least(&operands[0], Binding::Sum)), Binding::Comparison),
            Op::OrElse => {
                let value = self.at_least(&operands[0], Binding::Sum);
                (
                    format!("{value} != null ? {value} : {}", self.at_least(&operands[1], Binding::Or)),
                    Binding::Condition,
                )
            }
            Op::Shift(_) => (format!("$fromMillis({})", self.millis(&expr_of(op, operands))), Binding::Atom),
            Op::Format { picture, offset } => {
                let offset = offset.as_ref().map(|o| format!(", {}", quote(o))).unwrap_or_default();
                (format!("$fromMillis({}, {}{offset})", self.millis(&operands[0]), quote(picture)), Binding::Atom)
            }
            Op::Millis => (self.millis(&operands[0]), Binding::Sum),
            Op::ParseJson => function("parse"),
            Op::Quote => {
                let text = self.text(&operands[0]);
                // As the only item of a list, and then without the brackets.
                (format!("$substring($string([{text}]), 1, $length($string([{text}])) - 2)"), Binding::Atom)
            }
            Op::Base64Encode => function("base64encode"),
            Op::Base64Decode => function("base64decode"),
            Op::Hash(algorithm) => (format!("$hash({}, {})", self.list(operands), quote(algorithm)), Binding::Atom),
            Op::Merge => (format!("$merge([{}])", self.list(operands)), Binding::Atom),
            Op::Uuid => function("uuid"),
            Op::Random => function("random"),
            Op::Now => function("now"),
        }
    }

    /// What is absent as `null`.
    fn present(&self, expr: &Expr, binding: Binding) -> String {
        if self.may_be_absent(expr) {
            let text = self.text(expr);
            return format!("($exists({text}) ? {text} : null)");
        }
        self.at_least(expr, binding)
    }

    /// What is made of each item. An item of which nothing is made would be left out.
    fn each(&self, operands: &[Expr]) -> String {
        let list = self.text(&operands[0]);
        match operands[1].kind() {
            Kind::Lambda(param, body) => {
                let body = self.present(body, Binding::Condition);
                format!("[$map({list}, function({}) {{ {body} }})]", param_name(*param))
            }
            _ => format!("[$map({})]", self.list(operands)),
        }
    }

    fn nested(&self, expr: &Expr) -> String {
        let expr = self.resolved(expr);
        let constructor = matches!(
            expr.kind(),
            Kind::Array(_) | Kind::Call(Op::Filter { lists: false } | Op::Each { lists: false }, _)
        );
        let text = self.text(&expr);
        if constructor { text } else { format!("[{text}]") }
    }

    /// A list of lists: `$map` and `$filter` would dissolve a list of one list, and `$append` does not.
    fn lists(&self, op: &Op, operands: &[Expr]) -> String {
        let list = self.text(&operands[0]);
        let Kind::Lambda(param, body) = operands[1].kind() else { return list };
        let item = param_name(*param);
        let next = match op {
            Op::Filter { .. } => format!("{} ? $append($lists, [[{item}]]) : $lists", self.at_least(body, Binding::Or)),
            _ => format!("$append($lists, [{}])", self.nested(body)),
        };
        format!("$reduce({list}, function($lists, {item}) {{ {next} }}, [])")
    }

    /// Pieces of text; neighbours that are known become one, and `&` makes text of numbers by itself.
    fn concat(&self, operands: &[Expr]) -> (String, Binding) {
        let mut parts: Vec<Expr> = Vec::new();
        for operand in operands {
            let operand = self.resolved(operand);
            let operand = match operand.kind() {
                Kind::Call(Op::Text, inner) => inner[0].clone(),
                _ => operand,
            };
            match (parts.last().map(Expr::kind), operand.kind()) {
                (Some(Kind::Literal(Json::String(a))), Kind::Literal(Json::String(b))) => {
                    let joined = Expr::literal(format!("{a}{b}"));
                    parts.pop();
                    parts.push(joined);
                }
                _ => parts.push(operand),
            }
        }
        match parts.as_slice() {
            [] => (quote(""), Binding::Atom),
            [one] if matches!(operands, [original] if !is_text_call(original)) || is_text(one) => self.write(one),
            [one] => (format!("$string({})", self.text(one)), Binding::Atom),
            many => {
                let texts: Vec<_> = many.iter().map(|e| self.at_least(e, Binding::Product)).collect();
                (texts.join(" & "), Binding::Sum)
            }
        }
    }

    /// A point in time in milliseconds.
    fn millis(&self, expr: &Expr) -> String {
        let mut total = 0_i64;
        let mut expr = self.resolved(expr);
        while let Kind::Call(Op::Shift(by), operands) = expr.kind() {
            total = total.saturating_add(*by);
            expr = self.resolved(&operands[0]);
        }
        let millis = match expr.kind() {
            Kind::Call(Op::Now, _) => "$millis()".to_owned(),
            _ => format!("$toMillis({})", self.text(&expr)),
        };
        match total {
            0 => millis,
            later if later > 0 => format!("{millis} + {later}"),
            earlier => format!("{millis} - {}", earlier.unsigned_abs()),
        }
    }
}

fn expr_of(op: &Op, operands: &[Expr]) -> Expr {
    Expr::call(op.clone(), operands.iter().cloned())
}

fn is_text_call(expr: &Expr) -> bool {
    matches!(expr.kind(), Kind::Call(Op::Text, _))
}

fn is_text(expr: &Expr) -> bool {
    matches!(expr.kind(), Kind::Literal(Json::String(_)))
}

fn param_name(ParamId(depth): ParamId) -> String {
    if depth == 0 { "$item".to_owned() } else { format!("$item{}", depth + 1) }
}
