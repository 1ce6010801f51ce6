//! A string among the arguments of a call, while they are being written.

/// Reads JSON text in pieces, and gives the string that one member of the outermost object is, as far as it is
/// there. Text that is no JSON gives nothing, or too little: it is not judged here.
#[derive(Debug)]
pub(super) struct StringArgument {
    name: String,
    state: State,
    /// How many objects and arrays are open.
    depth: usize,
    /// The newest member's name, decoded.
    key: String,
    /// What comes next in the outermost object is a value, not a name.
    value: bool,
    escape: Escape,
    /// The first half of a character that needs two escapes.
    high: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    Outside,
    /// In the name of a member of the outermost object.
    Key,
    /// In the string that is wanted.
    Wanted,
    /// In any other string.
    Other,
    /// Nothing that comes matters.
    Done,
}

#[derive(Debug, Clone, Copy)]
enum Escape {
    No,
    Begun,
    /// So many digits of a code unit, and what they are.
    Unit(u32, u32),
}

impl StringArgument {
    pub(super) fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            state: State::Outside,
            depth: 0,
            key: String::new(),
            value: false,
            escape: Escape::No,
            high: None,
        }
    }

    /// Reads on, and adds to `out` what there is of the string.
    pub(super) fn read(&mut self, piece: &str, out: &mut String) {
        for c in piece.chars() {
            match self.state {
                State::Done => return,
                State::Outside => self.outside(c),
                State::Key | State::Wanted | State::Other => self.inside(c, out),
            }
        }
    }

    fn outside(&mut self, c: char) {
        match c {
            '"' => {
                self.state = match (self.depth, self.value) {
                    (1, false) => State::Key,
                    (1, true) if self.key == self.name => State::Wanted,
                    _ => State::Other,
                };
                if self.state == State::Key {
                    self.key.clear();
                }
            }
            // Arguments are an object.
            '[' if self.depth == 0 => self.state = State::Done,
            '{' | '[' => self.depth += 1,
            '}' | ']' => self.depth = self.depth.saturating_sub(1),
            ':' if self.depth == 1 => self.value = true,
            ',' if self.depth == 1 => self.value = false,
            _ => {}
        }
    }

    fn inside(&mut self, c: char, out: &mut String) {
        match (self.escape, c) {
            (Escape::No, '"') => {
                self.lone(out);
                self.state = if self.state == State::Wanted { State::Done } else { State::Outside };
            }
            (Escape::No, '\\') => self.escape = Escape::Begun,
            (Escape::No, c) => self.character(c, out),
            (Escape::Begun, 'u') => self.escape = Escape::Unit(0, 0),
            (Escape::Begun, c) => {
                self.escape = Escape::No;
                let c = match c {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    other => other,
                };
                self.character(c, out);
            }
            (Escape::Unit(digits, unit), c) => {
                let unit = unit * 16 + c.to_digit(16).unwrap_or_default();
                self.escape = Escape::Unit(digits + 1, unit);
                if digits == 3 {
                    self.escape = Escape::No;
                    self.unit(unit, out);
                }
            }
        }
    }

    fn unit(&mut self, unit: u32, out: &mut String) {
        match (self.high.take(), unit) {
            (Some(high), 0xDC00..=0xDFFF) => {
                let c = char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (unit - 0xDC00));
                self.character(c.unwrap_or(char::REPLACEMENT_CHARACTER), out);
            }
            (high, 0xD800..=0xDBFF) => {
                self.high = high;
                self.lone(out);
                self.high = Some(unit);
            }
            (high, unit) => {
                self.high = high;
                self.character(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER), out);
            }
        }
    }

    fn character(&mut self, c: char, out: &mut String) {
        self.lone(out);
        match self.state {
            State::Key => self.key.push(c),
            State::Wanted => out.push(c),
            State::Outside | State::Other | State::Done => {}
        }
    }

    /// Half a character that the other half did not follow.
    fn lone(&mut self, out: &mut String) {
        if self.high.take().is_some() {
            self.character(char::REPLACEMENT_CHARACTER, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(pieces: &[&str]) -> String {
        let (mut argument, mut out) = (StringArgument::new("text"), String::new());
        pieces.iter().for_each(|piece| argument.read(piece, &mut out));
        out
    }

    #[test]
    fn only_the_wanted_string_is_read() {
        for (text, wanted) in [
            (r#"{"text":"a"}"#, "a"),
            (r#" { "other" : "text", "n": [1, {"text": "no"}], "text" : "yes", "text":"again"}"#, "yes"),
            (r#"{"te\u0078t":"escaped name"}"#, "escaped name"),
            (r#"{"text":{"text":"deep"}}"#, ""),
            (r#"{"text":["text"]}"#, ""),
            (r#"["text"]"#, ""),
            (r#"{"text":null,"x":"text"}"#, ""),
            (r#"{"a":"}","text":"\"{"}"#, "\"{"),
            (r#"{"text":"unfinish"#, "unfinish"),
            ("not JSON", ""),
        ] {
            assert_eq!(read(&[text]), wanted, "{text}");
        }
    }

    #[test]
    fn escapes_and_characters_may_be_cut_anywhere() {
        let written = "ü 𝄞 \"quoted\" \\ / \n\t\r\u{8}\u{c} \u{1} end";
        let plain = json!({ "first": "x", "text": written }).to_string();
        let escaped: String = written.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        for text in [plain, format!(r#"{{"text":"{escaped}"}}"#)] {
            let places: Vec<_> = text.char_indices().map(|(place, _)| place).collect();
            for place in &places {
                let (start, end) = text.split_at(*place);
                assert_eq!(read(&[start, end]), written, "cut at {place}");
            }
            let each: Vec<_> = text.chars().map(String::from).collect();
            assert_eq!(read(&each.iter().map(String::as_str).collect::<Vec<_>>()), written);
        }
    }

    #[test]
    fn half_characters_are_marked() {
        assert_eq!(
            read(&[r#"{"text":"\ud834x\udd1e\ud834\ud834\udd1e\ud834"}"#]),
            "\u{fffd}x\u{fffd}\u{fffd}𝄞\u{fffd}"
        );
    }
}
