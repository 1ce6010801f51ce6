//! The versions that peers declare.

use agui_types::PROTOCOL_VERSION;

/// How the version that a peer declares relates to [`PROTOCOL_VERSION`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declaration {
    /// The peer is from before versions were carried (VER-3).
    Absent,
    /// It speaks an earlier version than this library.
    Older,
    /// It speaks the same version.
    Same,
    /// It speaks a later version; what this library does not know of it is unrecognised (VER-6, VER-8).
    Newer,
    /// It has not the form `MAJOR.MINOR`, and is treated as a newer one (VER-5).
    Unreadable,
}

impl Declaration {
    /// Compares numbers, so that 1.10 is newer than 1.9 (VER-4).
    #[must_use]
    pub fn of(version: Option<&str>) -> Self {
        let Some(version) = version else { return Self::Absent };
        match (numbers(version), numbers(PROTOCOL_VERSION)) {
            (Some(theirs), Some(ours)) if theirs < ours => Self::Older,
            (Some(theirs), Some(ours)) if theirs == ours => Self::Same,
            (Some(_), _) => Self::Newer,
            (None, _) => Self::Unreadable,
        }
    }

    /// Whether developers should be told, since the peer may send what is not recognised here (VER-5, VER-6,
    /// VER-8).
    #[must_use]
    pub fn is_newer(self) -> bool {
        matches!(self, Self::Newer | Self::Unreadable)
    }

    /// Whether the peer is known to be older: by what it declares, or by declaring nothing where that is taken
    /// for an answer (VER-13).
    #[must_use]
    pub fn is_older(self) -> bool {
        matches!(self, Self::Absent | Self::Older)
    }
}

fn numbers(version: &str) -> Option<(u64, u64)> {
    let (major, minor) = version.split_once('.')?;
    Some((number(major)?, number(minor)?))
}

/// Digits alone.
pub(super) fn number(digits: &str) -> Option<u64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ver_3_4_5_versions_are_compared_by_their_numbers() {
        let table = [
            (None, Declaration::Absent),
            (Some("0.9"), Declaration::Older),
            (Some("0.10"), Declaration::Older),
            (Some("1.0"), Declaration::Same),
            (Some("01.00"), Declaration::Same),
            (Some("1.1"), Declaration::Newer),
            (Some("1.10"), Declaration::Newer),
            (Some("2.0"), Declaration::Newer),
            (Some("10.0"), Declaration::Newer),
            (Some("1"), Declaration::Unreadable),
            (Some("1.0.0"), Declaration::Unreadable),
            (Some("+1.0"), Declaration::Unreadable),
            (Some("1. 0"), Declaration::Unreadable),
            (Some("v1.0"), Declaration::Unreadable),
            (Some("1.x"), Declaration::Unreadable),
            (Some(".0"), Declaration::Unreadable),
            (Some(""), Declaration::Unreadable),
        ];
        for (version, expected) in table {
            assert_eq!(Declaration::of(version), expected, "{version:?}");
        }
        assert!(numbers("1.10") > numbers("1.9"));
    }
}
