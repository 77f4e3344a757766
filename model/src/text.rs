//! The regular expressions of the APIs.

/// Whether all of a text matches; nothing if the expression can't be read here.
#[cfg(feature = "patterns")]
pub(crate) fn matches(pattern: &str, text: &str) -> Option<bool> {
    compiled(pattern).map(|regex| regex.find(text).is_some())
}

/// Without the feature `patterns` nothing is compared.
#[cfg(not(feature = "patterns"))]
pub(crate) fn matches(_pattern: &str, _text: &str) -> Option<bool> {
    None
}

/// An expression of Java's as one of JavaScript's, which is the same for nearly all.
#[cfg(feature = "patterns")]
pub(crate) fn compiled(pattern: &str) -> Option<regress::Regex> {
    // What only Java has: intersections of classes, its own names of classes, switches in the middle.
    if pattern.contains("&&") || pattern.contains("(?i)") || pattern.contains("[[:") {
        return None;
    }
    let whole = format!("^(?:{pattern})$");
    let unicode = regress::Regex::with_flags(&whole, "u").ok();
    // Without that flag `\_` is `_`, and `\p{L}` would be the letters `p{L}`.
    let plain = || {
        let differs =
            ["\\p", "\\P", "\\A", "\\Z", "\\z", "\\h", "\\Q", "\\x{"].iter().any(|escape| pattern.contains(escape));
        (!differs).then(|| regress::Regex::new(&whole).ok()).flatten()
    };
    unicode.or_else(plain)
}

#[cfg(all(test, feature = "patterns"))]
mod tests {
    use super::*;
    use crate::{Kind, service, services};

    #[test]
    fn all_of_a_text_is_compared() {
        assert_eq!(matches("[a-z]+", "abc"), Some(true));
        assert_eq!(matches("[a-z]+", "abc!"), Some(false));
        assert_eq!(matches(r"[\w\_\-]+", "a-b_c"), Some(true));
        assert_eq!(matches(r"[\p{L}]+", "äb"), Some(true));
        assert_eq!(matches(r"\p{Punct}", "!"), None);
    }

    #[test]
    fn nearly_all_expressions_can_be_read() {
        let mut seen = std::collections::BTreeSet::new();
        for service in ["ecs", "s3", "lambda", "glue", "sagemaker", "batch", "ssm", "iam", "athena", "rds"]
            .into_iter()
            .filter_map(service)
        {
            for number in 0..service.shapes() {
                if let Some(Kind::Text { pattern: Some(pattern), .. }) =
                    service.shape(&number.to_string()).map(|s| s.kind())
                {
                    seen.insert(pattern);
                }
            }
        }
        let unread: Vec<_> = seen.iter().filter(|pattern| compiled(pattern).is_none()).collect();
        assert!(unread.len() * 50 < seen.len(), "{} of {}: {unread:?}", unread.len(), seen.len());
        assert!(services().count() > 0);
    }
}
