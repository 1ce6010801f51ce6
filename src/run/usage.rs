//! The tokens that a run has used.

use agui_types::TokenUsage;
use std::sync::{Mutex, PoisonError};

/// A sum for each provider and model (USE-1), whoever adds to it: the agent, its tools, its subagents (USE-7).
#[derive(Debug, Default)]
pub(super) struct Usage(Mutex<Vec<TokenUsage>>);

/// Entries of labels that differ; a run has few models.
const MAX_ENTRIES: usize = 64;

/// Integers beyond this are not exact in JavaScript (USE-11).
const MAX_COUNT: u64 = (1 << 53) - 1;

impl Usage {
    pub(super) fn add(&self, usage: TokenUsage) {
        add(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner), usage);
    }

    /// All tokens, as far as anybody counted them.
    #[cfg(feature = "tools")]
    pub(super) fn tokens(&self) -> u64 {
        let sums = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = sums.iter().flat_map(|usage| [usage.input_tokens, usage.output_tokens]);
        counts.flatten().fold(0, u64::saturating_add)
    }

    /// The sums, with what an agent counted itself.
    pub(super) fn sum(&self, counted: Option<Vec<TokenUsage>>) -> Option<Vec<TokenUsage>> {
        let mut sums = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if sums.is_empty() {
            return counted;
        }
        counted.into_iter().flatten().for_each(|usage| add(&mut sums, usage));
        Some(sums)
    }
}

fn add(sums: &mut Vec<TokenUsage>, mut usage: TokenUsage) {
    usage.provider = usage.provider.map(|provider| provider.to_lowercase());
    let sum = match sums.iter_mut().position(|sum| sum.provider == usage.provider && sum.model == usage.model)
    {
        Some(position) => sums.get_mut(position),
        None if sums.len() < MAX_ENTRIES => {
            let mut sum = TokenUsage::new();
            (sum.provider, sum.model) = (usage.provider, usage.model);
            sums.push(sum);
            sums.last_mut()
        }
        None => {
            tracing::warn!("a run has used more than {MAX_ENTRIES} models, one is not counted");
            None
        }
    };
    let Some(sum) = sum else { return };
    for (sum, count) in [
        (&mut sum.input_tokens, usage.input_tokens),
        (&mut sum.output_tokens, usage.output_tokens),
        (&mut sum.cached_input_tokens, usage.cached_input_tokens),
        (&mut sum.cache_write_input_tokens, usage.cache_write_input_tokens),
        (&mut sum.reasoning_tokens, usage.reasoning_tokens),
    ] {
        // What nobody reported stays out (USE-5).
        *sum = plus(*sum, count);
    }
    // A total that counts otherwise is not copied (USE-4).
    sum.total_tokens =
        sum.input_tokens.zip(sum.output_tokens).and_then(|(input, output)| plus(Some(input), Some(output)));
}

fn plus(sum: Option<u64>, count: Option<u64>) -> Option<u64> {
    match (sum, count) {
        (Some(sum), Some(count)) => Some(sum.saturating_add(count).min(MAX_COUNT)),
        (one, other) => one.or(other).map(|count| count.min(MAX_COUNT)),
    }
}
