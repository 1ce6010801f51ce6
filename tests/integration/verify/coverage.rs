//! Every rule about order is tested, or there is a reason why a verifier has nothing to do with it.

use super::{rules, shared};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// Rules that are kept by the verifier under the name of others: what an event breaks is reported once.
#[rustfmt::skip]
const UNDER: &[(&str, &[&str])] = &[
    ("RUN-2", &["RUN-1"]),
    ("RUN-3", &["RUN-1"]),
    ("RUN-7", &["RUN-6"]),
    ("RUN-12", &["RUN-11"]),
    ("RUN-18", &["RUN-16", "RUN-17"]),
    ("RUN-19", &["RUN-16"]),
    ("RUN-20", &["RUN-6", "RUN-21"]),
    ("RUN-22", &["TXT-7", "SUB-5", "CHK-12"]),
    ("RUN-23", &["RUN-11"]),
    ("STEP-4", &["STEP-1", "STEP-3"]),
    ("STEP-5", &["STEP-1"]),
    ("STEP-6", &["STEP-1", "STEP-2", "RUN-11"]),
    ("CHK-1", &["TXT-7", "TOOL-15", "REAS-4"]),
    ("CHK-2", &["TXT-7", "TOOL-15", "REAS-4"]),
    ("CHK-3", &["RUN-11"]),
    ("CHK-4", &["TXT-7", "TOOL-15", "REAS-4", "RUN-11"]),
    ("CHK-6", &["TXT-7", "TOOL-15", "REAS-4"]),
    ("CHK-7", &["CHK-12"]),
    ("CHK-8", &["CHK-10", "CHK-12"]),
    ("CHK-11", &["CHK-10"]),
    ("CHK-13", &["CHK-12"]),
    ("CHK-14", &["CHK-17"]),
    ("CHK-15", &["CHK-12"]),
    ("CHK-16", &["CHK-17"]),
    ("CHK-18", &["CHK-12"]),
    ("CHK-19", &["CHK-12"]),
    ("CHK-20", &["CHK-12"]),
    ("CHK-21", &["CHK-12"]),
    ("CHK-22", &["CHK-12"]),
    ("CHK-23", &["CHK-12"]),
    ("CHK-24", &["CHK-12"]),
    ("CHK-26", &["CHK-25"]),
    ("CHK-27", &["CHK-12"]),
    ("CHK-28", &["CHK-29"]),
    ("TXT-1", &["TXT-5", "CHK-17"]),
    ("TXT-4", &["TXT-7"]),
    ("TOOL-2", &["SUB-15"]),
    ("TOOL-6", &["TOOL-15"]),
    ("TOOL-8", &["TOOL-15"]),
    ("TOOL-25", &["TOOL-24"]),
    ("REAS-2", &["REAS-4"]),
    ("REAS-3", &["REAS-4"]),
    ("REAS-5", &["REAS-4"]),
    ("REAS-10", &["SUB-11"]),
    ("REAS-13", &["CHK-12"]),
    ("STATE-5", &["ACT-8"]),
    ("STATE-25", &["SUB-14"]),
    ("ACT-4", &["ACT-7"]),
    ("ACT-6", &["ACT-14"]),
    ("ACT-9", &["ACT-8"]),
    ("SUB-2", &["SUB-5"]),
    ("SUB-7", &["SUB-4"]),
    ("SUB-8", &["RUN-11"]),
    ("SUB-12", &["SUB-11"]),
    ("SUB-13", &["SUB-11"]),
    ("SUB-18", &["SUB-6"]),
    ("SUB-21", &["RUN-11"]),
    ("SUB-23", &["SUB-14"]),
    ("TRN-3", &["TRN-2"]),
];

/// Rules of the same families that no verifier of streams can decide or has to, and why.
#[rustfmt::skip]
const NOT_HERE: &[(&str, &str)] = &[
    ("EVT-1 EVT-4 EVT-5 EVT-6 EVT-7 EVT-13", "The schema says it, so decoding and encoding check it."),
    ("EVT-2 EVT-3 EVT-10", "It says what not to look at, and the verifier looks at neither time nor raw events nor into ids."),
    ("EVT-11 EVT-12", "It defines what an id means, which no event can break."),
    ("RUN-8 RUN-10 RUN-28 RUN-29", "It is a member that producers may send, whenever the run's boundary event comes."),
    ("RUN-13 RUN-14 RUN-15 RUN-33 RUN-34", "It is about the outcome itself, which the schema describes."),
    ("RUN-24", "A stream does not show whether what is streamed is new; reopening a message is allowed."),
    ("RUN-25 RUN-26 RUN-27 RUN-35 RUN-36", "It says how a consumer presents what happened, which is up to those who use the verifier."),
    ("RUN-30 RUN-32", "A stream does not show whether a run was stopped on purpose, nor what its producer was able to close."),
    ("CHK-5 CHK-30 CHK-31 CHK-32", "It says what becomes of deltas and metadata, not what may follow what."),
    ("CHK-9", "Decoding judges each chunk before the verifier sees it."),
    ("CHK-33", "The verifier takes both forms, which the streams of the rules about items and chunks show."),
    ("TXT-2 TXT-3 TXT-8 TXT-9", "It says what a message is made of or how it is shown."),
    ("TXT-6", "Events that would change a closed message do not exist or break TXT-7."),
    ("TOOL-1", "It says where a call is put; a parent message need not be known."),
    ("TOOL-3 TOOL-4 TOOL-5 TOOL-10 TOOL-11 TOOL-12 TOOL-13 TOOL-14 TOOL-30", "It is about arguments and results themselves, not about their order."),
    ("TOOL-9 TOOL-27 TOOL-29", "It allows calls to go unanswered or unadvertised, which the verifier never objects to."),
    ("TOOL-22 TOOL-23 TOOL-28", "It is a recommendation, and a stream that does not follow it is right."),
    ("TOOL-26", "It is about the next input, not about the stream."),
    ("REAS-6 REAS-14", "It is about a member of one event, which decoding checks."),
    ("REAS-7 REAS-8 REAS-9 REAS-11 REAS-12 REAS-15 REAS-16", "It says what is done with encrypted values and reasoning, in whatever order they come."),
    ("STATE-1 STATE-2 STATE-3 STATE-4 STATE-6 STATE-7 STATE-8 STATE-9 STATE-10 STATE-11 STATE-12 STATE-13 STATE-14 STATE-15", "It is about the state itself, which always has a baseline; its events may come anywhere in a run."),
    ("STATE-20 STATE-21 STATE-22 STATE-23 STATE-24 STATE-26", "It says what becomes of the messages, which the verifier does not hold."),
    ("ACT-1 ACT-2 ACT-3 ACT-5 ACT-10 ACT-11 ACT-12", "It is about the content of activities, which the verifier does not hold."),
    ("ACT-13", "It is about the input, not about the stream."),
    ("SUB-1 SUB-3 SUB-10", "The schema says it, so decoding and encoding check it."),
    ("SUB-9 SUB-22", "It says what an outcome or a tag of an interrupt means; nothing has to agree with anything."),
    ("SUB-16", "It says that some tags name no owner, and the verifier compares none of them."),
    ("SUB-19 SUB-20", "It is about what consumers hold; the verifier closes chunk streams alone with their owner."),
    ("INT-1 INT-16", "The schema demands interrupts of this outcome and has no place for them in the others."),
    ("INT-3 INT-4 INT-8 INT-18", "It says what interrupts mean."),
    ("INT-5 INT-6 INT-7 INT-9 INT-10 INT-11 INT-13 INT-15", "It is about the input that resumes, which is judged before there is a stream."),
    ("INT-12", "It says what producers need not remember."),
    ("INT-14 INT-17", "A stream does not show what was asked in earlier runs or what a user approved."),
];

/// Families that are not about order.
#[rustfmt::skip]
const OTHER_FAMILIES: &[(&str, &str)] = &[
    ("GEN", "It says who has to keep the other rules."),
    ("USE", "Token counts are about one event's content."),
    ("META", "Metadata may be anywhere, and its merging is the reducer's."),
    ("PASS", "Both events may occur anywhere in a run; that only CUSTOM ends a chunk stream is CHK-20 and CHK-21."),
    ("PROC", "It is about single events and the stages that they pass."),
    ("VER", "It is about versions and retired shapes, which are translated before verification."),
    ("INPUT", "It is about the input, not about the stream."),
    ("CAP", "Capabilities travel outside of the stream."),
    ("TRN", "It is about transports, but for TRN-2 and TRN-3, which are tested."),
    ("SSE", "It is about bytes."),
    ("PB", "It is about bytes."),
    ("SEC", "It is about what is done with content."),
    ("PROXY", "Proxies are held to the rules of consumers and producers."),
];

#[test]
fn every_rule_about_order_is_tested_or_has_a_reason_not_to_be() {
    let Some(file) = shared::find("protocol/rules.md", "the coverage of the protocol's rules") else {
        return;
    };
    let text = fs::read_to_string(file).unwrap();
    let ids: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| Some(line.strip_prefix("- **")?.split_once("**")?.0))
        .filter(|id| id.split_once('-').is_some_and(|(_, number)| number.parse::<u32>().is_ok()))
        .collect();
    assert!(ids.len() > 250, "only {} rules found", ids.len());

    let tested = rules::tested();
    let mut covered: BTreeMap<&str, usize> = BTreeMap::new();
    let listed = NOT_HERE.iter().flat_map(|(ids, _)| ids.split(' '));
    for id in tested.iter().copied().chain(UNDER.iter().map(|(id, _)| *id)).chain(listed) {
        *covered.entry(id).or_default() += 1;
    }
    let twice: Vec<_> = covered.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "more than once: {twice:?}");
    let gone: Vec<_> = covered.keys().filter(|id| !ids.contains(*id)).collect();
    assert!(gone.is_empty(), "no such rules: {gone:?}");
    for (id, under) in UNDER {
        assert!(under.iter().all(|rule| tested.contains(rule)), "{id} is under {under:?}, which is untested");
    }
    let missing: Vec<_> =
        ids.iter().filter(|id| !covered.contains_key(*id) && !is_of_another_family(id)).collect();
    assert!(missing.is_empty(), "neither tested nor listed: {missing:?}");
}

fn is_of_another_family(id: &str) -> bool {
    OTHER_FAMILIES.iter().any(|(family, _)| id.split_once('-').is_some_and(|(ours, _)| ours == *family))
}
