//! Whether a text is a piece of what a template stands for.
//!
//! In a template `*` stands for a name, `…` for anything. A text may begin and end anywhere, in a hole as well, where it
//! has one word or a list of them.

/// What a text has of a template.
#[derive(Debug, Default, Clone)]
pub(crate) struct Excerpt {
    names: Vec<Name>,
    literal: String,
}

#[derive(Debug, Clone)]
struct Name {
    text: String,
    /// Whether the text begins or ends in it, so that it may not be all of it.
    cut: bool,
}

enum Part<'t> {
    Literal(&'t str),
    Hole { named: bool },
}

/// Each way in which a text is a piece of what the template stands for, and has a word of it.
pub(crate) fn excerpts(template: &str, text: &str) -> Vec<Excerpt> {
    let parts = parts(template);
    let mut found = Vec::new();
    let Some(first) = text.chars().next() else { return found };
    for (at, part) in parts.iter().enumerate() {
        match part {
            Part::Literal(literal) => {
                for (start, _) in literal.match_indices(first) {
                    follow(&[Part::Literal(&literal[start..])], &parts[at + 1..], text, &mut found);
                }
            }
            Part::Hole { .. } => follow(&[], &parts[at..], text, &mut found),
        }
    }
    found.retain(|excerpt| words(&excerpt.literal).next().is_some());
    found
}

fn follow(first: &[Part<'_>], then: &[Part<'_>], text: &str, found: &mut Vec<Excerpt>) {
    let parts: Vec<_> = first.iter().chain(then).collect();
    walk(&parts, text, true, Excerpt::default(), found);
}

fn walk(parts: &[&Part<'_>], rest: &str, begins: bool, excerpt: Excerpt, found: &mut Vec<Excerpt>) {
    if rest.is_empty() {
        return found.push(excerpt);
    }
    match parts.split_first() {
        None => {}
        Some((Part::Literal(literal), parts)) => {
            if let Some(rest) = rest.strip_prefix(literal) {
                walk(parts, rest, false, excerpt.with(literal), found);
            } else if literal.starts_with(rest) {
                found.push(excerpt.with(rest));
            }
        }
        Some((Part::Hole { named }, parts)) => {
            let ends = rest.char_indices().map(|(end, _)| end).chain([rest.len()]);
            for end in ends {
                let (name, rest) = rest.split_at(end);
                let is_long = has_gap(name);
                if begins && is_long {
                    break;
                }
                // What nobody has to name may be long at the end of all.
                let is_open = rest.is_empty() && is_long && (*named || !parts.is_empty());
                if goes_on(parts, rest) && !is_open {
                    let excerpt = excerpt.naming(*named, name, begins || rest.is_empty());
                    walk(parts, rest, false, excerpt, found);
                }
            }
        }
    }
}

/// Whether the text can go on with these parts.
fn goes_on(parts: &[&Part<'_>], rest: &str) -> bool {
    match parts.first() {
        None => rest.is_empty(),
        Some(Part::Literal(literal)) => rest.starts_with(literal) || literal.starts_with(rest),
        Some(Part::Hole { .. }) => true,
    }
}

/// Whether there are several words, other than those of a list.
fn has_gap(name: &str) -> bool {
    let mut before = ' ';
    name.trim_start().chars().any(|char| {
        let gap = char.is_whitespace() && before != ',';
        before = char;
        gap
    })
}

impl Excerpt {
    fn with(mut self, literal: &str) -> Self {
        self.literal.push_str(literal);
        self
    }

    fn naming(&self, named: bool, name: &str, cut: bool) -> Self {
        let mut excerpt = self.clone();
        excerpt.literal.push('\n');
        if named && !plain(name).is_empty() {
            excerpt.names.push(Name { text: plain(name), cut });
        }
        excerpt
    }

    /// Whether all that it names is named by what we say. Of a list one is enough, and members of objects are
    /// pointers with us.
    pub(crate) fn is_named_by(&self, said: &str) -> bool {
        let said = plain(said);
        let contains = |name: &str, cut| if cut { said.contains(name) } else { has_word(&said, name) };
        self.names.iter().all(|Name { text, cut }| {
            contains(text, *cut)
                || contains(&format!("/{}", text.replace('.', "/")), *cut)
                || text.split(',').any(|one| has_word(&said, one.trim()))
        })
    }

    /// Whether it can hardly be anything else: words of the template, and not one alone.
    pub(crate) fn is_plain(&self) -> bool {
        words(&self.literal).count() + self.names.len() > 1
    }
}

/// Without the marks in which names are put.
fn plain(text: &str) -> String {
    text.replace(['\'', '"', '`', '\\', '(', ')'], "")
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|char: char| !char.is_alphanumeric() && char != '_');
    words.filter(|word| word.chars().any(char::is_alphabetic))
}

/// Whether a name stands in a text, and not in another name.
pub(crate) fn has_word(text: &str, name: &str) -> bool {
    let inside = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-');
    text.match_indices(name).any(|(at, _)| {
        let (before, after) = (text[..at].chars().next_back(), text[at + name.len()..].chars().next());
        !name.is_empty() && !before.is_some_and(inside) && !after.is_some_and(inside)
    })
}

fn parts(template: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.find(['*', '…']) {
        parts.push(Part::Literal(&rest[..at]));
        let hole = rest[at..].chars().next().unwrap();
        parts.push(Part::Hole { named: hole == '*' });
        rest = &rest[at + hole.len_utf8()..];
    }
    parts.push(Part::Literal(rest));
    parts.retain(|part| !matches!(part, Part::Literal("")));
    parts
}

#[test]
fn an_excerpt_begins_and_ends_anywhere() {
    let template = "No active text message found with ID '*'. Start a … first.";
    let named = |text: &str, said: &str| excerpts(template, text).iter().any(|found| found.is_named_by(said));
    for text in [
        "No active text message found with ID 'm1'. Start a text message first.",
        "active text",
        "found with ID 'm",
        "1'. Start",
        "ID 'm1'. Start a text",
    ] {
        assert!(named(text, "CONTENT for `m1`"), "{text}");
    }
    assert!(!named("found with ID 'm1'", "CONTENT for `m2`"));
    assert!(!named("ID 'm1'.", "CONTENT for `m12`"));
    for text in ["", "m1", "'m1'", "No active tool", "with ID 'm1'. Finish", "words before 'm1'. Start"] {
        assert!(!named(text, "CONTENT for `m1`"), "{text}");
    }
}
