//! serde's `rename_all` rules.

/// How names are spelt in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

/// The rules by their names.
const CASES: [(&str, Case); 8] = [
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
    ("PascalCase", Case::Pascal),
    ("camelCase", Case::Camel),
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
    ("kebab-case", Case::Kebab),
    ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
];

impl Case {
    pub(super) fn parse(name: &str) -> Result<Self, String> {
        CASES.iter().find(|(known, _)| *known == name).map(|(_, case)| *case).ok_or_else(|| {
            let known: Vec<_> = CASES.iter().map(|(name, _)| format!("`{name}`")).collect();
            format!("unknown rule `{name}`; serde knows {}", known.join(", "))
        })
    }

    /// The JSON name of a field, which is in snake case in Rust.
    pub(super) fn field(self, name: &str) -> String {
        match self {
            Self::Lower | Self::Snake => name.to_owned(),
            Self::Upper | Self::ScreamingSnake => name.to_ascii_uppercase(),
            Self::Pascal => name.split('_').map(capitalised).collect(),
            Self::Camel => uncapitalised(&Self::Pascal.field(name)),
            Self::Kebab => name.replace('_', "-"),
            Self::ScreamingKebab => name.to_ascii_uppercase().replace('_', "-"),
        }
    }

    /// The JSON name of a variant, which is in Pascal case in Rust.
    pub(super) fn variant(self, name: &str) -> String {
        match self {
            Self::Pascal => name.to_owned(),
            Self::Lower => name.to_ascii_lowercase(),
            Self::Upper => name.to_ascii_uppercase(),
            Self::Camel => uncapitalised(name),
            Self::Snake | Self::ScreamingSnake | Self::Kebab | Self::ScreamingKebab => self.field(&snake(name)),
        }
    }
}

fn snake(pascal: &str) -> String {
    let mut snake = String::new();
    for (index, c) in pascal.char_indices() {
        if index > 0 && c.is_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
}

fn uncapitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_ascii_lowercase().to_string() + chars.as_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelt_as_serde_spells_them() {
        let spelt: Vec<_> =
            CASES.iter().map(|(_, case)| (case.field("image_count"), case.variant("ImageCount"))).collect();
        let expected = [
            ("image_count", "imagecount"),
            ("IMAGE_COUNT", "IMAGECOUNT"),
            ("ImageCount", "ImageCount"),
            ("imageCount", "imageCount"),
            ("image_count", "image_count"),
            ("IMAGE_COUNT", "IMAGE_COUNT"),
            ("image-count", "image-count"),
            ("IMAGE-COUNT", "IMAGE-COUNT"),
        ];
        let expected: Vec<_> = expected.iter().map(|(f, v)| ((*f).to_owned(), (*v).to_owned())).collect();
        assert_eq!(spelt, expected);
    }
}
