//! Names that AWS limits in length, and hashes for them.
//!
//! ```
//! assert_eq!(statewright::name::shorten("longer than that", 12), "lon_047c209a");
//! ```

/// The name itself if it has at most `max` characters, else its beginning with a hash of the whole: stable, and
/// different for different names.
#[must_use]
pub fn shorten(name: &str, max: usize) -> String {
    if name.chars().count() <= max {
        return name.to_owned();
    }
    let hash = &sha256(name)[..8];
    let kept: String = name.chars().take(max.saturating_sub(hash.len() + 1)).collect();
    format!("{kept}_{hash}")
}

/// The SHA-256 of a text as lower-case hex digits.
#[must_use]
pub fn sha256(text: &str) -> String {
    hmac_sha256::Hash::hash(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_keeps_its_beginning_and_gets_a_hash() {
        assert_eq!(shorten("short", 5), "short");
        assert_eq!(shorten("longer than that", 12), "lon_047c209a");
        assert_ne!(shorten(&"a".repeat(81), 80), shorten(&"a".repeat(82), 80));
        assert_eq!(shorten(&"ü".repeat(100), 80).chars().count(), 80);
    }
}
