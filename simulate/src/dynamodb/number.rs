//! Numbers as DynamoDB has them: 38 decimal digits, exact.

use std::cmp::Ordering;
use std::fmt;

/// So many significant digits a number may have.
const DIGITS: usize = 38;
const OVERFLOW: &str = "Number overflow. Attempting to store a number with magnitude larger than supported range";
const UNDERFLOW: &str = "Number underflow. Attempting to store a number with magnitude smaller than supported range";
const PRECISION: &str = "Attempting to store more than 38 significant digits in a Number";

/// `digits` times ten to the power of `exponent`. The digits don't end with a zero; zero has the exponent 0 and no sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    negative: bool,
    digits: u128,
    exponent: i64,
}

impl Number {
    /// # Errors
    ///
    /// What DynamoDB says of a text that isn't a number, or of one that is too large, too small or too precise.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("The parameter cannot be converted to a numeric value".to_owned());
        }
        let wrong = || format!("The parameter cannot be converted to a numeric value: {text}");
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, power) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = [whole, fraction].concat();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong());
        }
        let power: i32 = power.parse().map_err(|_| wrong())?;
        let behind = i64::try_from(fraction.len()).map_err(|_| wrong())?;
        let digits: Vec<u8> = digits.bytes().rev().map(|byte| byte - b'0').collect();
        Self::of(negative, digits, i64::from(power) - behind).map_err(str::to_owned)
    }

    /// Of digits, the least first.
    fn of(negative: bool, mut digits: Vec<u8>, exponent: i64) -> Result<Self, &'static str> {
        while digits.last() == Some(&0) {
            digits.pop();
        }
        let zeros = digits.iter().take_while(|digit| **digit == 0).count();
        let significant = digits.len() - zeros;
        if significant == 0 {
            return Ok(Self { negative: false, digits: 0, exponent: 0 });
        }
        let length = i64::try_from(digits.len()).map_err(|_| OVERFLOW)?;
        match exponent + length - 1 {
            magnitude if magnitude > 125 => return Err(OVERFLOW),
            magnitude if magnitude < -130 => return Err(UNDERFLOW),
            _ if significant > DIGITS => return Err(PRECISION),
            _ => {}
        }
        let value = digits.iter().skip(zeros).rev().fold(0, |value, digit| value * 10 + u128::from(*digit));
        Ok(Self {
            negative,
            digits: value,
            exponent: exponent + length - i64::try_from(significant).unwrap_or_default(),
        })
    }

    /// # Errors
    ///
    /// If the sum isn't a number that DynamoDB can hold: it calls all of them overflows.
    pub(super) fn plus(self, other: Self) -> Result<Self, String> {
        let low = self.exponent.min(other.exponent);
        let (larger, smaller) = if self.order(other) == Ordering::Less { (other, self) } else { (self, other) };
        let mut sum = larger.expanded(low);
        let smaller_digits = smaller.expanded(low);
        let subtract = larger.negative != smaller.negative;
        let mut carry = 0;
        for (place, digit) in sum.iter_mut().enumerate() {
            let operand = smaller_digits.get(place).copied().unwrap_or(0) + carry;
            if subtract {
                carry = u8::from(*digit < operand);
                *digit = *digit + 10 * carry - operand;
            } else {
                carry = (*digit + operand) / 10;
                *digit = (*digit + operand) % 10;
            }
        }
        sum.push(carry);
        let found = Self::of(larger.negative, sum, low);
        found.map_err(|wrong| if wrong == PRECISION { OVERFLOW } else { wrong }.to_owned())
    }

    /// # Errors
    ///
    /// As of the sum.
    pub(super) fn minus(self, other: Self) -> Result<Self, String> {
        self.plus(Self { negative: !other.negative && other.digits != 0, ..other })
    }

    /// The digits, the least first, as multiples of ten to the power of `low`.
    fn expanded(self, low: i64) -> Vec<u8> {
        let zeros = if self.digits == 0 { 0 } else { usize::try_from(self.exponent - low).unwrap_or(0) };
        let mut digits = vec![0; zeros];
        digits.extend(self.digits.to_string().bytes().rev().map(|byte| byte - b'0'));
        digits
    }

    fn length(self) -> u32 {
        self.digits.checked_ilog10().map_or(1, |log| log + 1)
    }

    /// Compares without the signs.
    fn order(self, other: Self) -> Ordering {
        if self.digits == 0 || other.digits == 0 {
            return self.digits.cmp(&other.digits);
        }
        let length = self.length().max(other.length());
        let magnitude = |of: Self| of.exponent + i64::from(of.length());
        let aligned = |of: Self| of.digits * 10_u128.pow(length - of.length());
        magnitude(self).cmp(&magnitude(other)).then_with(|| aligned(self).cmp(&aligned(other)))
    }

    /// So many bytes of an item it takes.
    pub(super) fn size(self) -> usize {
        let digits = usize::try_from(self.length()).unwrap_or(DIGITS);
        digits.div_ceil(2) + 1 + usize::from(self.negative)
    }
}

impl From<usize> for Number {
    fn from(count: usize) -> Self {
        let digits = count.to_string().bytes().rev().map(|byte| byte - b'0').collect();
        Self::of(false, digits, 0).unwrap_or(Self { negative: false, digits: 0, exponent: 0 })
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.order(*other),
            (true, true) => other.order(*self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negative {
            f.write_str("-")?;
        }
        let digits = self.digits.to_string();
        let Ok(behind) = usize::try_from(-self.exponent) else {
            let zeros = usize::try_from(self.exponent).unwrap_or(0);
            return write!(f, "{digits}{}", "0".repeat(zeros));
        };
        match digits.split_at_checked(digits.len().saturating_sub(behind)) {
            Some(("", fraction)) => write!(f, "0.{fraction:0>behind$}"),
            Some((whole, "")) => f.write_str(whole),
            Some((whole, fraction)) => write!(f, "{whole}.{fraction}"),
            None => f.write_str(&digits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn it_is_written_without_needless_zeros() {
        let written = [
            ("0", "0"),
            ("-0.0", "0"),
            ("007", "7"),
            ("1.50", "1.5"),
            ("-17e5", "-1700000"),
            (".123", "0.123"),
            ("5.", "5"),
            ("1e-3", "0.001"),
            ("-0.25", "-0.25"),
            ("0e1000", "0"),
            ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
        ];
        for (text, expected) in written {
            assert_eq!(number(text).to_string(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["NaN", "Infinity", "dog", " 1", "1 ", "", ".", "1e", "--1", "1_0", "1e99999999999"] {
            assert!(Number::parse(text).unwrap_err().starts_with("The parameter cannot be converted"), "{text}");
        }
    }

    #[test]
    fn range_and_precision_are_limited() {
        assert_eq!(Number::parse("1e126"), Err(OVERFLOW.to_owned()));
        assert_eq!(Number::parse("11e125"), Err(OVERFLOW.to_owned()));
        assert_eq!(Number::parse("0.9e-130"), Err(UNDERFLOW.to_owned()));
        assert_eq!(Number::parse("3.14159265358979323846264338327950288419"), Err(PRECISION.to_owned()));
        for allowed in ["9.99999999e125", "1e-130", "31415926535897932384626433832795028841e30"] {
            assert!(Number::parse(allowed).is_ok(), "{allowed}");
        }
    }

    #[test]
    fn order_is_exact() {
        let ascending = [
            "-1e125",
            "-10",
            "-9.5",
            "-1e-130",
            "0",
            "1e-130",
            "0.1",
            "9",
            "10",
            "12345678901234567890123456789012345677",
            "12345678901234567890123456789012345678",
            "9e125",
        ];
        for (place, low) in ascending.iter().enumerate() {
            for high in ascending.iter().skip(place + 1) {
                assert!(number(low) < number(high), "{low} < {high}");
                assert!(number(high) > number(low), "{high} > {low}");
            }
        }
        assert_eq!(number("1.0").cmp(&number("1")), Ordering::Equal);
    }

    #[test]
    fn sums_are_exact() {
        let sums = [
            ("1", "10000000000000000000000", "10000000000000000000001"),
            ("0.1", "0.2", "0.3"),
            ("-5", "5", "0"),
            ("5", "-7.5", "-2.5"),
            ("-5", "7.5", "2.5"),
            ("-1", "-9", "-10"),
            ("0", "1e-130", number("1e-130").to_string().as_str()),
            ("1e125", "0", number("1e125").to_string().as_str()),
            ("99999999999999999999999999999999999999", "1", number("1e38").to_string().as_str()),
        ]
        .map(|(left, right, sum)| (left.to_owned(), right.to_owned(), sum.to_owned()));
        for (left, right, sum) in sums {
            assert_eq!(number(&left).plus(number(&right)).unwrap().to_string(), sum, "{left} + {right}");
        }
        let difference = number("10000000000000000000000").minus(number("1")).unwrap();
        assert_eq!(difference.to_string(), "9999999999999999999999");
        assert_eq!(number("3").minus(number("0")).unwrap(), number("3"));
    }

    #[test]
    fn a_sum_that_does_not_fit_is_an_overflow() {
        assert_eq!(number("9e125").plus(number("9e125")), Err(OVERFLOW.to_owned()));
        assert_eq!(number("1e50").plus(number("1")), Err(OVERFLOW.to_owned()));
        assert_eq!(number("1e50").minus(number("1")), Err(OVERFLOW.to_owned()));
    }
}
