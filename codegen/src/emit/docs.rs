//! Descriptions to rustdoc: one attribute a line, wrapped, with nothing taken for markup that is not.

use crate::model::Definition;
use proc_macro2::TokenStream;
use quote::quote;

const WIDTH: usize = 96;

/// Doc attributes for paragraphs of text.
pub(crate) fn docs<S: AsRef<str>>(paragraphs: &[S]) -> TokenStream {
    let mut lines = Vec::new();
    for paragraph in paragraphs.iter().flat_map(|text| text.as_ref().split("\n\n")) {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(wrap(&escape(paragraph)));
    }
    let lines = lines.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote! { #(#[doc = #lines])* }
}

/// The docs of a generated item: the description, and where it comes from.
pub(super) fn item_docs(name: &str, definition: &Definition) -> TokenStream {
    let description = match &definition.description {
        Some(text) => text.clone(),
        None => format!("The schema's `{name}`."),
    };
    docs(&[description, format!("Schema: `#{}`.", definition.pointer)])
}

/// Outside of code spans, brackets would become links and angle brackets HTML; rustdoc wants to be
/// told what is an address. Nowhere may a character turn the direction of writing.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let spans_close = text.matches('`').count().is_multiple_of(2);
    let mut in_code = false;
    for word in text.split_inclusive(char::is_whitespace) {
        if let Some(address) = address(word).filter(|_| !in_code) {
            let rest = word.get(address.len()..).unwrap_or_default();
            out.push_str(&format!("<{address}>{rest}"));
            continue;
        }
        for c in word.chars() {
            match c {
                '`' if spans_close => in_code = !in_code,
                '[' | ']' | '<' | '>' | '*' | '_' | '`' | '\\' | '#' | '|' if !in_code => out.push('\\'),
                '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                    out.push_str(&format!("&#x{:x};", u32::from(c)));
                    continue;
                }
                _ => {}
            }
            out.push(c);
        }
    }
    out
}

/// The address that a word consists of, but for punctuation behind it.
fn address(word: &str) -> Option<&str> {
    let bare = word.trim_end().trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\'']);
    let rest = bare.strip_prefix("https://").or_else(|| bare.strip_prefix("http://"))?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/?#@!$&'+,;=%:".contains(c);
    (!rest.is_empty() && rest.chars().all(plain)).then_some(bare)
}

fn wrap(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    // A line that begins like a list item, a heading or a block of code would be taken for one.
    for line in &mut lines {
        let number = line.split_once(['.', ')']).is_some_and(|(head, rest)| {
            !head.is_empty()
                && head.bytes().all(|byte| byte.is_ascii_digit())
                && (rest.is_empty() || rest.starts_with(' '))
        });
        if number || line.starts_with(['-', '+', '=', '~']) || line.starts_with("```") {
            line.insert_str(0, "&#8203;");
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_outside_of_code() {
        assert_eq!(escape("a [b] <c> `d[e]` f_g"), r"a \[b\] \<c\> `d[e]` f\_g");
        assert_eq!(escape("an odd ` here"), r"an odd \` here");
        assert_eq!(escape("\u{202e}abc"), "&#x202e;abc");
    }

    #[test]
    fn addresses_are_links() {
        assert_eq!(escape("see https://a.example/b_c#d."), "see <https://a.example/b_c#d>.");
        assert_eq!(escape("`GET https://a.example/b_c `"), "`GET https://a.example/b_c `");
        assert_eq!(escape("https://<host>"), r"https://\<host\>");
    }

    #[test]
    fn lines_are_wrapped_and_paragraphs_kept() {
        let long = "word ".repeat(40);
        assert!(wrap(&long).iter().all(|line| line.len() <= WIDTH));
        assert_eq!(docs(&["one", "two"]).to_string().matches("doc").count(), 3);
    }

    #[test]
    fn no_line_begins_like_a_list() {
        assert_eq!(wrap("- x"), ["&#8203;- x"]);
        assert_eq!(wrap("1. x"), ["&#8203;1. x"]);
        assert_eq!(wrap("2)"), ["&#8203;2)"]);
        assert_eq!(wrap("```sh ls ```"), ["&#8203;```sh ls ```"]);
        assert_eq!(wrap("1.0 is a version"), ["1.0 is a version"]);
    }
}
