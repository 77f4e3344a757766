//! Errors, with the codes and messages of the reference implementation.

use std::fmt;

/// Why an expression could not be parsed or evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    /// Such as `T2001`; empty for an error of `$error` or `$assert`.
    pub code: &'static str,
    /// Where in the expression, counted in characters.
    pub position: usize,
    /// What is wrong.
    pub message: String,
}

impl Error {
    /// An error with its code's message, in which `{token}` and `{value}` are filled in.
    pub(crate) fn new(code: &'static str, position: usize, token: &str, value: &str) -> Self {
        let template = MESSAGES.iter().find(|(known, _)| *known == code).map_or("unknown error", |(_, text)| *text);
        let message = template.replace("{token}", token).replace("{value}", value);
        Self { code, position, message }
    }

    /// An error of a function, whose name and position are filled in by whoever called it.
    pub(crate) fn of(code: &'static str) -> Self {
        Self::new(code, 0, "{token}", "{value}")
    }

    pub(crate) fn with_value(code: &'static str, value: &str) -> Self {
        Self::new(code, 0, "{token}", value)
    }

    /// Fills in what called.
    pub(crate) fn called(mut self, token: &str, position: usize) -> Self {
        self.message = self.message.replace("{token}", token);
        if self.position == 0 {
            self.position = position;
        }
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            "" => f.write_str(&self.message),
            code => write!(f, "{code}: {}", self.message),
        }
    }
}

impl std::error::Error for Error {}

const MESSAGES: &[(&str, &str)] = &[
    ("S0101", "String literal must be terminated by a matching quote"),
    ("S0102", "Number out of range: {token}"),
    ("S0103", "Unsupported escape sequence: \\{token}"),
    ("S0104", "The escape sequence \\u must be followed by 4 hex digits"),
    ("S0105", "Quoted property name must be terminated with a backquote (`)"),
    ("S0106", "Comment has no closing tag"),
    ("S0201", "Syntax error: {token}"),
    ("S0202", "Expected {value}, got {token}"),
    ("S0203", "Expected {value} before end of expression"),
    ("S0204", "Unknown operator: {token}"),
    ("S0206", "Unknown expression type: {token}"),
    ("S0207", "Unexpected end of expression"),
    ("S0208", "Parameter {value} of function definition must be a variable name (start with $)"),
    ("S0209", "A predicate cannot follow a grouping expression in a step"),
    ("S0210", "Each step can only have one grouping expression"),
    ("S0211", "The symbol {token} cannot be used as a unary operator"),
    ("S0212", "The left side of := must be a variable name (start with $)"),
    ("S0213", "The literal value {value} cannot be used as a step within a path expression"),
    ("S0214", "The right side of {token} must be a variable name (start with $)"),
    ("S0215", "A context variable binding must precede any predicates on a step"),
    ("S0216", "A context variable binding must precede the 'order-by' clause on a step"),
    ("S0217", "The object representing the 'parent' cannot be derived from this expression"),
    ("S0301", "Empty regular expressions are not allowed"),
    ("S0302", "No terminating / in regular expression"),
    ("S0401", "Type parameters can only be applied to functions and arrays"),
    ("S0402", "Choice groups containing parameterized types are not supported"),
    ("T0410", "Argument {value} of function {token} does not match function signature"),
    ("T0411", "Context value is not a compatible type with argument {value} of function {token}"),
    ("T0412", "Argument {value} of function {token} must be an array of the right type"),
    ("T1003", "Key in object structure must evaluate to a string; got: {value}"),
    ("T1005", "Attempted to invoke a non-function. Did you mean ${token}?"),
    ("T1006", "Attempted to invoke a non-function"),
    ("T1007", "Attempted to partially apply a non-function. Did you mean ${token}?"),
    ("T1008", "Attempted to partially apply a non-function"),
    ("T1010", "The matcher function argument passed to function {token} does not return the correct object structure"),
    ("D1001", "Number out of range: {value}"),
    ("D1002", "Cannot negate a non-numeric value: {value}"),
    ("D1004", "Regular expression matches zero length string"),
    ("D1009", "Multiple key definitions evaluate to same key: {value}"),
    ("T2001", "The left side of the {token} operator must evaluate to a number"),
    ("T2002", "The right side of the {token} operator must evaluate to a number"),
    ("T2003", "The left side of the range operator (..) must evaluate to an integer"),
    ("T2004", "The right side of the range operator (..) must evaluate to an integer"),
    (
        "D2014",
        "The size of the sequence allocated by the range operator (..) must not exceed 1e6.  Attempted to allocate {value}.",
    ),
    ("T2006", "The right side of the function application operator ~> must be a function"),
    ("T2007", "Type mismatch when comparing values {value} in order-by clause"),
    ("T2008", "The expressions within an order-by clause must evaluate to numeric or string values"),
    ("T2009", "The values {value} either side of operator {token} must be of the same data type"),
    ("T2010", "The expressions either side of operator {token} must evaluate to numeric or string values"),
    ("T2011", "The insert/update clause of the transform expression must evaluate to an object: {value}"),
    ("T2012", "The delete clause of the transform expression must evaluate to a string or array of strings: {value}"),
    ("D3001", "Attempting to invoke string function on Infinity or NaN"),
    ("D3010", "Second argument of replace function cannot be an empty string"),
    ("D3011", "Fourth argument of replace function must evaluate to a positive number"),
    ("D3012", "Attempted to replace a matched string with a non-string value"),
    ("D3020", "Third argument of split function must evaluate to a positive number"),
    ("D3030", "Unable to cast value to a number: {value}"),
    ("D3040", "Third argument of match function must evaluate to a positive number"),
    ("D3050", "The second argument of reduce function must be a function with at least two arguments"),
    ("D3060", "The sqrt function cannot be applied to a negative number: {value}"),
    ("D3061", "The power function has resulted in a value that cannot be represented as a JSON number: base={value}"),
    (
        "D3070",
        "The single argument form of the sort function can only be applied to an array of strings or an array of numbers.  Use the second argument to specify a comparison function",
    ),
    ("D3080", "The second argument of formatNumber must contain at most two sub-pictures"),
    ("D3081", "A sub-picture of formatNumber must not contain more than one decimal separator"),
    ("D3082", "A sub-picture of formatNumber must not contain more than one percent character"),
    ("D3083", "A sub-picture of formatNumber must not contain more than one per-mille character"),
    ("D3084", "A sub-picture of formatNumber must not contain both a percent and a per-mille character"),
    ("D3085", "The mantissa of a sub-picture of formatNumber must contain a digit"),
    ("D3086", "A sub-picture of formatNumber must not contain a passive character between active ones"),
    ("D3087", "A sub-picture of formatNumber must not contain a grouping separator beside a decimal separator"),
    ("D3088", "The integer part of a sub-picture of formatNumber must not end with a grouping separator"),
    ("D3089", "A sub-picture of formatNumber must not contain two grouping separators side by side"),
    (
        "D3090",
        "The integer part of a sub-picture of formatNumber must not have an optional digit behind a mandatory one",
    ),
    ("D3091", "The fraction of a sub-picture of formatNumber must not have a mandatory digit behind an optional one"),
    ("D3092", "A sub-picture of formatNumber with a percent or per-mille character must not have an exponent"),
    ("D3093", "The exponent of a sub-picture of formatNumber must be made of decimal digits"),
    ("D3100", "The radix of the formatBase function must be between 2 and 36.  It was given {value}"),
    ("D3110", "The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given {value}"),
    (
        "D3130",
        "Formatting or parsing an integer as a sequence starting with {value} is not supported by this implementation",
    ),
    ("D3131", "In a decimal digit pattern, all digits must be from the same decimal group"),
    ("D3132", "Unknown component specifier {value} in date/time picture string"),
    (
        "D3133",
        "The 'name' modifier can only be applied to months and days in the date/time picture string, not {value}",
    ),
    ("D3134", "The timezone integer format specifier cannot have more than four digits"),
    ("D3135", "No matching closing bracket ']' in date/time picture string"),
    ("D3136", "The date/time picture string is missing specifiers required to parse the timestamp"),
    ("D3137", "{value}"),
    ("D3138", "The $single() function expected exactly 1 matching result.  Instead it matched more."),
    ("D3139", "The $single() function expected exactly 1 matching result.  Instead it matched 0."),
    ("D3140", "Malformed URL passed to ${token}(): {value}"),
    ("D3141", "{value}"),
    (
        "U1001",
        "Stack overflow error: Check for non-terminating recursive function.  Consider rewriting as tail-recursive",
    ),
];
