//! Numbers by a picture: `$formatNumber`.
//! <https://www.w3.org/TR/xpath-functions-31/#formatting-numbers>

use super::integer::interval;
use super::{Call, Table, number};
use crate::jsonata::error::Error;
use crate::jsonata::value::Value;

pub(super) const FUNCTIONS: Table = &[("formatNumber", "<n-so?:s>", |call: &Call<'_>| {
    let (Some(number), Some(picture)) = (call.number(0), call.text(1)) else { return Ok(Value::Undefined) };
    let symbols = Symbols::with(call.get(2));
    Ok(symbols.format(number, picture)?.into())
})];

/// The characters that mean something in a picture, and those that are written.
struct Symbols {
    decimal: char,
    grouping: char,
    exponent: char,
    minus: char,
    percent: String,
    per_mille: String,
    zero: char,
    digit: char,
    pattern: char,
}

/// A picture for positive numbers, or for negative ones.
#[derive(Clone, Debug)]
struct Sub<'p> {
    text: &'p str,
    prefix: String,
    suffix: String,
    mantissa: String,
    exponent: Option<String>,
}

impl Symbols {
    fn with(options: &Value) -> Self {
        let text = |name: &str, default: &str| match options {
            Value::Object(fields) => fields.get(name).and_then(Value::as_str).unwrap_or(default).to_owned(),
            _ => default.to_owned(),
        };
        let character = |name: &str, default: &str| text(name, default).chars().next().unwrap_or_default();
        Self {
            decimal: character("decimal-separator", "."),
            grouping: character("grouping-separator", ","),
            exponent: character("exponent-separator", "e"),
            minus: character("minus-sign", "-"),
            percent: text("percent", "%"),
            per_mille: text("per-mille", "\u{2030}"),
            zero: character("zero-digit", "0"),
            digit: character("digit", "#"),
            pattern: character("pattern-separator", ";"),
        }
    }

    fn is_digit(&self, c: char) -> bool {
        (u32::from(self.zero)..u32::from(self.zero) + 10).contains(&u32::from(c))
    }

    fn is_active(&self, c: char) -> bool {
        self.is_digit(c) || [self.decimal, self.grouping, self.exponent, self.digit, self.pattern].contains(&c)
    }

    fn sub<'p>(&self, text: &'p str) -> Result<Sub<'p>, Error> {
        let characters: Vec<char> = text.chars().collect();
        let begins = |c: &char| self.is_active(*c) && *c != self.exponent;
        let start = characters.iter().position(begins).unwrap_or(characters.len());
        let end = characters.iter().rposition(begins).map_or(start, |at| at + 1);
        let active = &characters[start..end];
        let split = active.iter().position(|c| *c == self.exponent);
        let collect = |part: &[char]| part.iter().collect::<String>();
        let sub = Sub {
            text,
            prefix: collect(&characters[..start]),
            suffix: collect(&characters[end..]),
            mantissa: collect(&active[..split.unwrap_or(active.len())]),
            exponent: split.map(|at| collect(&active[at + 1..])),
        };
        self.check(&sub, active)?;
        Ok(sub)
    }

    fn check(&self, sub: &Sub<'_>, active: &[char]) -> Result<(), Error> {
        let count = |text: &str| if text.is_empty() { 0 } else { sub.text.matches(text).count() };
        let (percents, per_milles) = (count(&self.percent), count(&self.per_mille));
        let (whole, fraction) = sub.mantissa.split_once(self.decimal).unwrap_or((&sub.mantissa, ""));
        let after = |text: &str, first: &dyn Fn(char) -> bool, then: &dyn Fn(char) -> bool| {
            text.chars().skip_while(|c| !first(*c)).any(then)
        };
        let pair = |a: char, b: char| sub.text.contains(&format!("{a}{b}"));
        let is_digit = |c| self.is_digit(c);
        let is_optional = |c| c == self.digit;
        let code = if sub.text.matches(self.decimal).count() > 1 {
            "D3081"
        } else if percents > 1 {
            "D3082"
        } else if per_milles > 1 {
            "D3083"
        } else if percents + per_milles > 1 {
            "D3084"
        } else if !sub.mantissa.chars().any(|c| is_digit(c) || is_optional(c)) {
            "D3085"
        } else if active.iter().any(|c| !self.is_active(*c)) {
            "D3086"
        } else if pair(self.grouping, self.decimal) || pair(self.decimal, self.grouping) {
            "D3087"
        } else if whole.ends_with(self.grouping) {
            "D3088"
        } else if pair(self.grouping, self.grouping) {
            "D3089"
        } else if after(whole, &is_digit, &is_optional) {
            "D3090"
        } else if after(fraction, &is_optional, &is_digit) {
            "D3091"
        } else if sub.exponent.as_ref().is_some_and(|e| !e.is_empty()) && percents + per_milles > 0 {
            "D3092"
        } else if sub.exponent.as_ref().is_some_and(|e| e.is_empty() || !e.chars().all(is_digit)) {
            "D3093"
        } else {
            return Ok(());
        };
        Err(Error::of(code))
    }

    fn format(&self, value: f64, picture: &str) -> Result<String, Error> {
        let pictures: Vec<&str> = picture.split(self.pattern).collect();
        if pictures.len() > 2 {
            return Err(Error::of("D3080"));
        }
        let positive = self.sub(pictures[0])?;
        let negative = match pictures.get(1) {
            Some(picture) => self.sub(picture)?,
            None => Sub { prefix: format!("{}{}", self.minus, positive.prefix), ..positive.clone() },
        };
        let sub = if value < 0.0 { negative } else { positive };
        let scale = if sub.text.contains(&self.percent) {
            100.0
        } else if sub.text.contains(&self.per_mille) {
            1_000.0
        } else {
            1.0
        };
        let body = self.body(&sub, (value * scale).abs());
        Ok(format!("{}{body}{}", sub.prefix, sub.suffix))
    }

    fn body(&self, sub: &Sub<'_>, value: f64) -> String {
        let (whole, fraction) = sub.mantissa.split_once(self.decimal).unwrap_or((&sub.mantissa, ""));
        let digits = |text: &str| text.chars().filter(|c| self.is_digit(*c)).count();
        let optional = |text: &str| text.chars().filter(|c| *c == self.digit).count();
        let scaling = digits(whole);
        let (mut least_whole, mut least_fraction) = (scaling, digits(fraction));
        let mut most_fraction = least_fraction + optional(fraction);
        if least_whole == 0 && most_fraction == 0 {
            if sub.exponent.is_some() {
                (least_fraction, most_fraction) = (1, 1);
            } else {
                least_whole = 1;
            }
        }
        if sub.exponent.is_some() && least_whole == 0 && optional(whole) > 0 {
            least_whole = 1;
        }
        if least_whole == 0 && least_fraction == 0 {
            least_fraction = 1;
        }
        let least_exponent = sub.exponent.as_deref().map_or(0, digits);
        let (mut mantissa, mut exponent) = (value, 0_i32);
        if least_exponent > 0 && value != 0.0 {
            let power = |by: usize| 10_f64.powi(i32::try_from(by).unwrap_or(300));
            while mantissa < power(scaling) / 10.0 {
                mantissa *= 10.0;
                exponent -= 1;
            }
            while mantissa > power(scaling) {
                mantissa /= 10.0;
                exponent += 1;
            }
        }
        let places = f64::from(u32::try_from(most_fraction).unwrap_or(100));
        let fixed = format!("{:.most_fraction$}", number::round(mantissa, places));
        let (whole_digits, fraction_digits) = fixed.split_once('.').unwrap_or((&fixed, ""));
        let whole_digits = format!("{:0>least_whole$}", whole_digits.trim_start_matches('0'));
        let fraction_digits = format!("{:0<least_fraction$}", fraction_digits.trim_end_matches('0'));
        let mut text = self.grouped(&whole_digits, whole);
        if !fraction_digits.is_empty() && sub.text.contains(self.decimal) {
            text.push(self.decimal);
            text.push_str(&self.grouped_fraction(&fraction_digits, fraction));
        }
        if least_exponent > 0 {
            text.push(self.exponent);
            if exponent < 0 {
                text.push(self.minus);
            }
            text.extend(format!("{:0>least_exponent$}", exponent.unsigned_abs()).chars().map(|c| self.own(c)));
        }
        text
    }

    /// The digit in the family of the picture.
    fn own(&self, c: char) -> char {
        c.to_digit(10).and_then(|digit| char::from_u32(u32::from(self.zero) + digit)).unwrap_or(c)
    }

    fn grouped(&self, digits: &str, pattern: &str) -> String {
        let is_place = |c: &char| self.is_digit(*c) || *c == self.digit;
        let characters: Vec<char> = pattern.chars().collect();
        let places: Vec<usize> = characters
            .iter()
            .enumerate()
            .filter(|(_, c)| **c == self.grouping)
            .map(|(at, _)| characters[at..].iter().filter(|c| is_place(c)).count())
            .collect();
        let every = interval(&places);
        let mut out = String::new();
        let length = digits.chars().count();
        for (index, c) in digits.chars().enumerate() {
            let left = length - index;
            let separated = every.map_or_else(|| places.contains(&left), |every| left.is_multiple_of(every));
            if index > 0 && separated {
                out.push(self.grouping);
            }
            out.push(self.own(c));
        }
        out
    }

    fn grouped_fraction(&self, digits: &str, pattern: &str) -> String {
        let characters: Vec<char> = pattern.chars().collect();
        let places: Vec<usize> = characters
            .iter()
            .enumerate()
            .filter(|(_, c)| **c == self.grouping)
            .map(|(at, _)| characters[..at].iter().filter(|c| self.is_digit(**c) || **c == self.digit).count())
            .collect();
        let mut out = String::new();
        for (index, c) in digits.chars().enumerate() {
            if index > 0 && places.contains(&index) {
                out.push(self.grouping);
            }
            out.push(self.own(c));
        }
        out
    }
}
