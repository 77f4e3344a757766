//! What each operator is in JSONata.

use super::literal::quote;
use super::{Binding, Writer, param_name};
use crate::ir::expr::{Expr, Kind, Op};
use crate::ir::raw::Raw;

impl Writer<'_, '_, '_> {
    /// A call, and how strongly what is written binds.
    pub(super) fn call(&self, op: &Op, operands: &[Expr]) -> (String, Binding) {
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
        let with = |name: &str, last: String| (format!("${name}({}, {last})", self.list(operands)), Binding::Atom);
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
            Op::Get(index) => (format!("{}[{index}]", self.at_least(&operands[0], Binding::Atom)), Binding::Atom),
            Op::ListContains => {
                let item = self.at_least(&operands[1], Binding::Sum);
                (format!("{item} in {}", self.at_least(&operands[0], Binding::Sum)), Binding::Comparison)
            }
            Op::ListContainsEqual => {
                let (list, item) = (self.text(&operands[0]), self.present(&operands[1], Binding::Sum));
                let found = format!("$filter({list}, function($lists) {{ $lists = {item} }})");
                (format!("$exists({found})"), Binding::Atom)
            }
            // Brackets inside brackets stay a list of their own, and any other list dissolves in the inner pair.
            Op::Nested => (self.nested(&operands[0]), Binding::Atom),
            Op::Append => function("append"),
            Op::Sum => function("sum"),
            Op::Min => function("min"),
            Op::Max => function("max"),
            Op::Distinct => function("distinct"),
            // A sequence of one collapses to its item; the brackets keep it a list.
            Op::Each { lists } => (self.each(*lists, operands), Binding::Atom),
            Op::Filter { lists } => (self.filter(*lists, operands), Binding::Atom),
            // False for a missing value too: nothing is neither equal nor unequal to anything.
            Op::IsSome => (format!("{} != null", self.at_least(&operands[0], Binding::Sum)), Binding::Comparison),
            Op::OrElse => {
                let value = self.at_least(&operands[0], Binding::Sum);
                (
                    format!("{value} != null ? {value} : {}", self.at_least(&operands[1], Binding::Or)),
                    Binding::Condition,
                )
            }
            Op::Shift(_) => {
                (format!("$fromMillis({})", self.millis(&Expr::call(op.clone(), operands.to_vec()))), Binding::Atom)
            }
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
            Op::Hash(algorithm) => with("hash", quote(algorithm)),
            Op::Merge => (format!("$merge([{}])", self.list(operands)), Binding::Atom),
            Op::Uuid => function("uuid"),
            Op::Random => function("random"),
            Op::Now => function("now"),
            Op::StartsWith => (self.starts_with(operands), Binding::Comparison),
            Op::EndsWith => (self.ends_with(operands), Binding::Comparison),
            Op::Pad { before } => (self.pad(*before, operands), Binding::Atom),
            Op::Repeat => (self.repeat(operands), Binding::Atom),
            Op::Matches(pattern) => with("contains", pattern.to_jsonata()),
            Op::ReplaceMatches(pattern) => {
                let (text, by) = (self.text(&operands[0]), self.text(&operands[1]));
                (format!("$replace({text}, {}, {by})", pattern.to_jsonata()), Binding::Atom)
            }
            Op::SplitMatches(pattern) => with("split", pattern.to_jsonata()),
            Op::Found(pattern) => {
                (format!("[$match({}, {}).match]", self.text(&operands[0]), pattern.to_jsonata()), Binding::Atom)
            }
            Op::Captures(pattern) => {
                (format!("$match({}, {}, 1).groups", self.text(&operands[0]), pattern.to_jsonata()), Binding::Atom)
            }
            Op::UrlEncode => function("encodeUrlComponent"),
            Op::UrlDecode => function("decodeUrlComponent"),
            Op::Power => function("power"),
            Op::SquareRoot => function("sqrt"),
            Op::RoundTo => function("round"),
            Op::FormatNumber(picture) => with("formatNumber", quote(picture)),
            Op::FormatInteger(picture) => with("formatInteger", quote(picture)),
            Op::FormatBase => function("formatBase"),
            Op::RandomBetween => {
                let low = self.at_least(&operands[0], Binding::Sum);
                let span = Expr::call(Op::Subtract { whole: true }, [operands[1].clone(), operands[0].clone()]);
                (format!("{low} + $floor($random() * ({}))", self.text(&span)), Binding::Sum)
            }
            Op::GetAt => {
                (format!("{}[{}]", self.at_least(&operands[0], Binding::Atom), self.text(&operands[1])), Binding::Atom)
            }
            Op::Average => function("average"),
            Op::Sort => function("sort"),
            Op::SortBy => (self.sort_by(operands), Binding::Atom),
            Op::Reverse => function("reverse"),
            Op::FlatMap => (self.flat_map(operands), Binding::Atom),
            Op::Zip => function("zip"),
            Op::Range => {
                let [first, last] = [0, 1].map(|i| self.at_least(&operands[i], Binding::Sum));
                (format!("[{first}..{last}]"), Binding::Atom)
            }
            Op::Partition => (self.partition(operands), Binding::Condition),
            Op::Slice { lists } => (self.slice(*lists, operands), Binding::Atom),
            Op::Position => (self.position(operands), Binding::Atom),
            Op::Any => (format!("$exists($filter({}))", self.list(operands)), Binding::Atom),
            Op::NestedIfList => (self.one_of_a_list(&operands[0]), Binding::Condition),
            Op::Lookup => function("lookup"),
            Op::HasKey => (format!("$exists($lookup({}))", self.list(operands)), Binding::Atom),
            Op::Keys => (format!("[$keys({})]", self.list(operands)), Binding::Atom),
            // Without a field left, `$sift` gives nothing.
            Op::Remove => {
                let (of, key) = (self.text(&operands[0]), self.at_least(&operands[1], Binding::Sum));
                (format!("$merge([$sift({of}, function($lists, $at) {{ $at != {key} }})])"), Binding::Atom)
            }
            Op::Entry => {
                let key = self.at_least(&operands[0], Binding::Or);
                (format!("{{{key}: {}}}", self.present(&operands[1], Binding::Condition)), Binding::Atom)
            }
            Op::MergeAll => function("merge"),
            Op::Let => match operands[1].kind() {
                Kind::Lambda(param, body) => {
                    let (value, body) = (self.text(&operands[0]), self.text(body));
                    (format!("({} := {value}; {body})", param_name(*param)), Binding::Atom)
                }
                _ => self.write(&operands[0]),
            },
            Op::Type => function("type"),
            Op::ShiftBy | Op::FromMillis => {
                let millis = self.millis(&Expr::call(op.clone(), operands.to_vec()));
                (format!("$fromMillis({millis})"), Binding::Atom)
            }
            Op::ParseTime(picture) => {
                (format!("$fromMillis($toMillis({}, {}))", self.text(&operands[0]), quote(picture)), Binding::Atom)
            }
            Op::Raw(raw) => self.raw(raw, operands),
            Op::MalformedPath { .. } => ("null".to_owned(), Binding::Atom),
        }
    }

    /// What the user wrote. It is a function of what is bound to its names, so that no name in it means another thing
    /// here than there.
    fn raw(&self, raw: &Raw, operands: &[Expr]) -> (String, Binding) {
        let text = raw.text.trim();
        // What is no list becomes one, and nothing an empty one.
        let text = if raw.is_list { format!("$append([], {text})") } else { text.to_owned() };
        if raw.names.is_empty() {
            return (text, Binding::Condition);
        }
        let names: Vec<_> = raw.names.iter().map(|name| format!("${name}")).collect();
        let values: Vec<_> = operands.iter().map(|e| self.present(e, Binding::Condition)).collect();
        (format!("function({}) {{ {text} }}({})", names.join(", "), values.join(", ")), Binding::Atom)
    }
}
