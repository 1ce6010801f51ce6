//! Where random decisions come from: a seed, or the bytes of a fuzzer.

use std::ops::{Bound, RangeBounds};

/// As `fastrand::Rng`, but it can be given bytes to draw from, so that a fuzzer that changes one of them
/// changes one decision. Small decisions take a byte each.
pub(crate) struct Rng {
    bytes: std::vec::IntoIter<u8>,
    /// Takes over when the bytes are used up: an endless supply of zeros would never leave a loop that
    /// draws until something fits.
    rest: fastrand::Rng,
}

/// Integers within a range.
macro_rules! integers {
    ($($type:ident),*) => {$(
        pub(crate) fn $type(&mut self, range: impl RangeBounds<$type>) -> $type {
            let first = match range.start_bound() {
                Bound::Included(first) => *first,
                Bound::Excluded(before) => before + 1,
                Bound::Unbounded => $type::MIN,
            };
            let last = match range.end_bound() {
                Bound::Included(last) => *last,
                Bound::Excluded(end) => end.checked_sub(1).expect("a range that is not empty"),
                Bound::Unbounded => $type::MAX,
            };
            assert!(first <= last, "an empty range");
            first.wrapping_add(self.up_to((last as u64).wrapping_sub(first as u64)) as $type)
        }
    )*};
}

impl Rng {
    pub(crate) fn with_seed(seed: u64) -> Self {
        Self { bytes: Vec::new().into_iter(), rest: fastrand::Rng::with_seed(seed) }
    }

    /// Decides by the bytes as long as there are any.
    pub(crate) fn with_bytes(bytes: &[u8]) -> Self {
        Self { bytes: Vec::from(bytes).into_iter(), ..Self::with_seed(0) }
    }

    integers!(u8, u64, usize, i64);

    pub(crate) fn bool(&mut self) -> bool {
        self.up_to(1) == 1
    }

    /// Between 0 and 1.
    pub(crate) fn f64(&mut self) -> f64 {
        self.up_to((1 << 53) - 1) as f64 / (1_u64 << 53) as f64
    }

    /// Any character.
    pub(crate) fn char(&mut self) -> char {
        // The surrogates are none.
        let number = self.up_to(0x10_ffff - 0x800) as u32;
        char::from_u32(if number < 0xd800 { number } else { number + 0x800 }).unwrap()
    }

    pub(crate) fn alphanumeric(&mut self) -> char {
        const CHARACTERS: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        CHARACTERS[self.up_to(61) as usize].into()
    }

    pub(crate) fn choice<I>(&mut self, from: I) -> Option<I::Item>
    where
        I: IntoIterator<IntoIter: ExactSizeIterator>,
    {
        let mut from = from.into_iter();
        let last = from.len().checked_sub(1)?;
        from.nth(self.usize(..=last))
    }

    pub(crate) fn shuffle<T>(&mut self, slice: &mut [T]) {
        for index in 1..slice.len() {
            slice.swap(index, self.usize(..=index));
        }
    }

    /// A number up to and including `last`.
    fn up_to(&mut self, last: u64) -> u64 {
        if self.bytes.as_slice().is_empty() {
            return self.rest.u64(..=last);
        }
        let width = (u64::BITS - last.leading_zeros()).div_ceil(8) as usize;
        let drawn = self.bytes.by_ref().take(width).fold(0, |drawn, byte| (drawn << 8) | u64::from(byte));
        last.checked_add(1).map_or(drawn, |count| drawn % count)
    }
}

#[test]
fn bytes_decide_until_they_are_used_up() {
    let mut rng = Rng::with_bytes(&[1, 7, 0x01, 0x02, 255]);
    assert!(rng.bool());
    assert_eq!(rng.u8(10..20), 17);
    assert_eq!(rng.usize(..1000), 0x0102);
    assert_eq!(rng.i64(-2..=2), -2);
    // Whatever comes now, it comes.
    let heads = (0..100).filter(|_| rng.bool()).count();
    assert!((1..100).contains(&heads), "{heads}");
}
