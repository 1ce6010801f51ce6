//! Prints the synthetic next version of the protocol that the tests of `diff` define: `compatible`, all
//! changes that peers and users cope with, or `everything`. The version stays, so that nobody warns of it.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "a tool of the tests, made of their parts"
)]

#[path = "../tests/next/mod.rs"]
mod next;

use next::{BREAKING, COMPATIBLE, Case};

fn main() {
    let unversioned = COMPATIBLE.iter().filter(|case| case.rows.iter().all(|row| row.1 != "version"));
    let breaking: &[Case] = match std::env::args().nth(1).as_deref() {
        Some("compatible") => &[],
        Some("everything") => BREAKING,
        _ => panic!("usage: next compatible|everything"),
    };
    let mut schema = next::current();
    for case in unversioned.chain(breaking) {
        (case.edit)(&mut schema);
    }
    println!("{schema:#}");
}
