//! Every rule that binds producers is named by a test, or there is a reason why none can.

use crate::verify::shared;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Rules that no test of this crate can show, and why.
#[rustfmt::skip]
const NOT_HERE: &[(&str, &str)] = &[
    ("PB-5 PB-6 PB-14", "Protobuf, which is optional (TRN-5), is not spoken."),
    ("TOOL-12", "Which parts a model takes is its provider's to say: a `Model` is given all of them."),
    ("TRN-6", "It is for those who design a transport; ours is the binding over HTTP."),
];

#[test]
fn every_rule_for_producers_is_named_by_a_test() {
    let Some(file) = shared::find("protocol/rules.md", "the rules for producers") else { return };
    let rules = fs::read_to_string(file).unwrap();
    let rules: BTreeSet<_> = rules.lines().filter_map(binds_producers).collect();
    assert!(rules.len() > 100, "only {} rules found", rules.len());

    let mut named = BTreeSet::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["tests", "agui-types/tests", "src", "agui-types/src"] {
        names(&root.join(folder), &mut named);
    }
    let listed: BTreeSet<_> = NOT_HERE.iter().flat_map(|(ids, _)| ids.split(' ')).collect();
    let unnamed: Vec<_> = rules.iter().filter(|id| !named.contains(**id) && !listed.contains(**id)).collect();
    assert!(unnamed.is_empty(), "named by no test: {unnamed:?}");
    let needless: Vec<_> = listed.iter().filter(|id| named.contains(**id) || !rules.contains(**id)).collect();
    assert!(needless.is_empty(), "named after all, or no rules for producers: {needless:?}");
}

/// The id of a rule that producers or proxies must keep. Some name nobody, and bind all.
fn binds_producers(line: &str) -> Option<&str> {
    let (id, rest) = line.strip_prefix("- **")?.split_once("** MUST")?;
    let party = rest.split_once('—')?.0.trim_matches([' ', '·']);
    let all = party.split(',').all(|one| ["C", "A"].contains(&one));
    (!all).then_some(id)
}

/// All ids in comments and names of tests below a folder: of files, or of what follows `#[cfg(test)]` where both stand
/// in one.
fn names(folder: &Path, named: &mut BTreeSet<String>) {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    for path in entries {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "node_modules" {
            names(&path, named);
        }
        // These lists are of rules that are not tested.
        if !name.ends_with(".rs") || ["coverage.rs", "producer_rules.rs"].contains(&&*name) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let is_test = path.components().any(|part| part.as_os_str() == "tests");
        let tests =
            if is_test { &*text } else { text.split_once("#[cfg(test)]").map_or("", |(_, tests)| tests) };
        for word in tests
            .split(|character: char| !character.is_alphanumeric() && character != '-' && character != '_')
        {
            if is_id(word) {
                named.insert(word.to_owned());
            }
            // Such as `ver_30_and_31_thinking_is_reasoning`.
            if let Some((family, rest)) = word.split_once('_') {
                let numbers = rest.split('_').take_while(|part| *part == "and" || is_number(part));
                named.extend(numbers.map(|number| format!("{}-{number}", family.to_uppercase())));
            }
        }
    }
}

fn is_id(word: &str) -> bool {
    word.split_once('-').is_some_and(|(family, number)| {
        is_number(number) && family.bytes().all(|byte| byte.is_ascii_uppercase()) && !family.is_empty()
    })
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}
