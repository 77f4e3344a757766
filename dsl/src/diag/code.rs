//! The stable codes and their pages. A code is never reused for something else.
//!
//! Ranges: `SW01` names and scopes, `SW02` values and lowering, `SW03` reading ASL, `SW04` schedules,
//! `SW05` IAM, `SW06` limits of AWS, `SW07` integrations, `SW08` rendering for a target,
//! `SW09` running, `SW10` the concurrency guard.

/// A stable code: its number, its title, and the page that `explain` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code {
    /// Such as `SW0101`.
    pub id: &'static str,
    /// What it is about, in a few words.
    pub title: &'static str,
    /// Why it is a mistake, and an example of what to write instead.
    pub page: &'static str,
}

macro_rules! codes {
    ($($(#[doc = $page:literal])+ $name:ident = $id:literal, $title:literal;)+) => {
        pub(super) mod codes {
            //! The codes of this range.
            use crate::diag::code::Code;
            $($(#[doc = $page])+ pub const $name: Code = Code { id: $id, title: $title, page: concat!($($page, "\n"),+) };)+
        }

        /// Every code of this range, in order.
        pub(super) const ALL: &[Code] = &[$(codes::$name),+];

        use crate::diag::code::Code;
    };
}

mod using;
mod writing;

/// Every code as a constant.
pub mod codes {
    pub use super::using::codes::*;
    pub use super::writing::codes::*;
}

/// Every code, in order.
pub fn all() -> impl Iterator<Item = Code> {
    writing::ALL.iter().chain(using::ALL).copied()
}

/// The code with that number, in either case.
#[must_use]
pub fn find(id: &str) -> Option<Code> {
    all().find(|c| c.id.eq_ignore_ascii_case(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_sorted_and_have_a_page() {
        assert!(all().is_sorted_by(|a, b| a.id < b.id), "codes are listed in order, each once");
        for code in all() {
            assert!(code.id.len() == 6 && code.id.starts_with("SW"), "{}", code.id);
            assert!(code.page.trim().lines().count() > 1, "{} says what to write instead", code.id);
        }
    }

    #[test]
    fn a_code_is_found_in_either_case() {
        assert_eq!(find("sw0101").map(|c| c.id), Some("SW0101"));
        assert_eq!(find("SW9999"), None);
    }
}
