//! Points in time as text. Nothing reads a time here, but what the context object holds is always written the same way,
//! `2026-03-01T17:00:00.000Z`, and can be taken apart.

use crate::ir::expr::{Context, Expr, Kind, Op};

/// The parts of a picture, in the order in which they stand in the text of a time.
const PARTS: [&str; 7] = ["Y0001", "M01", "D01", "H01", "m01", "s01", "f001"];

/// The pieces of the text, if the picture takes a time of the context object apart as it is.
pub(in crate::lower) fn date_format(time: &Expr, picture: &str, offset: Option<&str>) -> Option<Vec<Expr>> {
    let Kind::Context(Context::ExecutionStart | Context::StateEntered) = time.kind() else { return None };
    if !matches!(offset, None | Some("+0000")) {
        return None;
    }
    let split = Expr::call(Op::Split, [time.clone(), Expr::literal("-T:.Z")]);
    let mut pieces = Vec::new();
    let mut rest = picture;
    while let Some((before, behind)) = rest.split_once('[') {
        let (part, behind) = behind.split_once(']')?;
        let index = PARTS.iter().position(|known| *known == part)?;
        pieces.extend((!before.is_empty()).then(|| Expr::literal(before)));
        pieces.push(Expr::call(Op::GetAt, [split.clone(), Expr::literal(index)]));
        rest = behind;
    }
    pieces.extend((!rest.is_empty()).then(|| Expr::literal(rest)));
    // `]]` and `[[` stand for brackets.
    (!rest.contains(']')).then_some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_the_context_is_taken_apart_and_no_other_is() {
        let start: Expr = Kind::Context(Context::ExecutionStart).into();
        let date = date_format(&start, "[Y0001]-[M01]-[D01]", None);
        assert_eq!(date.map(|pieces| pieces.len()), Some(5));
        assert_eq!(date_format(&start, "[Y0001]", Some("+0900")), None);
        assert_eq!(date_format(&start, "[FNn]", None), None);
        assert_eq!(date_format(&start, "[[[Y0001]]]", None), None);
        assert_eq!(date_format(&Expr::literal("2026"), "[Y0001]", None), None);
    }
}
