//! All that is wrong with a run input, not just the first thing.

use super::refusal::Problem;
use crate::compat::decode_input;
use crate::problems;
use agui_types::runtime::DecodeError;

/// The problems behind the first one, of a document that is JSON and no run input.
#[cold]
pub(super) fn further(body: &[u8], first: &DecodeError) -> Vec<Problem> {
    problems::further(body, &place(first), &|json| {
        decode_input(json).map(drop).map_err(|error| place(&error))
    })
}

fn place(error: &DecodeError) -> Problem {
    Problem { path: error.pointer().to_owned(), message: error.message().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problems::{LARGEST, MOST};
    use serde_json::{Value, json};

    #[track_caller]
    fn paths(document: &Value) -> Vec<String> {
        let body = document.to_string();
        let first = decode_input(body.as_bytes()).unwrap_err();
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
