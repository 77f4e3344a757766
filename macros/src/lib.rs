//! The macros of `statewright`.
