//! Everything that is wrong with a run input, where decoding stops at the first thing.
//!
//! What was found is mended in a copy, in whatever way lets decoding come further, and the copy is decoded
//! again. This needs to know nothing of the protocol.

use super::refusal::Problem;
use agui_types::RunAgentInput;
use agui_types::runtime::{DecodeError, decode_lenient};
use serde_json::{Value, json};

/// How many problems are told.
const MOST: usize = 16;

/// How many bytes are decoded to find more than one problem, so that a bad request costs little more than a
/// good one.
const EFFORT: usize = 2 * 1024 * 1024;

/// Of larger bodies the first problem is told alone: what is searched is many times as large in memory.
const LARGEST: usize = 256 * 1024;

/// The problems behind the first one, of a document that is JSON and no run input.
#[cold]
pub(super) fn further(body: &[u8], first: &DecodeError) -> Vec<Problem> {
    let mut found = Vec::new();
    if body.len() > LARGEST {
        return found;
    }
    let Ok(document) = serde_json::from_slice::<Value>(body) else { return found };
    let mut copy = Copy { document, cut: Vec::new(), effort: EFFORT };
    let mut problem = place(first);
    while found.len() + 1 < MOST {
        problem = match copy.mend(&problem) {
            Mended::Next(next) => next,
            Mended::Whole | Mended::Stuck => break,
        };
        found.push(Problem { path: copy.original(&problem.path), message: problem.message.clone() });
    }
    found
}

fn place(error: &DecodeError) -> Problem {
    Problem { path: error.pointer().to_owned(), message: error.message().to_owned() }
}

/// The document, mended as far as problems are known.
struct Copy {
    document: Value,
    /// Elements that were removed: their list, and their index at that time.
    cut: Vec<(String, usize)>,
    effort: usize,
}

enum Mended {
    /// The next problem.
    Next(Problem),
    /// There is none.
    Whole,
    /// Nothing that was tried made a difference.
    Stuck,
}

impl Copy {
    fn mend(&mut self, problem: &Problem) -> Mended {
        let before = self.document.clone();
        for attempt in attempts(&before, problem) {
            self.document.clone_from(&before);
            if attempt.apply(&mut self.document).is_none() {
                continue;
            }
            let next = match self.decode() {
                Some(Err(next)) => next,
                Some(Ok(())) => return Mended::Whole,
                None => return Mended::Stuck,
            };
            if !attempt.caused(&next, problem) {
                if let Attempt::Cut { list, index } = attempt {
                    self.cut.push((list, index));
                }
                return Mended::Next(next);
            }
        }
        Mended::Stuck
    }

    /// `None` if that was enough.
    fn decode(&mut self) -> Option<Result<(), Problem>> {
        let json = serde_json::to_vec(&self.document).ok()?;
        self.effort = self.effort.checked_sub(json.len())?;
        Some(decode_lenient::<RunAgentInput>(&json).map(drop).map_err(|error| place(&error)))
    }

    /// Where something is in the document as it came.
    fn original(&self, path: &str) -> String {
        let mut path = path.to_owned();
        for (list, cut) in self.cut.iter().rev() {
            let Some(rest) = path.strip_prefix(list.as_str()).and_then(|rest| rest.strip_prefix('/')) else {
                continue;
            };
            let (index, tail) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
            if let Ok(index) = index.parse::<usize>()
                && index >= *cut
            {
                path = format!("{list}/{}{tail}", index + 1);
            }
        }
        path
    }
}

/// One way to mend a problem.
enum Attempt {
    /// Remove a member.
    Remove { object: String, name: String },
    /// Remove an element.
    Cut { list: String, index: usize },
    /// Put a value somewhere, also where none was.
    Put { object: String, name: String, value: Value },
}

/// In the order in which they are tried.
fn attempts(document: &Value, problem: &Problem) -> Vec<Attempt> {
    let mut attempts = Vec::new();
    let put = |path: &str, name: &str| {
        let (object, name) = (path.to_owned(), name.to_owned());
        [json!(""), json!([]), json!({}), json!(0), json!(false)].map(|value| Attempt::Put {
            object: object.clone(),
            name: name.clone(),
            value,
        })
    };
    if let Some(Value::Object(members)) = document.pointer(&problem.path)
        && let Some(missing) = problem.message.split('`').nth(1).filter(|name| !members.contains_key(*name))
    {
        attempts.extend(put(&problem.path, missing));
    }
    // Then the value itself, or what it stands in, up to the next list.
    let mut path = problem.path.as_str();
    while let Some((parent, segment)) = path.rsplit_once('/') {
        match document.pointer(parent) {
            Some(Value::Array(_)) => {
                if let Ok(index) = segment.parse() {
                    attempts.push(Attempt::Cut { list: parent.to_owned(), index });
                }
                break;
            }
            _ => {
                let name = segment.replace("~1", "/").replace("~0", "~");
                attempts.extend(put(parent, &name));
                // Last, since what has to be there would be missed later.
                attempts.push(Attempt::Remove { object: parent.to_owned(), name });
            }
        }
        path = parent;
    }
    attempts
}

impl Attempt {
    fn apply(&self, document: &mut Value) -> Option<()> {
        match self {
            Self::Remove { object, name } => {
                document.pointer_mut(object)?.as_object_mut()?.remove(name).map(drop)
            }
            Self::Cut { list, index } => {
                let list = document.pointer_mut(list)?.as_array_mut()?;
                (*index < list.len()).then(|| drop(list.remove(*index)))
            }
            Self::Put { object, name, value } => {
                document.pointer_mut(object)?.as_object_mut()?.insert(name.clone(), value.clone());
                Some(())
            }
        }
    }

    /// Whether the next problem is the same one still, or of our own making.
    fn caused(&self, next: &Problem, problem: &Problem) -> bool {
        match self {
            // What took the element's place may have the very same problem.
            Self::Cut { .. } => false,
            Self::Remove { object, name } | Self::Put { object, name, .. } => {
                let about = format!("`{name}`");
                let inside = format!("{object}/{}", name.replace('~', "~0").replace('/', "~1"));
                next == problem
                    || (next.path == *object && next.message.contains(&about))
                    || next
                        .path
                        .strip_prefix(&inside)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn paths(document: &Value) -> Vec<String> {
        let body = document.to_string();
        let first = decode_lenient::<RunAgentInput>(body.as_bytes()).unwrap_err();
        let further = further(body.as_bytes(), &first);
        std::iter::once(first.pointer().to_owned()).chain(further.into_iter().map(|one| one.path)).collect()
    }

    #[test]
    fn every_problem_is_found_at_its_place() {
        let user = json!({ "role": "user", "id": "m", "content": "Hi" });
        let document = json!({
            "threadId": 7,
            "messages": [
                { "role": "user", "id": 1, "content": "Hi" },
                user,
                { "role": "user", "id": "m" },
                { "role": "user", "id": "m", "content": 7 },
                user,
            ],
            "tools": [7, { "name": "t", "description": "" }, { "name": 7, "description": "" }],
        });
        let mut found = paths(&document);
        found.sort();
        let expected = [
            "",
            "/messages/0/id",
            "/messages/2",
            "/messages/3/content",
            "/threadId",
            "/tools/0",
            "/tools/2/name",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_problem_is_told_once() {
        assert_eq!(paths(&json!([])), [""]);
        assert_eq!(paths(&json!({})).len(), 3, "three members are missing");
        assert_eq!(paths(&json!({ "threadId": {}, "runId": "r", "messages": [] })), ["/threadId"]);
    }

    #[test]
    fn many_problems_are_told_up_to_a_limit() {
        let document = json!({ "threadId": "t", "runId": "r", "messages": vec![7; 1000] });
        let expected: Vec<_> = (0..MOST).map(|index| format!("/messages/{index}")).collect();
        assert_eq!(paths(&document), expected);
    }

    #[test]
    fn of_a_large_body_the_first_problem_is_told() {
        let document = json!({ "threadId": "t", "runId": "r", "messages": vec![7; LARGEST] });
        assert_eq!(paths(&document), ["/messages/0"]);
    }
}
