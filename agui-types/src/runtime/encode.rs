//! Writing JSON straight into a buffer.
//!
//! Generated types implement serde's `Serialize` as well, for every other format and writer. This path
//! exists because the hot one, an event a token, is worth it: member names are written as prepared
//! bytes, strings are copied in runs, and nothing is allocated but the buffer's growth. The text is the
//! same to the byte as serde_json's.

use super::rules::Violation;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Types that write themselves as JSON.
pub trait Encode {
    /// Appends the value to `out`.
    ///
    /// # Errors
    ///
    /// When the value breaks its schema, such as a number out of bounds. `out` then ends in the middle
    /// of the value; [`encode`](super::encode) restores it.
    fn encode(&self, out: &mut Vec<u8>) -> Result<(), Violation>;
}

/// Appends a member: `prefix` is the separator, the name and a colon, ready to be copied.
///
/// # Errors
///
/// As [`Encode::encode`], with the name in front of the place.
#[inline]
pub fn encode_member<T: Encode + ?Sized>(
    out: &mut Vec<u8>,
    prefix: &[u8],
    name: &str,
    value: &T,
) -> Result<(), Violation> {
    out.extend_from_slice(prefix);
    value.encode(out).map_err(|violation| violation.within(name))
}

/// Begins an object of which no member is certain to come: puts the brace where the first member's
/// comma stands, or appends it if there was none.
pub fn open_object(out: &mut Vec<u8>, start: usize) {
    match out.get_mut(start) {
        Some(comma) => *comma = b'{',
        None => out.push(b'{'),
    }
}

/// Appends the members that an open object has beside those of its schema, except for what has one of
/// the schema's names.
///
/// # Errors
///
/// As [`Encode::encode`].
pub fn encode_extra<'m, T: Encode + 'm>(
    out: &mut Vec<u8>,
    extra: impl IntoIterator<Item = (&'m String, &'m T)>,
    fields: &[&str],
) -> Result<(), Violation> {
    for (name, value) in extra {
        if !fields.contains(&name.as_str()) {
            out.push(b',');
            text(out, name);
            encode_member(out, b":", name, value)?;
        }
    }
    Ok(())
}

impl Encode for str {
    #[inline]
    fn encode(&self, out: &mut Vec<u8>) -> Result<(), Violation> {
        text(out, self);
        Ok(())
    }
}

impl Encode for String {
    #[inline]
    fn encode(&self, out: &mut Vec<u8>) -> Result<(), Violation> {
        text(out, self);
        Ok(())
    }
}

impl Encode for bool {
    fn encode(&self, out: &mut Vec<u8>) -> Result<(), Violation> {
        out.extend_from_slice(if *self { b"true" } else { b"false" });
        Ok(())
    }
}

/// Types that serde_json writes just as well.
macro_rules! encode_by_serde {
    ($($type:ty),*) => {$(
        impl Encode for $type {
            fn encode(&self, out: &mut Vec<u8>) -> Result<(), Violation> {
                serde_json::to_writer(out, self).map_err(Violation::new)
            }
        }
    )*};
}

encode_by_serde!(i64, u64, f64, Value, Map<String, Value>);

impl<T: Encode> Encode for Box<T> {
    fn encode(&self, out: &mut Vec<u8>) -> Result<(), Violation> {
        (**self).encode(out)
    }
}

/// A value that may be `null`.
impl<T: Encode> Encode for Option<T> {
    fn encode(&self, out: &mut Vec<u8>) -> Result<(), Violation> {
        match self {
            Some(value) => value.encode(out),
            None => {
                out.extend_from_slice(b"null");
                Ok(())
            }
        }
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, out: &mut Vec<u8>) -> Result<(), Violation> {
        let start = out.len();
        for (index, item) in self.iter().enumerate() {
            out.push(b',');
            item.encode(out).map_err(|violation| violation.within(index))?;
        }
        match out.get_mut(start) {
            Some(comma) => *comma = b'[',
            None => out.push(b'['),
        }
        out.push(b']');
        Ok(())
    }
}

impl<T: Encode> Encode for BTreeMap<String, T> {
    fn encode(&self, out: &mut Vec<u8>) -> Result<(), Violation> {
        let start = out.len();
        encode_extra(out, self, &[])?;
        open_object(out, start);
        out.push(b'}');
        Ok(())
    }
}

/// Appends a JSON string.
pub(super) fn text(out: &mut Vec<u8>, text: &str) {
    let mut rest = text.as_bytes();
    out.reserve(rest.len() + 2);
    out.push(b'"');
    if is_short_and_clean(rest) {
        out.extend_from_slice(rest);
        out.push(b'"');
        return;
    }
    loop {
        let clean = clean_prefix(rest);
        let (run, escaped) = rest.split_at(clean);
        out.extend_from_slice(run);
        let Some((byte, after)) = escaped.split_first() else { break };
        escape(out, *byte);
        rest = after;
    }
    out.push(b'"');
}

/// Whether a text of the length of an id or of a delta can be copied as it is. What is left of it beside whole words is
/// looked at together with bytes that were looked at already, since going byte by byte would cost the most.
#[inline]
fn is_short_and_clean(bytes: &[u8]) -> bool {
    match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>(), bytes.last_chunk::<8>()) {
        (_, _, Some(last)) if bytes.len() <= 64 => {
            let (words, _) = bytes.as_chunks::<8>();
            !words.iter().chain([last]).any(|word| has_escape(u64::from_le_bytes(*word)))
        }
        (Some(first), Some(last), None) => {
            let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
            !has_escape(u64::from(first) << 32 | u64::from(last))
        }
        (None, ..) => !bytes.iter().any(|byte| needs_escape(*byte)),
        _ => false,
    }
}

/// How many bytes from the start can be copied as they are.
#[inline]
fn clean_prefix(bytes: &[u8]) -> usize {
    let (words, _) = bytes.as_chunks::<8>();
    let clean = words.iter().take_while(|word| !has_escape(u64::from_le_bytes(**word))).count() * 8;
    let tail = bytes.get(clean..).unwrap_or_default();
    clean + tail.iter().position(|byte| needs_escape(*byte)).unwrap_or(tail.len())
}

fn needs_escape(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// Whether any of eight bytes needs an escape, by the well-known tricks for a zero byte and for a byte
/// below a bound: the high bit of a byte is set by the subtraction if and only if one of them does (bytes
/// behind a hit may be set by the borrow too, which does not matter).
#[inline]
fn has_escape(word: u64) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let below = |word: u64, bound: u8| word.wrapping_sub(ONES * u64::from(bound)) & !word;
    let equal = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    (below(word, 0x20) | equal(b'"') | equal(b'\\')) & HIGH != 0
}

#[cold]
fn escape(out: &mut Vec<u8>, byte: u8) {
    let short = match byte {
        b'"' => b'"',
        b'\\' => b'\\',
        0x08 => b'b',
        0x0c => b'f',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        _ => {
            let digit = |nibble: u8| if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
            out.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)]);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_written_as_serde_json_writes_them() {
        // Every byte at every position of a word, and behind one.
        for c in ('\0'..='\u{ff}').chain(['日', '😀', '\u{2028}', '\u{7f}']) {
            for before in 0..72 {
                let string = format!("{}{c}{}", "x".repeat(before), "é".repeat(before % 5));
                let mut out = Vec::new();
                text(&mut out, &string);
                assert_eq!(out, serde_json::to_vec(&string).unwrap(), "{string:?}");
            }
        }
    }

    #[test]
    fn containers_are_written_as_serde_json_writes_them() {
        fn same<T: Encode + serde::Serialize>(value: T) {
            let mut out = Vec::new();
            value.encode(&mut out).unwrap();
            assert_eq!(out, serde_json::to_vec(&value).unwrap());
        }
        same(Vec::<String>::new());
        same(vec![Some(1_i64), None, Some(i64::MIN)]);
        same(BTreeMap::from([("a\"".to_owned(), vec![true]), (String::new(), vec![])]));
        same(BTreeMap::<String, bool>::new());
        same(serde_json::json!({ "a": [1.5, null, "x"] }));
        same(f64::NAN);
    }
}
