//! Why a request was not sent.

use super::outcome::listed;
use agui_types::runtime::Violation;
use std::fmt;

/// A request that must not be sent. Nothing was, and the conversation is as before.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unsent {
    /// The input breaks its schema (PROC-17).
    Invalid(Violation),
    /// The last run asked, and there is no answer to these interrupts (INT-6, INT-7).
    UnansweredInterrupts(Vec<String>),
    /// There are answers to what the last run did not ask (INT-5).
    UnknownInterrupts(Vec<String>),
    /// There are two answers to these interrupts.
    AnsweredTwice(Vec<String>),
    /// It is too late to answer these interrupts; they can be cancelled (INT-9).
    ExpiredInterrupts(Vec<String>),
    /// These calls of the application's tools have no result (TOOL-26).
    UnansweredCalls(Vec<String>),
    /// A turn of this thread was leaked ([`std::mem::forget`]), and with it what it had borrowed.
    Leaked,
}

impl fmt::Display for Unsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(violation) => write!(f, "the run input is malformed at {violation} (PROC-17)"),
            Self::UnansweredInterrupts(ids) => {
                write!(f, "the last run waits for answers to {} (INT-7)", listed(ids))
            }
            Self::UnknownInterrupts(ids) => {
                write!(f, "the last run did not ask for the answers to {} (INT-5)", listed(ids))
            }
            Self::AnsweredTwice(ids) => write!(f, "there are two answers to {} (INT-6)", listed(ids)),
            Self::ExpiredInterrupts(ids) => {
                write!(f, "it is too late to answer {}, only to cancel (INT-9)", listed(ids))
            }
            Self::UnansweredCalls(ids) => {
                write!(f, "the tool calls {} have to be answered first (TOOL-26)", listed(ids))
            }
            Self::Leaked => f.write_str("an earlier turn of the thread was leaked"),
        }
    }
}

impl std::error::Error for Unsent {}
