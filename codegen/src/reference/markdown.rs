//! Text as Markdown that stands for itself.

/// A table, without the columns that have nothing to say.
pub(super) fn table<const N: usize>(header: [impl AsRef<str>; N], rows: &[[String; N]]) -> String {
    let mut lines = vec![String::from("|"); rows.len() + 2];
    for (column, title) in header.iter().enumerate() {
        let cells: Vec<_> = rows.iter().filter_map(|row| row.get(column)).map(String::as_str).collect();
        if cells.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        for (line, cell) in lines.iter_mut().zip([title.as_ref(), "---"].into_iter().chain(cells)) {
            let space = if cell.is_empty() { "" } else { " " };
            // Taken back by the reader of the table, even in code.
            line.push_str(&format!("{space}{} |", cell.replace('|', "\\|")));
        }
    }
    lines.join("\n")
}

pub(super) fn link(name: &str) -> String {
    format!("[{}](#{})", prose(name), anchor(name))
}

/// The anchor of a definition: its name as far as that may stand in an address. No two are alike.
pub(super) fn anchor(name: &str) -> String {
    let encoded = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' => c.to_string(),
        _ => format!(".{:x}.", u32::from(c)),
    };
    name.chars().map(encoded).collect()
}

pub(super) fn paragraphs(text: &str) -> String {
    text.split("\n\n").map(prose).map(paragraph).collect::<Vec<_>>().join("\n\n")
}

/// What begins like an item of a list would be taken for one.
fn paragraph(text: String) -> String {
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = number.len() < text.len() && number.starts_with(['.', ')']);
    if numbered || text.starts_with(['-', '+']) { format!("&#8203;{text}") } else { text }
}

/// A line of text: code stays code, everything else stands for itself.
pub(super) fn prose(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if !text.matches('`').count().is_multiple_of(2) {
        return escaped(&text);
    }
    let part = |(index, part): (usize, &str)| match (index.is_multiple_of(2), part) {
        (true, _) => escaped(part),
        (false, "") => escaped("``"),
        (false, _) => code(part),
    };
    text.split('`').enumerate().map(part).collect()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        // Inside of a word it marks nothing.
        let inner =
            c == '_' && before.is_alphanumeric() && chars.peek().is_some_and(|next| next.is_alphanumeric());
        match c {
            // In a table, a backslash would be taken for the escape of what follows.
            '\\' | '&' => out.push_str(&entity(c)),
            _ if turns(c) => out.push_str(&entity(c)),
            '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' if !inner => out.extend(['\\', c]),
            '#' if out.is_empty() => out.push_str("\\#"),
            _ => out.push(c),
        }
        before = c;
    }
    out
}

/// A span of code, which takes no escapes; what needs one is written as HTML.
pub(super) fn code(text: &str) -> String {
    let plain = |c: char| !c.is_control() && !turns(c) && c != '`';
    // A table would take `\|` for an escape.
    if !text.is_empty() && text.trim() == text && text.chars().all(plain) && !text.contains("\\|") {
        return format!("`{text}`");
    }
    let safe = |c: char| c.is_alphanumeric() || " ^$()/.,:;+=?{}'\"".contains(c);
    let text: String = text.chars().map(|c| if safe(c) { c.to_string() } else { entity(c) }).collect();
    format!("<code>{text}</code>")
}

fn entity(c: char) -> String {
    format!("&#{};", u32::from(c))
}

/// Whether a character turns the direction of writing.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stands_for_itself() {
        assert_eq!(prose("a | b\nc [d](e) <f> *g* _h i_j"), r"a | b c \[d\](e) \<f\> \*g\* \_h i_j");
        assert_eq!(prose("odd ` and \\|"), r"odd \` and &#92;|");
        assert_eq!(prose("# see https://a.example/b_c#d"), r"\# see https://a.example/b_c#d");
        assert_eq!(prose("`a[b]` and `c|d`, ``"), r"`a[b]` and `c|d`, \`\`");
        assert_eq!(prose("\u{202e}abc"), "&#8238;abc");
        assert_eq!(paragraphs("1. a\n\n- b\n\nc\nd"), "&#8203;1. a\n\n&#8203;- b\n\nc d");
    }

    #[test]
    fn code_is_exact() {
        assert_eq!(code("^(a_|b)*"), "`^(a_|b)*`");
        assert_eq!(code("a\\|*\n"), "<code>a&#92;&#124;&#42;&#10;</code>");
        assert_eq!(code(""), "<code></code>");
        assert_eq!(code(" `"), "<code> &#96;</code>");
    }

    #[test]
    fn a_table_has_the_columns_that_say_something() {
        let rows = [["a|b".to_owned(), String::new(), "c".to_owned()], [const { String::new() }; 3]];
        assert_eq!(table(["1", "2", "3|"], &rows), "| 1 | 3\\| |\n| --- | --- |\n| a\\|b | c |\n| | |");
    }

    #[test]
    fn anchors_differ() {
        assert_eq!(anchor("A_b-1"), "A_b-1");
        assert_eq!([anchor("B/~"), anchor("a b")], ["B.2f..7e.", "a.20.b"]);
        assert_ne!(anchor("a b"), anchor("a.20.b"));
    }
}
