//! The tokens of expressions.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'e> {
    /// A name, a keyword or a function.
    Word(&'e str),
    /// `#name`
    Name(&'e str),
    /// `:value`
    Value(&'e str),
    Digits(&'e str),
    Symbol(&'e str),
    /// What can't be part of an expression.
    Unknown(&'e str),
}

impl<'e> Token<'e> {
    pub(super) const fn text(self) -> &'e str {
        match self {
            Self::Word(text)
            | Self::Name(text)
            | Self::Value(text)
            | Self::Digits(text)
            | Self::Symbol(text)
            | Self::Unknown(text) => text,
        }
    }

    pub(super) fn is_keyword(self, keyword: &str) -> bool {
        matches!(self, Self::Word(word) if word.eq_ignore_ascii_case(keyword))
    }
}

/// Longer ones before their beginnings.
const SYMBOLS: [&str; 14] = ["<>", "<=", ">=", "<", ">", "=", "(", ")", "[", "]", ".", ",", "+", "-"];

/// All tokens, each with the place behind its end.
pub(super) fn tokens(expression: &str) -> Vec<(Token<'_>, usize)> {
    let mut found = Vec::new();
    let mut rest = expression;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        let Some(token) = first(rest) else { return found };
        rest = rest.get(token.text().len()..).unwrap_or_default();
        found.push((token, expression.len() - rest.len()));
    }
}

fn first(rest: &str) -> Option<Token<'_>> {
    let head = rest.chars().next()?;
    let run = |from: usize, part: fn(char) -> bool| {
        let end = rest.char_indices().skip(from).find(|(_, c)| !part(*c)).map_or(rest.len(), |(place, _)| place);
        rest.get(..end).unwrap_or_default()
    };
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let token = match head {
        'a'..='z' | 'A'..='Z' => Token::Word(run(1, is_part)),
        '0'..='9' => Token::Digits(run(1, |c| c.is_ascii_digit())),
        '#' if run(1, is_part).len() > 1 => Token::Name(run(1, is_part)),
        ':' if run(1, is_part).len() > 1 => Token::Value(run(1, is_part)),
        _ => match SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol)) {
            Some(symbol) => Token::Symbol(rest.get(..symbol.len()).unwrap_or_default()),
            None => Token::Unknown(rest.get(..head.len_utf8()).unwrap_or_default()),
        },
    };
    Some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_cut_into_tokens() {
        let found: Vec<_> = tokens("size(#a.b[10])<> :v1").into_iter().map(|(token, _)| token).collect();
        assert_eq!(
            found,
            [
                Token::Word("size"),
                Token::Symbol("("),
                Token::Name("#a"),
                Token::Symbol("."),
                Token::Word("b"),
                Token::Symbol("["),
                Token::Digits("10"),
                Token::Symbol("]"),
                Token::Symbol(")"),
                Token::Symbol("<>"),
                Token::Value(":v1"),
            ]
        );
    }

    #[test]
    fn names_begin_with_a_letter() {
        assert_eq!(tokens("_id").first(), Some(&(Token::Unknown("_"), 1)));
        assert_eq!(tokens("# é").iter().map(|(token, _)| token.text()).collect::<Vec<_>>(), ["#", "é"]);
    }
}
