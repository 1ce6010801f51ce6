//! Every rule that somebody must keep is named by a test, or there is a reason why none can.

use crate::verify::shared;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Rules for producers that no test of this crate can show, and why.
#[rustfmt::skip]
const NOT_OF_PRODUCERS: &[(&str, &str)] = &[
    ("PB-5 PB-6 PB-14", "Protobuf, which is optional (TRN-5), is not spoken."),
    ("TOOL-12", "Which parts a model takes is its provider's to say: a `Model` is given all of them."),
    ("TRN-6", "It is for those who design a transport; ours is the binding over HTTP."),
];

/// The same for consumers and the applications behind them.
#[rustfmt::skip]
const NOT_OF_CONSUMERS: &[(&str, &str)] = &[
    ("PB-6 PB-7 PB-8 PB-9 PB-10 PB-11", "Protobuf, which is optional (TRN-5), is not spoken."),
    ("CAP-4 CAP-5", "A client asks for no declaration, so nothing can depend on one."),
    ("REAS-15", "Values go back over the transport that they came by. Who keeps a conversation or a recording of it decides where else they go, as `Recorder` says."),
    ("TRN-6", "It is for those who design a transport; ours is the binding over HTTP."),
];

#[test]
fn every_rule_for_producers_is_named_by_a_test() {
    all_are_named("the rules for producers", binds_producers, NOT_OF_PRODUCERS);
}

#[test]
fn every_rule_for_consumers_is_named_by_a_test() {
    all_are_named("the rules for consumers", binds_consumers, NOT_OF_CONSUMERS);
}

fn all_are_named(what: &str, binds: fn(&Rule<'_>) -> bool, exceptions: &[(&str, &str)]) {
    let Some(file) = shared::find("protocol/rules.md", what) else { return };
    let rules = fs::read_to_string(file).unwrap();
    let rules: BTreeSet<_> = rules.lines().filter_map(rule).filter(binds).map(|rule| rule.id).collect();
    assert!(rules.len() > 100, "only {} rules found", rules.len());

    let mut named = BTreeSet::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["tests", "agui-types/tests", "src", "agui-types/src"] {
        names(&root.join(folder), &mut named);
    }
    let listed: BTreeSet<_> = exceptions.iter().flat_map(|(ids, _)| ids.split(' ')).collect();
    let unnamed: Vec<_> = rules.iter().filter(|id| !named.contains(**id) && !listed.contains(**id)).collect();
    assert!(unnamed.is_empty(), "named by no test: {unnamed:?}");
    let needless: Vec<_> = listed.iter().filter(|id| named.contains(**id) || !rules.contains(**id)).collect();
    assert!(needless.is_empty(), "named after all, or not {what}: {needless:?}");
}

/// Tables that name rules which are not tested by that, such as those of which others follow.
const NO_TESTS: &[&str] = &[
    "verify/coverage.rs",
    "integration/named_rules.rs",
    "client/conformance.rs",
    "conformance/tables.rs",
    "conformance/words.rs",
];

struct Rule<'r> {
    id: &'r str,
    level: &'r str,
    /// Whom it names; nobody if it binds all.
    parties: Vec<&'r str>,
    text: &'r str,
}

fn rule(line: &str) -> Option<Rule<'_>> {
    let (id, rest) = line.strip_prefix("- **")?.split_once("** ")?;
    let (head, text) = rest.split_once('—')?;
    let (level, parties) = head.split_once('·').unwrap_or((head, ""));
    let parties = parties.split(',').map(str::trim).filter(|party| !party.is_empty()).collect();
    Some(Rule { id, level: level.trim(), parties, text })
}

/// Producers, proxies, and whoever a rule names by something else.
fn binds_producers(rule: &Rule<'_>) -> bool {
    let others = !rule.parties.is_empty() && rule.parties.iter().all(|party| ["C", "A"].contains(party));
    rule.level == "MUST" && !others
}

/// All but producers; some rules of theirs, and some that are no more than definitions or advice, say what consumers
/// must do as well.
fn binds_consumers(rule: &Rule<'_>) -> bool {
    let others = rule.parties == ["P"];
    let also = ["C MUST", "C fatal", "fatal for the consumer"].iter().any(|words| rule.text.contains(words));
    also || !others && (rule.level == "MUST" || rule.text.contains("MUST"))
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
        if !name.ends_with(".rs") || NO_TESTS.iter().any(|file| path.ends_with(file)) {
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
            // Such as `ver_30_and_31_tool_14_older_shapes`.
            let mut family = "";
            for part in word.split('_') {
                if is_number(part) {
                    named.insert(format!("{}-{part}", family.to_uppercase()));
                } else if part != "and" {
                    family = part;
                }
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
