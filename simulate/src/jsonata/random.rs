//! Random numbers: those of `java.util.Random`, which Step Functions draws with a seed.

/// A linear congruential generator with 48 bits.
#[derive(Clone, Debug)]
pub(crate) struct Random(i64);

const MULTIPLIER: i64 = 0x5_DEEC_E66D;
const MASK: i64 = (1 << 48) - 1;

impl Random {
    pub(crate) const fn new(seed: i64) -> Self {
        Self((seed ^ MULTIPLIER) & MASK)
    }

    const fn next(&mut self, bits: u32) -> i64 {
        self.0 = self.0.wrapping_mul(MULTIPLIER).wrapping_add(0xB) & MASK;
        self.0 >> (48 - bits)
    }

    /// Between 0 (included) and 1 (excluded).
    pub(crate) fn next_double(&mut self) -> f64 {
        let bits = (self.next(26) << 27) + self.next(27);
        #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
        (bits as f64 / (1_i64 << 53) as f64)
    }

    /// A UUID of version 4.
    pub(crate) fn uuid(&mut self) -> String {
        let mut word = || format!("{:08x}", self.next(32));
        let all = [word(), word(), word(), word()].concat();
        let variant = char::from(b"89ab"[usize::try_from(self.next(2)).unwrap_or_default()]);
        format!("{}-{}-4{}-{variant}{}-{}", &all[..8], &all[8..12], &all[13..16], &all[17..20], &all[20..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_number_that_aws_gives() {
        assert_eq!(Random::new(42).next_double(), 0.727_563_680_032_868_1);
    }

    #[test]
    fn a_uuid_has_its_version_and_variant() {
        let uuid = Random::new(7).uuid();
        assert_eq!(uuid.len(), 36, "{uuid}");
        assert_eq!(&uuid[14..15], "4");
        assert!("89ab".contains(&uuid[19..20]), "{uuid}");
    }
}
