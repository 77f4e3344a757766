//! Whole numbers by a picture: `$formatInteger`, `$parseInteger`.
//! <https://www.w3.org/TR/xpath-functions-31/#formatting-integers>

use super::{Call, Table};
use crate::jsonata::error::Error;
use crate::jsonata::value::{Value, number_to_text};

pub(super) const FUNCTIONS: Table = &[
    ("formatInteger", "<n-s:s>", |call| {
        let (Some(number), Some(picture)) = (call.number(0), call.text(1)) else { return Ok(Value::Undefined) };
        Ok(Picture::read(picture)?.format(number.floor())?.into())
    }),
    ("parseInteger", "<s-s:n>", |call: &Call<'_>| {
        let (Some(text), Some(picture)) = (call.text(0), call.text(1)) else { return Ok(Value::Undefined) };
        Ok(Picture::read(picture)?.parse(text)?.into())
    }),
];

/// How a whole number is written.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    pub style: Style,
    pub case: Case,
    pub ordinal: bool,
    pub mandatory: usize,
    pub optional: usize,
    zero: char,
    /// From the right: after how many digits, and which character.
    separators: Vec<(usize, char)>,
    /// The one separator that is repeated.
    repeated: Option<(usize, char)>,
    token: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Decimal,
    Letters,
    Roman,
    Words,
    /// A numbering that is not known.
    Sequence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Upper,
    Lower,
    Title,
}

/// The zeros of the decimal digits of Unicode.
const ZEROS: [u32; 37] = [
    0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
    0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
];

const ROMAN: [(u64, &str); 13] = [
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
];
const FEW: [&str; 20] = [
    "Zero",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
    "Thirteen",
    "Fourteen",
    "Fifteen",
    "Sixteen",
    "Seventeen",
    "Eighteen",
    "Nineteen",
];
const ORDINALS: [&str; 20] = [
    "Zeroth",
    "First",
    "Second",
    "Third",
    "Fourth",
    "Fifth",
    "Sixth",
    "Seventh",
    "Eighth",
    "Ninth",
    "Tenth",
    "Eleventh",
    "Twelfth",
    "Thirteenth",
    "Fourteenth",
    "Fifteenth",
    "Sixteenth",
    "Seventeenth",
    "Eighteenth",
    "Nineteenth",
];
const DECADES: [&str; 8] = ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"];
const MAGNITUDES: [&str; 4] = ["Thousand", "Million", "Billion", "Trillion"];

impl Picture {
    pub(super) fn read(picture: &str) -> Result<Self, Error> {
        let (primary, modifier) = picture.rsplit_once(';').unwrap_or((picture, ""));
        let mut found = Self {
            style: Style::Decimal,
            case: Case::Lower,
            ordinal: modifier.starts_with('o'),
            mandatory: 0,
            optional: 0,
            zero: '0',
            separators: Vec::new(),
            repeated: None,
            token: primary.to_owned(),
        };
        (found.style, found.case) = match primary {
            "A" => (Style::Letters, Case::Upper),
            "a" => (Style::Letters, Case::Lower),
            "I" => (Style::Roman, Case::Upper),
            "i" => (Style::Roman, Case::Lower),
            "W" => (Style::Words, Case::Upper),
            "Ww" => (Style::Words, Case::Title),
            "w" => (Style::Words, Case::Lower),
            _ => {
                found.decimal(primary)?;
                return Ok(found);
            }
        };
        Ok(found)
    }

    fn decimal(&mut self, primary: &str) -> Result<(), Error> {
        let mut zero = None;
        let mut position = 0;
        for c in primary.chars().rev() {
            let family = ZEROS.into_iter().find(|zero| (*zero..zero + 10).contains(&u32::from(c)));
            match (family, c) {
                (Some(family), _) => {
                    if zero.is_some_and(|zero| zero != family) {
                        return Err(Error::of("D3131"));
                    }
                    zero = Some(family);
                    self.mandatory += 1;
                    position += 1;
                }
                (None, '#') => {
                    self.optional += 1;
                    position += 1;
                }
                (None, other) => self.separators.push((position, other)),
            }
        }
        let Some(zero) = zero else {
            self.style = Style::Sequence;
            return Ok(());
        };
        self.zero = char::from_u32(zero).unwrap_or('0');
        self.repeated = repeated(&self.separators);
        Ok(())
    }

    /// Whether separators are regular, as in `01:01`.
    pub(super) const fn is_regular(&self) -> bool {
        self.repeated.is_some()
    }

    pub(super) fn format(&self, number: f64) -> Result<String, Error> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole")]
        let whole = number.abs() as u64;
        let text = match self.style {
            Style::Letters => letters(whole, self.case),
            Style::Roman => cased(&roman(whole), self.case),
            Style::Words => cased(&words(number.abs(), false, self.ordinal), self.case),
            Style::Decimal => self.digits(&format!("{:.0}", number.abs())),
            Style::Sequence => return Err(Error::with_value("D3130", &self.token)),
        };
        Ok(if number < 0.0 { format!("-{text}") } else { text })
    }

    fn digits(&self, number: &str) -> String {
        let padded = format!("{number:0>width$}", width = self.mandatory);
        let mut characters: Vec<char> = padded
            .chars()
            .map(|c| c.to_digit(10).and_then(|digit| char::from_u32(u32::from(self.zero) + digit)).unwrap_or(c))
            .collect();
        let length = characters.len();
        let places: Vec<(usize, char)> = match self.repeated {
            Some((every, c)) => (1..).map(|n| n * every).take_while(|at| *at < length).map(|at| (at, c)).collect(),
            None => self.separators.iter().copied().filter(|(at, _)| *at < length).collect(),
        };
        // From the right, so that what is inserted does not move the next place.
        for (at, c) in places {
            characters.insert(length - at, c);
        }
        let mut text: String = characters.into_iter().collect();
        if self.ordinal {
            let bytes = number.as_bytes();
            let teen = bytes.len() > 1 && bytes[bytes.len() - 2] == b'1';
            text.push_str(match bytes.last() {
                Some(b'1') if !teen => "st",
                Some(b'2') if !teen => "nd",
                Some(b'3') if !teen => "rd",
                _ => "th",
            });
        }
        text
    }

    pub(super) fn parse(&self, text: &str) -> Result<f64, Error> {
        let number = match self.style {
            Style::Letters => text.chars().fold(0.0, |sum, c| {
                let letter = u32::from(c.to_ascii_lowercase()).saturating_sub(u32::from('a')) + 1;
                sum * 26.0 + f64::from(letter)
            }),
            Style::Roman => parse_roman(text),
            Style::Words => parse_words(text),
            Style::Sequence => return Err(Error::with_value("D3130", &self.token)),
            Style::Decimal => {
                let zero = u32::from(self.zero);
                let digits = text.chars().filter_map(|c| u32::from(c).checked_sub(zero).filter(|digit| *digit < 10));
                digits.fold(0.0, |sum, digit| sum * 10.0 + f64::from(digit))
            }
        };
        Ok(number)
    }
}

fn repeated(separators: &[(usize, char)]) -> Option<(usize, char)> {
    let (_, c) = *separators.first()?;
    if separators.iter().any(|(_, other)| *other != c) {
        return None;
    }
    let places: Vec<usize> = separators.iter().map(|(at, _)| *at).collect();
    interval(&places).map(|every| (every, c))
}

/// After how many digits a separator comes again and again, if these places of it are such.
pub(super) fn interval(places: &[usize]) -> Option<usize> {
    let gcd = |mut a: usize, mut b: usize| {
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    let every = places.iter().copied().reduce(gcd)?;
    (every > 0 && (1..=places.len()).all(|n| places.contains(&(n * every)))).then_some(every)
}

pub(super) fn cased(text: &str, case: Case) -> String {
    match case {
        Case::Upper => text.to_uppercase(),
        Case::Lower => text.to_lowercase(),
        Case::Title => text.to_owned(),
    }
}

fn letters(mut number: u64, case: Case) -> String {
    let first = if case == Case::Upper { b'A' } else { b'a' };
    let mut found = Vec::new();
    while number > 0 {
        found.push(char::from(first + u8::try_from((number - 1) % 26).unwrap_or_default()));
        number = (number - 1) / 26;
    }
    found.into_iter().rev().collect()
}

fn roman(mut number: u64) -> String {
    let mut text = String::new();
    for (value, letters) in ROMAN {
        // Thousands beyond reason would fill the memory.
        while number >= value && text.len() < 10_000 {
            text.push_str(letters);
            number -= value;
        }
    }
    text
}

fn parse_roman(text: &str) -> f64 {
    let value = |c: char| {
        ROMAN.iter().find(|(_, letters)| **letters == *c.to_ascii_lowercase().to_string()).map_or(0, |(v, _)| *v)
    };
    let (mut sum, mut most) = (0_i64, 0);
    for c in text.chars().rev() {
        let value = i64::try_from(value(c)).unwrap_or_default();
        sum += if value < most { -value } else { value };
        most = most.max(value);
    }
    #[expect(clippy::cast_precision_loss, reason = "small")]
    (sum as f64)
}

fn words(number: f64, follows: bool, ordinal: bool) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, and small where it counts")]
    let small = number as usize;
    let and = |separator: &'static str| if follows { separator } else { "" };
    if number < 20.0 {
        return format!("{}{}", and(" and "), if ordinal { ORDINALS[small] } else { FEW[small] });
    }
    if number < 100.0 {
        let decade = DECADES[small / 10 - 2];
        return match (small % 10, ordinal) {
            (0, true) => format!("{}{}ieth", and(" and "), &decade[..decade.len() - 1]),
            (0, false) => format!("{}{decade}", and(" and ")),
            (rest, _) => format!("{}{decade}-{}", and(" and "), if ordinal { ORDINALS[rest] } else { FEW[rest] }),
        };
    }
    let (head, rest) = if number < 1_000.0 {
        (format!("{} Hundred", FEW[small / 100]), number % 100.0)
    } else {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small exponent")]
        let magnitude = (((number.log10() + 1e-12) / 3.0).floor() as usize).clamp(1, MAGNITUDES.len());
        let factor = 1_000_f64.powi(i32::try_from(magnitude).unwrap_or(1));
        let many = (number / factor).floor();
        (format!("{} {}", words(many, false, false), MAGNITUDES[magnitude - 1]), number - many * factor)
    };
    let tail = match (rest > 0.0, ordinal) {
        (true, _) => words(rest, true, ordinal),
        (false, true) => "th".to_owned(),
        (false, false) => String::new(),
    };
    format!("{}{head}{tail}", and(", "))
}

fn parse_words(text: &str) -> f64 {
    let text = text.to_lowercase();
    let parts = text.split([',', ' ', '-']).filter(|part| !part.is_empty() && *part != "and");
    let mut segments = vec![0.0];
    for part in parts {
        let value = word_value(part);
        let top = segments.last_mut();
        match top {
            Some(top) if value < 100.0 => {
                if *top >= 1_000.0 {
                    segments.push(value);
                } else {
                    *top += value;
                }
            }
            Some(top) => *top *= value,
            None => {}
        }
    }
    segments.into_iter().sum()
}

fn word_value(word: &str) -> f64 {
    let is = |known: &&str| known.eq_ignore_ascii_case(word);
    if let Some(at) = FEW.iter().position(is).or(ORDINALS.iter().position(is)) {
        return f64::from(u32::try_from(at).unwrap_or_default());
    }
    let decade = DECADES.iter().position(|known| {
        known.eq_ignore_ascii_case(word) || format!("{}ieth", &known[..known.len() - 1]).eq_ignore_ascii_case(word)
    });
    if let Some(at) = decade {
        return f64::from(u32::try_from(at + 2).unwrap_or_default()) * 10.0;
    }
    let plain = word.strip_suffix("th").unwrap_or(word);
    if plain == "hundred" {
        return 100.0;
    }
    let magnitude = MAGNITUDES.iter().position(|known| known.eq_ignore_ascii_case(plain));
    magnitude.map_or(0.0, |at| 1_000_f64.powi(i32::try_from(at + 1).unwrap_or_default()))
}

/// A number for messages.
pub(super) fn shown(number: f64) -> String {
    number_to_text(number)
}
