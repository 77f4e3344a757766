//! Conditions as choice rules.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html>

use serde_json::Value as Json;

use super::Writer;
use crate::asl::{Comparison, Operator, Rule};
use crate::ir::expr::{Expr, Kind, Op};

impl Writer<'_, '_, '_> {
    /// A rule that holds when the condition does.
    pub(in crate::lower) fn rule(&self, condition: &Expr) -> Rule {
        let condition = self.view.resolved(condition);
        match condition.kind() {
            Kind::Literal(Json::Bool(holds)) => constant(*holds),
            Kind::Call(Op::And, operands) => all(operands.iter().map(|e| self.rule(e)).collect()),
            Kind::Call(Op::Or, operands) => any(operands.iter().map(|e| self.rule(e)).collect()),
            Kind::Call(Op::Not, operands) => match operands[0].kind() {
                Kind::Call(Op::IsSome, inner) => self.is_nothing(&inner[0]),
                _ => not(self.rule(&operands[0])),
            },
            Kind::Call(Op::IsSome, operands) => self.is_something(&operands[0]),
            Kind::Call(Op::NotEqual, operands) => not(self.compared(&Op::Equal, &operands[0], &operands[1])),
            Kind::Call(Op::TextContains, operands) => self.like(&condition, operands, ("*", "*")),
            Kind::Call(Op::StartsWith, operands) => self.like(&condition, operands, ("", "*")),
            Kind::Call(Op::EndsWith, operands) => self.like(&condition, operands, ("*", "")),
            Kind::Call(op, operands) if operands.len() == 2 && Order::of(op).is_some() => {
                self.compared(op, &operands[0], &operands[1])
            }
            _ => {
                let rule = one(self.variable(&condition), Operator::BooleanEquals, true);
                self.if_present(&condition, rule)
            }
        }
    }

    fn variable(&self, expr: &Expr) -> String {
        self.path(expr).unwrap_or_else(|| {
            self.refuse(expr, "a choice rule compares what is at a path");
            String::new()
        })
    }

    fn compared(&self, op: &Op, left: &Expr, right: &Expr) -> Rule {
        let Some(order) = Order::of(op) else { return constant(false) };
        let [left, right] = [left, right].map(|e| self.view.resolved(e));
        if let (Some(left), Some(right)) = (millis_of(&left), millis_of(&right)) {
            return self.timed(order, left, right);
        }
        match (left.kind(), right.kind()) {
            (Kind::Literal(a), Kind::Literal(b)) => constant(order.holds(a, b)),
            (Kind::Literal(_), _) => self.compared(&order.flipped().op(), &right, &left),
            (_, Kind::Literal(Json::Null)) => self.is_nothing(&left),
            (_, Kind::Literal(known)) => match order.constant(known) {
                Some(operator) => self.if_present(&left, one(self.variable(&left), operator, known.clone())),
                None => {
                    self.refuse(&right, "a choice rule compares texts, numbers and bools");
                    constant(false)
                }
            },
            _ => self.both_computed(order, &left, &right),
        }
    }

    /// Two paths. What type they lead to is not known here, and a comparison of another type does not hold.
    fn both_computed(&self, order: Order, left: &Expr, right: &Expr) -> Rule {
        let [variable, operand] = [left, right].map(|e| self.variable(e));
        let compare = |operator: &Operator| one(variable.clone(), *operator, operand.clone());
        let rule = any(order.of_paths().iter().map(compare).collect());
        let rule = self.if_present(right, self.if_present(left, rule));
        if order == Order::Equal && self.view.may_be_absent(left) && self.view.may_be_absent(right) {
            return any(vec![all(vec![self.is_nothing(left), self.is_nothing(right)]), rule]);
        }
        rule
    }

    fn timed(&self, order: Order, left: &Expr, right: &Expr) -> Rule {
        let [left, right] = [left, right].map(|e| self.view.resolved(e));
        match (left.kind(), right.kind()) {
            (Kind::Literal(_), Kind::Literal(_)) => {
                self.refuse(&left, "two known times: compare them in Rust");
                constant(false)
            }
            (Kind::Literal(_), _) => self.timed(order.flipped(), &right, &left),
            (_, Kind::Literal(known)) => one(self.variable(&left), order.of_times(false), known.clone()),
            _ => one(self.variable(&left), order.of_times(true), self.variable(&right)),
        }
    }

    /// Text with a known part in it; `around` are the wildcards before and behind it.
    fn like(&self, whole: &Expr, operands: &[Expr], around: (&str, &str)) -> Rule {
        let (text, part) = (&operands[0], self.view.resolved(&operands[1]));
        let Kind::Literal(Json::String(part)) = part.kind() else {
            self.refuse(whole, "a rule looks for what is known only");
            return constant(false);
        };
        let pattern = format!("{}{}{}", around.0, part.replace('\\', "\\\\").replace('*', "\\*"), around.1);
        self.if_present(text, one(self.variable(text), Operator::StringMatches, pattern))
    }

    /// A rule that would fail the state where there is nothing to compare.
    fn if_present(&self, expr: &Expr, rule: Rule) -> Rule {
        if !self.view.may_be_absent(expr) {
            return rule;
        }
        all(vec![one(self.variable(expr), Operator::IsPresent, true), rule])
    }

    fn is_something(&self, expr: &Expr) -> Rule {
        self.if_present(expr, not(one(self.variable(expr), Operator::IsNull, true)))
    }

    /// Whether it is absent or `null`.
    fn is_nothing(&self, expr: &Expr) -> Rule {
        let variable = self.variable(expr);
        let null = one(variable.clone(), Operator::IsNull, true);
        if !self.view.may_be_absent(expr) {
            return null;
        }
        any(vec![not(one(variable, Operator::IsPresent, true)), null])
    }
}

/// The ways to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Order {
    const fn of(op: &Op) -> Option<Self> {
        Some(match op {
            Op::Equal => Self::Equal,
            Op::Less => Self::Less,
            Op::LessOrEqual => Self::LessOrEqual,
            Op::Greater => Self::Greater,
            Op::GreaterOrEqual => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    const fn op(self) -> Op {
        match self {
            Self::Equal => Op::Equal,
            Self::Less => Op::Less,
            Self::LessOrEqual => Op::LessOrEqual,
            Self::Greater => Op::Greater,
            Self::GreaterOrEqual => Op::GreaterOrEqual,
        }
    }

    /// The same with the operands the other way round.
    const fn flipped(self) -> Self {
        match self {
            Self::Equal => Self::Equal,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
        }
    }

    fn holds(self, a: &Json, b: &Json) -> bool {
        let order = match (a, b) {
            (Json::String(a), Json::String(b)) => a.partial_cmp(b),
            _ => a.as_f64().partial_cmp(&b.as_f64()),
        };
        match self {
            Self::Equal => a == b,
            Self::Less => order.is_some_and(std::cmp::Ordering::is_lt),
            Self::LessOrEqual => order.is_some_and(std::cmp::Ordering::is_le),
            Self::Greater => order.is_some_and(std::cmp::Ordering::is_gt),
            Self::GreaterOrEqual => order.is_some_and(std::cmp::Ordering::is_ge),
        }
    }

    /// With a constant.
    const fn constant(self, known: &Json) -> Option<Operator> {
        Some(match (known, self) {
            (Json::String(_), Self::Equal) => Operator::StringEquals,
            (Json::String(_), Self::Less) => Operator::StringLessThan,
            (Json::String(_), Self::LessOrEqual) => Operator::StringLessThanEquals,
            (Json::String(_), Self::Greater) => Operator::StringGreaterThan,
            (Json::String(_), Self::GreaterOrEqual) => Operator::StringGreaterThanEquals,
            (Json::Number(_), Self::Equal) => Operator::NumericEquals,
            (Json::Number(_), Self::Less) => Operator::NumericLessThan,
            (Json::Number(_), Self::LessOrEqual) => Operator::NumericLessThanEquals,
            (Json::Number(_), Self::Greater) => Operator::NumericGreaterThan,
            (Json::Number(_), Self::GreaterOrEqual) => Operator::NumericGreaterThanEquals,
            (Json::Bool(_), Self::Equal) => Operator::BooleanEquals,
            _ => return None,
        })
    }

    /// With what is at another path.
    const fn of_paths(self) -> &'static [Operator] {
        match self {
            Self::Equal => &[Operator::StringEqualsPath, Operator::NumericEqualsPath, Operator::BooleanEqualsPath],
            Self::Less => &[Operator::NumericLessThanPath, Operator::StringLessThanPath],
            Self::LessOrEqual => &[Operator::NumericLessThanEqualsPath, Operator::StringLessThanEqualsPath],
            Self::Greater => &[Operator::NumericGreaterThanPath, Operator::StringGreaterThanPath],
            Self::GreaterOrEqual => &[Operator::NumericGreaterThanEqualsPath, Operator::StringGreaterThanEqualsPath],
        }
    }

    const fn of_times(self, path: bool) -> Operator {
        match (self, path) {
            (Self::Equal, false) => Operator::TimestampEquals,
            (Self::Less, false) => Operator::TimestampLessThan,
            (Self::LessOrEqual, false) => Operator::TimestampLessThanEquals,
            (Self::Greater, false) => Operator::TimestampGreaterThan,
            (Self::GreaterOrEqual, false) => Operator::TimestampGreaterThanEquals,
            (Self::Equal, true) => Operator::TimestampEqualsPath,
            (Self::Less, true) => Operator::TimestampLessThanPath,
            (Self::LessOrEqual, true) => Operator::TimestampLessThanEqualsPath,
            (Self::Greater, true) => Operator::TimestampGreaterThanPath,
            (Self::GreaterOrEqual, true) => Operator::TimestampGreaterThanEqualsPath,
        }
    }
}

/// The point in time whose milliseconds it is.
pub(in crate::lower) fn millis_of(expr: &Expr) -> Option<&Expr> {
    match expr.kind() {
        Kind::Call(Op::Millis, operands) => Some(&operands[0]),
        _ => None,
    }
}

/// A rule that always holds.
pub(in crate::lower) fn always() -> Rule {
    constant(true)
}

/// A rule that always holds, or never.
fn constant(holds: bool) -> Rule {
    one("$$.Execution.Id".to_owned(), Operator::IsPresent, holds)
}

fn one(variable: String, operator: Operator, operand: impl Into<Json>) -> Rule {
    let comparison = Comparison { operator, operand: operand.into() };
    Rule { variable: Some(variable), comparison: Some(comparison), ..Rule::default() }
}

fn all(rules: Vec<Rule>) -> Rule {
    // What stands inside is flattened: `a and b and c` is one list.
    let rules = rules.into_iter().flat_map(|rule| match rule {
        Rule { and: Some(inner), .. } => inner,
        other => vec![other],
    });
    Rule { and: Some(rules.collect()), ..Rule::default() }
}

fn any(rules: Vec<Rule>) -> Rule {
    let mut rules: Vec<_> = rules
        .into_iter()
        .flat_map(|rule| match rule {
            Rule { or: Some(inner), .. } => inner,
            other => vec![other],
        })
        .collect();
    if rules.len() == 1 {
        return rules.remove(0);
    }
    Rule { or: Some(rules), ..Rule::default() }
}

fn not(rule: Rule) -> Rule {
    match rule {
        Rule { not: Some(inner), .. } => *inner,
        rule => Rule { not: Some(Box::new(rule)), ..Rule::default() },
    }
}
