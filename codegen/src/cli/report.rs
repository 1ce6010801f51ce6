//! What people read when something is wrong: the place in the file, what was found there, what to do.

use super::locate::{self, Document};
use agui_codegen::{Error, Problem};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::io::IsTerminal;
use std::ops::Range;

/// All problems of a file, each with the lines that it is about.
pub(super) fn problems(file: &str, text: &str, problems: &[Problem]) -> String {
    let document = Document::parse(text);
    let place =
        |problem: &Problem| document.as_ref().map_or(0..0, |document| document.find(&problem.pointer));
    let mut placed: Vec<_> = problems.iter().map(|problem| (place(problem), problem)).collect();
    placed.sort_by_key(|(at, _)| at.start);
    let mut shown: Vec<_> = placed
        .into_iter()
        .map(|(at, problem)| {
            let label = format!("#{}", problem.pointer);
            block(&problem.message, Some((file, text, at, &label)), problem.help.as_deref())
        })
        .collect();
    if problems.len() > 1 {
        shown.push(block(&format!("{file} has {} problems", problems.len()), None, None));
    }
    shown.join("\n\n")
}

/// A text that is not JSON.
pub(super) fn syntax(file: &str, text: &str, error: &serde_json::Error) -> String {
    let found = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = format!("not JSON: {}", found.strip_suffix(&place).unwrap_or(&found));
    let at = locate::position(text, error.line(), error.column());
    let help = "correct the syntax there; what follows was not read";
    block(&message, Some((file, text, at, "here")), Some(help))
}

/// What has no place in a file.
pub(super) fn plain(error: &Error) -> String {
    let text = error.to_string();
    let help = error.help();
    // `Display` has the advice at the end of the line.
    let found = help.and_then(|help| text.strip_suffix(help)?.strip_suffix("; ")).unwrap_or(&text);
    block(found, None, help)
}

/// A message without a place, with what to do about it.
pub(super) fn message(found: &str, help: &str) -> String {
    block(found, None, Some(help))
}

/// The file's name and text, the place in it, and what to write there.
type Place<'p> = (&'p str, &'p str, Range<usize>, &'p str);

fn block(message: &str, place: Option<Place<'_>>, help: Option<&str>) -> String {
    let title = Level::ERROR.primary_title(message);
    let help = help.map(|help| Level::HELP.message(help));
    let group = match place {
        Some((file, text, at, label)) => Group::with_title(title)
            .element(
                Snippet::source(text).path(file).annotation(AnnotationKind::Primary.span(at).label(label)),
            )
            .elements(help),
        None => Group::with_title(title).elements(help),
    };
    let renderer = if coloured(&std::io::stderr()) { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&[group])
}

/// Colour on a terminal, unless the user does not want any (<https://no-color.org>).
pub(super) fn coloured(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
