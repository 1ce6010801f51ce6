//! What the schema rejects is rejected, and the error says where.

use crate::support::cases::{Case, for_every_definition};
use crate::support::mutate::{Mutant, Mutation, mutate};

#[test]
fn spoilt_documents_get_the_verdict_of_the_schema() {
    for_every_definition("spoilt_documents_get_the_verdict_of_the_schema", 300, |case| {
        let (mutation, Mutant { document, culprit }) = spoilt(case);
        let text = case.text(&document);
        case.subject()
            .check_document(&text, &document, &culprit)
            .map(drop)
            .map_err(|failure| format!("{mutation:?} at `{culprit}`: {failure}"))
    });
}

/// A random valid document, spoilt in a random way that it has a place for.
pub(crate) fn spoilt(case: &mut Case) -> (Mutation, Mutant) {
    let document = case.document();
    let mut mutations = Mutation::ALL;
    case.rng.shuffle(&mut mutations);
    mutations
        .into_iter()
        .find_map(|mutation| {
            let mutant = mutate(case.schema, case.shape(), mutation, &document, &mut case.rng)?;
            Some((mutation, mutant))
        })
        .expect("any value can change its type")
}
