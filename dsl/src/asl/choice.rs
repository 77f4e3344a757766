//! Choice states and their rules.

use serde_json::Map as JsonMap;

use super::Json;
use super::object::{Part, Rest, object, put, take};

object! {
    /// Chooses what comes next: the first rule that holds.
    pub group Choice {
        /// The rules, in order.
        choices: Option<Vec<Rule>> = "Choices",
        /// The state that comes next if no rule holds.
        default: Option<String> = "Default",
    }
}

/// A rule of a Choice state, or a part of one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rule {
    /// For the reader.
    pub comment: Option<String>,
    /// JSONata: a bool, or an expression that gives one.
    pub condition: Option<Json>,
    /// JSONPath: what is compared.
    pub variable: Option<String>,
    /// JSONPath: how it is compared, and with what.
    pub comparison: Option<Comparison>,
    /// JSONPath: all of these.
    pub and: Option<Vec<Rule>>,
    /// JSONPath: one of these.
    pub or: Option<Vec<Rule>>,
    /// JSONPath: not this.
    pub not: Option<Box<Rule>>,
    /// Variables for the states behind it, if it holds.
    pub assign: Option<Json>,
    /// JSONata: the output, if it holds.
    pub output: Option<Json>,
    /// The state that comes next if it holds.
    pub next: Option<String>,
    /// Everything else.
    pub rest: Rest,
}

/// How a rule compares.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// How.
    pub operator: Operator,
    /// With what: a constant, a path for an operator in `Path`, a bool for one in `Is`.
    pub operand: Json,
}

macro_rules! operators {
    ($($name:ident),+ $(,)?) => {
        /// The comparisons of a JSONPath rule, by their names in the language.
        #[expect(missing_docs, reason = "the names are the language's own")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Operator { $($name),+ }

        impl Operator {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The name in the language.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }
        }
    };
}

operators! {
    StringEquals, StringEqualsPath, StringLessThan, StringLessThanPath, StringGreaterThan, StringGreaterThanPath,
    StringLessThanEquals, StringLessThanEqualsPath, StringGreaterThanEquals, StringGreaterThanEqualsPath, StringMatches,
    NumericEquals, NumericEqualsPath, NumericLessThan, NumericLessThanPath, NumericGreaterThan, NumericGreaterThanPath,
    NumericLessThanEquals, NumericLessThanEqualsPath, NumericGreaterThanEquals, NumericGreaterThanEqualsPath,
    BooleanEquals, BooleanEqualsPath,
    TimestampEquals, TimestampEqualsPath, TimestampLessThan, TimestampLessThanPath, TimestampGreaterThan,
    TimestampGreaterThanPath, TimestampLessThanEquals, TimestampLessThanEqualsPath, TimestampGreaterThanEquals,
    TimestampGreaterThanEqualsPath,
    IsNull, IsPresent, IsNumeric, IsString, IsBoolean, IsTimestamp,
}

impl Part for Rule {
    fn read(json: Json) -> Result<Self, Json> {
        let Json::Object(fields) = json else { return Err(json) };
        let (mut rule, rest) = Rest::read(fields, |fields| {
            // A rule with two comparisons is wrong; the second is kept among the rest.
            let operator = Operator::ALL.iter().copied().find(|operator| fields.contains_key(operator.name()));
            let comparison = operator
                .and_then(|operator| Some(Comparison { operator, operand: fields.swap_remove(operator.name())? }));
            Self {
                comment: take(fields, "Comment"),
                condition: take(fields, "Condition"),
                variable: take(fields, "Variable"),
                comparison,
                and: take(fields, "And"),
                or: take(fields, "Or"),
                not: take(fields, "Not"),
                assign: take(fields, "Assign"),
                output: take(fields, "Output"),
                next: take(fields, "Next"),
                rest: Rest::default(),
            }
        });
        rule.rest = rest;
        Ok(rule)
    }

    fn write(&self) -> Json {
        let mut fields = JsonMap::new();
        put(&mut fields, "Comment", &self.comment);
        put(&mut fields, "Condition", &self.condition);
        put(&mut fields, "Variable", &self.variable);
        if let Some(Comparison { operator, operand }) = &self.comparison {
            put(&mut fields, operator.name(), operand);
        }
        put(&mut fields, "And", &self.and);
        put(&mut fields, "Or", &self.or);
        put(&mut fields, "Not", &self.not);
        put(&mut fields, "Assign", &self.assign);
        put(&mut fields, "Output", &self.output);
        put(&mut fields, "Next", &self.next);
        self.rest.write(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_39_operators_with_the_languages_own_names() {
        assert_eq!(Operator::ALL.len(), 39);
        assert_eq!(Operator::NumericLessThanEqualsPath.name(), "NumericLessThanEqualsPath");
    }
}
