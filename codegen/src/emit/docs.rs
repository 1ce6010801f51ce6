//! Descriptions to rustdoc: one attribute a line, wrapped, with nothing taken for markup that is not.

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

/// Outside of code spans, brackets would become links and angle brackets HTML.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let spans_close = text.matches('`').count() % 2 == 0;
    let mut in_code = false;
    for c in text.chars() {
        match c {
            '`' if spans_close => in_code = !in_code,
            '[' | ']' | '<' | '>' | '*' | '_' | '`' | '\\' | '#' | '|' if !in_code => out.push('\\'),
            _ => {}
        }
        out.push(c);
    }
    out
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
    // A line that begins like a list item or a heading would be taken for one.
    for line in &mut lines {
        let number = line.split_once(['.', ')']).is_some_and(|(head, rest)| {
            !head.is_empty() && head.bytes().all(|byte| byte.is_ascii_digit()) && rest.starts_with(' ')
        });
        if number || line.starts_with(['-', '+', '=', '~']) {
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
        assert_eq!(wrap("1.0 is a version"), ["1.0 is a version"]);
    }
}
