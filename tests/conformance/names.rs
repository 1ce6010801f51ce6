//! What a text of another program names, and whether what we say names it as well.

/// Words behind which a name stands that we may leave out: what a chunk says instead, whose the other is, and what a
/// validator would have liked.
const FREE: &[&str] = &[
    "role",
    "name",
    "toolCallName",
    "chunk parentMessageId",
    "stream's parentMessageId",
    "chunk subagentRunId",
    "opener's subagent",
    "stream's subagent",
    "owner",
    "owned by",
    "only an id (",
    "(id",
    "title",
    "one of",
    "|",
    "pattern",
    "\":",
];

/// Words behind which the type of an event is that of the one that it is all about. Elsewhere it is one that would help.
const SUBJECT: &[&str] = &[
    "send",
    "type",
    "for",
    "event",
    "First",
    "Ambiguous",
    "deprecated",
    "converting",
    "dropping",
    "Dropping",
    "to",
    "on",
];

/// Whether everything that a text names is in what we say.
pub(crate) fn are_in(text: &str, said: &str) -> bool {
    let text = &text.replace('\\', "");
    let (said, bare) = (&plain(said), &mut text.clone());
    for Quoted { before, name, after } in quoted(text) {
        // So that it is not found again.
        *bare = bare.replace(name, &" ".repeat(name.len()));
        let is_contradicted = after.is_some_and(|after| after.starts_with(" does not"))
            && ["", "parentMessageId", "subagentRunId"].contains(&before);
        let is_free = is_contradicted || FREE.iter().any(|free| before.ends_with(free));
        let holds = match is_event(name) {
            true => !is_subject(before) || has_word(said, name),
            false => is_free || is_named(name, after.is_none(), said),
        };
        if !holds {
            return false;
        }
    }
    listed(text).is_none_or(|name| has_word(said, name)) && are_bare_in(bare, said)
}

/// Types of events without quotes, with a member or not, pointers, and versions.
fn are_bare_in(text: &str, said: &str) -> bool {
    let mut before = "";
    text.split(' ').all(|word| {
        let end = word.ends_with(':');
        let plain = word.trim_matches(|char: char| !char.is_alphanumeric() && char != '/' && char != '=');
        let (event, member) = plain.split_once('.').unwrap_or((plain, ""));
        let is_about = is_subject(before) || end && before.is_empty();
        let holds = if is_event(event) && is_about {
            has_word(said, event) && (member.is_empty() || has_word(said, member))
        } else if plain.starts_with('/') && plain.len() > 1
            || before == "protocol" && member.parse::<u8>().is_ok()
        {
            has_word(said, plain)
        } else {
            true
        };
        before = word;
        holds
    })
}

/// Of a list of what is open the first, which is the one that we tell.
fn listed(text: &str) -> Option<&str> {
    let (_, list) = text.split_once("active: ")?;
    list.split([',', ' ']).next()
}

/// Members of objects are pointers with us.
fn is_named(name: &str, cut: bool, said: &str) -> bool {
    let name = name.split(": ").next().unwrap_or_default().trim_matches(['(', ')']);
    let pointer = format!("/{}", name.replace('.', "/"));
    name.is_empty() || cut && said.contains(name) || has_word(said, name) || has_word(said, &pointer)
}

fn is_event(name: &str) -> bool {
    name.len() > 2 && name.chars().all(|char| char.is_ascii_uppercase() || char == '_')
}

fn is_subject(before: &str) -> bool {
    before.rsplit(' ').next().is_some_and(|word| SUBJECT.contains(&word))
}

struct Quoted<'t> {
    before: &'t str,
    name: &'t str,
    /// `None` if the text ends in the name.
    after: Option<&'t str>,
}

/// What stands in quotes. An apostrophe is none.
fn quoted(text: &str) -> Vec<Quoted<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find(['\'', '"', '`']).map(|at| from + at) {
        let (before, rest) = (&text[..at], &text[at + 1..]);
        from = at + 1;
        if before.ends_with(char::is_alphanumeric) {
            continue;
        }
        let quote = &text[at..=at];
        let mut ends = rest.match_indices(quote).map(|(end, _)| end);
        let end = ends.find(|end| !rest[end + 1..].starts_with(char::is_alphanumeric));
        let (name, after) = match end {
            Some(end) => (&rest[..end], Some(&rest[end + 1..])),
            None => (rest, None),
        };
        from += end.map_or(rest.len(), |end| end + 1);
        // A member in JSON.
        if quote != "\"" || after.is_none_or(|after| !after.starts_with(':')) {
            found.push(Quoted { before: before.trim_end(), name, after });
        }
    }
    found
}

/// Without the marks in which names are put.
fn plain(text: &str) -> String {
    text.replace(['\'', '"', '`', '\\', '(', ')'], "")
}

/// Whether a name stands in a text, and not in another name.
pub(crate) fn has_word(text: &str, name: &str) -> bool {
    let inside = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-');
    text.match_indices(name).any(|(at, _)| {
        let (before, after) = (text[..at].chars().next_back(), text[at + name.len()..].chars().next());
        !name.is_empty() && !before.is_some_and(inside) && !after.is_some_and(inside)
    })
}

/// What a validator calls types, and what we do.
const TYPES: &[(&str, &[&str])] = &[
    ("string", &["string"]),
    ("number", &["integer", "floating point", "number"]),
    ("int", &["integer"]),
    ("boolean", &["boolean"]),
    ("array", &["array", "sequence"]),
    ("object", &["object", "map"]),
    ("record", &["object", "map"]),
    ("null", &["null"]),
];

/// Whether what a validator expected and received is what we did.
pub(crate) fn types_agree(text: &str, said: &str) -> bool {
    let behind = |word: &str| {
        let (_, rest) = text.split_once(word)?;
        let rest = rest.trim_start_matches(|char: char| !char.is_alphanumeric());
        rest.split(|char: char| !char.is_alphanumeric()).next().filter(|word| !word.is_empty())
    };
    // A bound is no type.
    if text.contains("Too ") || [" to be", " to have"].iter().any(|bound| text.contains(bound)) {
        return true;
    }
    if behind("received") == Some("undefined") {
        return said.contains("missing field");
    }
    let (got, wanted) = said.split_once("expected").unwrap_or((said, ""));
    let speaks_of = |part: &str, name: &str| match TYPES.iter().find(|(theirs, _)| *theirs == name) {
        Some((_, ours)) => ours.iter().any(|ours| has_word(part, ours)),
        None => has_word(part, name),
    };
    behind("expected").is_none_or(|name| name == "one" || speaks_of(wanted, name))
        && behind("received").is_none_or(|name| speaks_of(got, name))
}

#[test]
fn everything_that_is_named_has_to_be_said() {
    for (text, said, holds) in [
        ("found with ID 'm1'", "CONTENT for `m1`", true),
        ("found with ID 'm", "CONTENT for `m1`", true),
        ("found with ID 'm1'", "CONTENT for `m12`", false),
        ("'m1' of 'm2'", "CONTENT for `m1`", false),
        ("Cannot send 'A_B' event", "A_B for `m1`", true),
        ("Cannot send 'A_B' event", "A_C for `m1`", false),
        ("Complete it with 'A_B' first", "A_C for `m1`", true),
        ("A_B: none", "A_C for `m1`", false),
        ("deprecated A_B.c: null", "A_B /c", true),
        ("deprecated A_B.c: null", "A_B /d", false),
        ("the stream's role 'user'", "its role", true),
        ("at '/a/b' on A_B.", "A_B /a/b", true),
        ("at /a/b", "A_B /a/c", false),
        ("in 'a.b'.", "/a/b", true),
        (r#""path": ["a"]"#, "/a: no", true),
        (r#""path": ["a"]"#, "/b: no", false),
        ("still active: a, b", "while `a` is open", true),
        ("still active: a, b", "while `b` is open", false),
        ("still active: a, b", "while `c` is open", false),
        ("of it: 'm1'", "CONTENT for `m2`", false),
        ("of it ('m1')", "CONTENT for `m2`", false),
        (r#"{"code": "a b", "path": ["c"]}"#, "/c: no", true),
        ("speaks protocol 1.7", "speaks 1.7", true),
        ("speaks protocol 1.7", "speaks 1.8", false),
    ] {
        assert_eq!(are_in(text, said), holds, "{text}: {said}");
    }
}

#[test]
fn types_have_other_names_with_us() {
    for (text, said, holds) in [
        ("expected string, received number", "integer `1`, expected a string", true),
        ("expected string, received number", "boolean `true`, expected a string", false),
        ("expected string, received number", "integer `1`, expected an object", false),
        ("expected string, received undefined", "missing field `a`", true),
        ("expected string, received undefined", "null, expected a string", false),
        ("expected \\\"reasoning\\\"", "`user`, expected the constant `reasoning`", true),
        ("expected \\\"reasoning\\\"", "`user`, expected the constant `tool`", false),
        ("Too small: expected array to have >=1 items", "0 items, expected at least 1", true),
    ] {
        assert_eq!(types_agree(text, said), holds, "{text}: {said}");
    }
}
