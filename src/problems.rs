//! Everything that is wrong with a document, where decoding stops at the first thing.
//!
//! What was found is mended in a copy, in whatever way lets decoding come further, and the copy is decoded
//! again. This needs to know nothing of the protocol.

use crate::refusal::Problem;
use serde_json::{Value, json};

/// How many problems are told.
pub(crate) const MOST: usize = 16;

/// How many bytes are decoded to find more than one problem, so that a bad request costs little more than a
/// good one.
const EFFORT: usize = 2 * 1024 * 1024;

/// Of larger bodies the first problem is told alone: what is searched is many times as large in memory.
pub(crate) const LARGEST: usize = 256 * 1024;

/// The problems behind the first one, of a document that is JSON and does not decode.
#[cold]
pub(crate) fn further(json: &[u8], first: &Problem, decode: Decode<'_>) -> Vec<Problem> {
    let mut found = Vec::new();
    if json.len() > LARGEST {
        return found;
    }
    let Ok(document) = serde_json::from_slice::<Value>(json) else { return found };
    let mut copy = Copy { document, cut: Vec::new(), effort: EFFORT, decode };
    let mut problem = first.clone();
    while found.len() + 1 < MOST {
        problem = match copy.mend(&problem) {
            Mended::Next(next) => next,
            Mended::Whole | Mended::Stuck => break,
        };
        found.push(Problem { path: copy.original(&problem.path), message: problem.message.clone() });
    }
    found
}

/// Says what is wrong with a document.
pub(crate) type Decode<'d> = &'d dyn Fn(&[u8]) -> Result<(), Problem>;

/// The document, mended as far as problems are known.
struct Copy<'d> {
    document: Value,
    /// Elements that were removed: their list, and their index at that time.
    cut: Vec<(String, usize)>,
    effort: usize,
    decode: Decode<'d>,
}

enum Mended {
    /// The next problem.
    Next(Problem),
    /// There is none.
    Whole,
    /// Nothing that was tried made a difference.
    Stuck,
}

impl Copy<'_> {
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
        Some((self.decode)(&json))
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
