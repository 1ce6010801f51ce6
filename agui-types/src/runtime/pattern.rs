//! Regular expressions, compiled to a table when the code was generated.

/// A deterministic automaton over UTF-8 bytes that accepts what a schema's `pattern` matches.
///
/// The generator builds the table, so that no regular-expression engine is needed at run time.
#[derive(Debug)]
pub struct Pattern {
    source: &'static str,
    classes: [u8; 256],
    width: usize,
    next: &'static [u16],
    accepting: &'static [bool],
}

impl Pattern {
    /// Assembles a pattern from generated tables.
    ///
    /// `ranges` lists the byte classes as `(last byte, class)` in ascending order, `next` holds a row
    /// of `width` states for each state, `accepting` says which states accept at the end of the text.
    #[must_use]
    pub const fn new(
        source: &'static str,
        ranges: &'static [(u8, u8)],
        width: usize,
        next: &'static [u16],
        accepting: &'static [bool],
    ) -> Self {
        Self { source, classes: expand(ranges), width, next, accepting }
    }

    /// The regular expression as the schema has it.
    #[must_use]
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// Whether the text contains a match.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        let mut state = 0_usize;
        for byte in text.bytes() {
            let class = self.classes.get(usize::from(byte)).copied().unwrap_or_default();
            match self.next.get(state * self.width + usize::from(class)) {
                Some(next) => state = usize::from(*next),
                None => return false,
            }
        }
        self.accepting.get(state).copied().unwrap_or(false)
    }
}

// Evaluated by the compiler, where an index out of range is a compile error.
#[allow(clippy::indexing_slicing)]
const fn expand(ranges: &[(u8, u8)]) -> [u8; 256] {
    let mut classes = [0; 256];
    let mut range = 0;
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = ranges[range].1;
        if byte == ranges[range].0 as usize {
            range += 1;
        }
        byte += 1;
    }
    classes
}
