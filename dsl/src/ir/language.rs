//! The small languages inside operators (offsets, pictures, patterns, JSONata itself), checked as far as can be told
//! without an engine.

use super::expr::Op;
use crate::diag::{Code, Diagnostic, Place, codes};
use crate::value::Offset;

/// What is wrong with an operator.
pub(super) struct Problem {
    code: Code,
    message: String,
    help: &'static str,
}

impl Problem {
    pub(super) fn at(self, place: &Place) -> Diagnostic {
        Diagnostic::error(self.code, self.message, place.clone()).help(self.help)
    }
}

/// What is wrong with what is written inside an operator.
pub(super) fn problems(op: &Op) -> Vec<Problem> {
    let found = match op {
        Op::Format { picture, offset } => return [offset_problem(offset.as_deref()), picture_problem(picture)]
            .into_iter()
            .flatten()
            .collect(),
        Op::ParseTime(picture) => picture_problem(picture),
        Op::FormatNumber(picture) if !picture.contains(['0', '#']) => Some(Problem {
            code: codes::PICTURE,
            message: format!("expected a picture of a number, found `{picture}`"),
            help: "write a `#` or a `0` for each digit: `#,##0.00`",
        }),
        Op::FormatInteger(picture) if picture.is_empty() => Some(Problem {
            code: codes::PICTURE,
            message: "expected a picture of a whole number, found nothing".to_owned(),
            help: "write `0000` for leading zeros, `I` for Roman numerals, `w` for words",
        }),
        Op::Matches(pattern)
        | Op::ReplaceMatches(pattern)
        | Op::SplitMatches(pattern)
        | Op::Found(pattern)
        | Op::Captures(pattern) => pattern.problem().map(|problem| Problem {
            code: codes::PATTERN,
            message: format!("`{}` is no pattern: {problem}", pattern.source()),
            help: "a pattern is a regular expression of JavaScript; write `\\\\` before a bracket that is meant itself",
        }),
        Op::Raw(raw) => raw.problem().map(|problem| Problem {
            code: codes::RAW_EXPRESSION,
            message: format!("`{}` is no expression: {problem}", raw.text),
            help: "bind each value that it reads to a name: `Value::<f64>::jsonata(\"$sum($items.price)\", [(\"items\", items.untyped())])`",
        }),
        Op::MalformedPath { path, problem } => Some(Problem {
            code: codes::MALFORMED_PATH,
            message: format!("`{path}` names no place: {problem}"),
            help: "write fields and positions: `$.orders[0]['order id']`; for more than one place there are `.map(…)`, \
                   `.filter(…)` and `Value::jsonata(…)`",
        }),
        _ => None,
    };
    found.into_iter().collect()
}

fn offset_problem(offset: Option<&str>) -> Option<Problem> {
    let offset = offset.filter(|offset| Offset::parse(offset).is_none())?;
    Some(Problem {
        code: codes::NO_OFFSET,
        message: format!("expected an offset from UTC such as `+0900`, found `{offset}`"),
        help: "JSONata knows no time zones; write the offset: `.date_in(\"+0900\")`",
    })
}

/// The markers of a picture, by the first letter inside their brackets.
const MARKERS: &str = "YMDdFWwXxHhPmsfZzCE";

fn picture_problem(picture: &str) -> Option<Problem> {
    let problem = |message: String| {
        Some(Problem {
            code: codes::PICTURE,
            message: format!("`{picture}` is no picture of a time: {message}"),
            help: "write such as `[Y0001]-[M01]-[D01] [H01]:[m01]:[s01]`, and `[[` for a bracket",
        })
    };
    let mut rest = picture;
    let mut any = false;
    while let Some(at) = rest.find('[') {
        rest = &rest[at + 1..];
        if let Some(behind) = rest.strip_prefix('[') {
            rest = behind;
            continue;
        }
        let Some(end) = rest.find(']') else { return problem("a `[` without its `]`".to_owned()) };
        let marker = rest[..end].trim_start().chars().next();
        if !marker.is_some_and(|marker| MARKERS.contains(marker)) {
            return problem(format!("`[{}]` is no part of a time", &rest[..end]));
        }
        any = true;
        rest = &rest[end + 1..];
    }
    if any { None } else { problem("no part of a time is in it".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_checked() {
        for right in ["[Y0001]-[M01]-[D01]", "[[[Y]]]", "[D1o] [MNn] [F0], [Z01:01]", "[H#1]:[m01]"] {
            assert!(picture_problem(right).is_none(), "{right}");
        }
        for wrong in ["", "%Y-%m-%d", "[Y0001", "[Q]", "[]", "YYYY"] {
            assert!(picture_problem(wrong).is_some(), "{wrong}");
        }
    }
}
