//! Regular expressions of the schema (ECMA-262) to tables that need no engine at run time.
//!
//! The expression is translated to the dialect of `regex-automata`, compiled to a minimal
//! deterministic automaton over UTF-8 bytes, and read out. What cannot be translated faithfully
//! (look-around, back-references) is refused.

use regex_automata::dfa::{Automaton, dense};
use regex_automata::{Anchored, Input, nfa::thompson, util::primitives::StateID, util::syntax};
use std::collections::BTreeMap;

/// What `agui_types::runtime::Pattern` is made of.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Table {
    /// `(last byte, class)`, ascending.
    pub(crate) ranges: Vec<(u8, u8)>,
    pub(crate) width: usize,
    /// A row of `width` states for each state; 0 is the start.
    pub(crate) next: Vec<u16>,
    pub(crate) accepting: Vec<bool>,
}

/// Compiles an expression.
pub(crate) fn compile(pattern: &str) -> Result<Table, String> {
    let translated = translate(pattern)?;
    // A pattern may match anywhere in the text; the automaton is asked about the whole of it.
    let whole = format!("(?s:.)*?(?:{translated})(?s:.)*");
    let dfa = dense::Builder::new()
        .configure(dense::Config::new().minimize(true).accelerate(false).dfa_size_limit(Some(1 << 20)))
        .syntax(syntax::Config::new().unicode(true).utf8(true))
        .thompson(thompson::Config::new().utf8(true).nfa_size_limit(Some(1 << 20)))
        .build(&format!(r"\A(?:{whole})\z"))
        .map_err(|error| format!("this regular expression cannot be compiled: {}", innermost(&error)))?;
    read_out(&dfa)
}

fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

fn read_out(dfa: &dense::DFA<Vec<u32>>) -> Result<Table, String> {
    let start = dfa
        .start_state_forward(&Input::new("").anchored(Anchored::Yes))
        .map_err(|error| format!("this regular expression has no start state: {error}"))?;
    let mut numbers: BTreeMap<StateID, u16> = BTreeMap::from([(start, 0)]);
    let mut order = vec![start];
    let mut rows: Vec<Vec<u16>> = Vec::new();
    let mut accepting = Vec::new();
    let mut at = 0;
    while let Some(&state) = order.get(at) {
        at += 1;
        let mut row = Vec::with_capacity(256);
        for byte in 0..=u8::MAX {
            let next = dfa.next_state(state, byte);
            let fresh =
                u16::try_from(numbers.len()).map_err(|_| "this regular expression needs too many states")?;
            row.push(*numbers.entry(next).or_insert_with(|| {
                order.push(next);
                fresh
            }));
        }
        rows.push(row);
        accepting.push(dfa.is_match_state(dfa.next_eoi_state(state)));
    }
    // Bytes that lead to the same states from everywhere are of one class.
    let mut classes: BTreeMap<Vec<u16>, u8> = BTreeMap::new();
    let mut ranges: Vec<(u8, u8)> = Vec::new();
    let mut columns: Vec<Vec<u16>> = Vec::new();
    for byte in 0..=u8::MAX {
        let column: Vec<u16> = rows.iter().filter_map(|row| row.get(usize::from(byte)).copied()).collect();
        let fresh =
            u8::try_from(classes.len()).map_err(|_| "this regular expression needs too many byte classes")?;
        let class = *classes.entry(column.clone()).or_insert_with(|| {
            columns.push(column);
            fresh
        });
        match ranges.last_mut() {
            Some(last) if last.1 == class => last.0 = byte,
            _ => ranges.push((byte, class)),
        }
    }
    let next =
        (0..rows.len()).flat_map(|state| columns.iter().filter_map(move |column| column.get(state).copied()));
    Ok(Table { next: next.collect(), ranges, width: columns.len(), accepting })
}

/// ECMA-262 to the dialect of `regex-syntax`, where the two differ.
fn translate(pattern: &str) -> Result<String, String> {
    let mut out = String::with_capacity(pattern.len());
    let mut chars = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => escape(&mut chars, in_class, &mut out)?,
            '[' if !in_class => {
                in_class = true;
                out.push('[');
                if chars.peek() == Some(&'^') {
                    out.push('^');
                    chars.next();
                }
                if chars.peek() == Some(&']') {
                    return Err("the empty class of this regular expression is not supported".to_owned());
                }
            }
            // Set difference there, the end of a range here.
            '-' if in_class && chars.peek() == Some(&'-') => {
                return Err("`--` in a class of this regular expression is not supported".to_owned());
            }
            // `a{,2}` is a repetition there, itself here.
            '{' if !in_class && chars.peek() == Some(&',') => {
                return Err("`{,` in this regular expression is not supported".to_owned());
            }
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            // These mean nested classes and set operations there, themselves here.
            '[' | '&' | '~' | '^' if in_class => out.extend(['\\', c]),
            // The end of the text, never before a final newline.
            '$' if !in_class => out.push_str(r"\z"),
            '^' if !in_class => out.push_str(r"\A"),
            '.' if !in_class => out.push_str(r"[^\n\r\u{2028}\u{2029}]"),
            '(' if !in_class && chars.peek() == Some(&'?') => {
                chars.next();
                match chars.next() {
                    Some(':') => out.push_str("(?:"),
                    other => {
                        return Err(format!(
                            "the group `(?{}` of this regular expression is not supported",
                            other.map(String::from).unwrap_or_default()
                        ));
                    }
                }
            }
            _ => out.push(c),
        }
    }
    Ok(out)
}

fn escape(
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    in_class: bool,
    out: &mut String,
) -> Result<(), String> {
    const SPACE: &str = r"\t\n\x0B\x0C\r \u{A0}\u{FEFF}\p{Zs}\u{2028}\u{2029}";
    let class = |negated: bool, content: &str| match (in_class, negated) {
        (true, false) => content.to_owned(),
        (true, true) => format!("[^{content}]"),
        (false, false) => format!("[{content}]"),
        (false, true) => format!("[^{content}]"),
    };
    let Some(c) = chars.next() else {
        return Err("this regular expression ends in a backslash".to_owned());
    };
    match c {
        'd' => out.push_str(&class(false, "0-9")),
        'D' => out.push_str(&class(true, "0-9")),
        'w' => out.push_str(&class(false, "A-Za-z0-9_")),
        'W' => out.push_str(&class(true, "A-Za-z0-9_")),
        's' => out.push_str(&class(false, SPACE)),
        'S' => out.push_str(&class(true, SPACE)),
        'b' if !in_class => out.push_str(r"(?-u:\b)"),
        'b' => out.push_str(r"\x08"),
        'n' | 'r' | 't' | 'f' | 'v' => out.extend(['\\', c]),
        'p' | 'P' => out.extend(['\\', c]),
        '0' => out.push_str(r"\x00"),
        'u' if chars.peek() == Some(&'{') => out.extend(['\\', 'u']),
        'x' | 'u' => {
            let digits: String = chars.by_ref().take(if c == 'x' { 2 } else { 4 }).collect();
            match u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32) {
                Some(_) => {
                    out.push_str(r"\u{");
                    out.push_str(&digits);
                    out.push('}');
                }
                None => return Err(format!("`\\{c}{digits}` in this regular expression is not a character")),
            }
        }
        _ if c.is_ascii_alphanumeric() => {
            return Err(format!("`\\{c}` in this regular expression is not supported"));
        }
        // These mean word boundaries there.
        '<' | '>' => out.push(c),
        _ if c.is_ascii() => out.extend(['\\', c]),
        _ => out.push(c),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        let table = compile(pattern).unwrap();
        let mut state = 0_usize;
        for byte in text.bytes() {
            let class = table.ranges.iter().find(|(last, _)| byte <= *last).unwrap().1;
            state = usize::from(table.next[state * table.width + usize::from(class)]);
        }
        table.accepting[state]
    }

    #[test]
    fn json_pointers() {
        let pattern = "^(/([^/~]|~[01])*)*$";
        for good in ["", "/", "/a/b", "/~0/~1", "/é/日本/😀", "//", "/a\nb"] {
            assert!(matches(pattern, good), "{good:?}");
        }
        for bad in ["a", "/~", "/~2", "/a~", "a/b", "\n"] {
            assert!(!matches(pattern, bad), "{bad:?}");
        }
        // Four of the expression, seven within characters of several bytes.
        assert_eq!(compile(pattern).unwrap().accepting.len(), 11);
    }

    #[test]
    fn a_pattern_matches_anywhere_unless_anchored() {
        assert!(matches("b+", "abbc"));
        assert!(!matches("^b+$", "abbc"));
        assert!(matches("^a|b$", "ax") && matches("^a|b$", "xb") && !matches("^a|b$", "xax"));
        assert!(!matches("^a$", "a\n"), "`$` is the very end");
    }

    #[test]
    fn classes_are_those_of_ecma_262() {
        assert!(matches(r"^\d\w\s$", "4_\u{a0}") && !matches(r"^\d$", "٤") && !matches(r"^\w$", "é"));
        assert!(matches(r"^[\d-]+$", "1-2") && matches(r"^[\w.]+@[[&~]$", "a.b@["));
        assert!(matches(r"^.$", "😀") && !matches("^.$", "\u{2028}"));
        assert!(matches(r"^\x41\u0042\/\<$", "AB/<"));
    }

    #[test]
    fn what_cannot_be_translated_is_refused() {
        for pattern in [
            r"(?=a)",
            r"(?<!a)b",
            r"(a)\1",
            r"\k<x>",
            r"[",
            r"a{2,1}",
            r"[]",
            r"[^]",
            r"[+--]",
            r"a{,2}",
            r"\x{41}",
            r"a{1000}{1000}",
            r"(a|b)*a(a|b){20}",
        ] {
            assert!(compile(pattern).is_err(), "{pattern}");
        }
    }
}
