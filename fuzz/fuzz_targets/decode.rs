//! Decoders and schema agree about any input: the property of `agui-types/tests/fuzz`, driven by coverage.
//!
//! An input is used twice: as the text of a document, and as the decisions that make one, so that coverage
//! also steers what is deep inside valid documents.

#![no_main]

#[path = "../../agui-types/tests/fuzz/input.rs"]
mod input;
#[allow(dead_code, reason = "the conformance tests use the rest")]
#[path = "../../agui-types/tests/conformance/support/mod.rs"]
mod support;

use libfuzzer_sys::fuzz_target;
use support::definitions::Definition;
use support::property::Subject;
use support::rng::Rng;
use support::schema;

fuzz_target!(|data: &[u8]| {
    let schema = schema::own();
    for name in input::WHOLE {
        check(Subject { schema, definition: Definition::named(name) }, data);
    }
    let (subject, made) = input::input(schema, &mut Rng::with_bytes(data));
    check(subject, &made);
});

fn check(subject: Subject, bytes: &[u8]) {
    if let Err(failure) = subject.check(bytes) {
        panic!("{}: {failure}", subject.definition.name);
    }
}
