//! What an event says, whatever came before it.

use super::judge::Finding;
use agui_types::{Event, RunFinishedOutcome, TokenUsage};

pub(super) fn judge(event: &Event) -> Vec<Finding> {
    let mut findings = Vec::new();
    match event {
        Event::Custom(custom) if !has_prefix(&custom.name) => {
            findings.push(Finding::note("PASS-4", format!("`{}` has no prefix", custom.name)));
        }
        Event::RunFinished(finished)
            if finished.result.is_some()
                && matches!(finished.outcome, Some(RunFinishedOutcome::Cancelled(_))) =>
        {
            findings.push(Finding::note("RUN-33", "the run was cancelled, and has a result"));
        }
        _ => {}
    }
    findings.extend(event.usage().into_iter().flatten().flat_map(usage));
    findings
}

/// Nothing fixes how a prefix is set off.
fn has_prefix(name: &str) -> bool {
    name.chars().any(|char| !char.is_alphanumeric())
}

fn usage(usage: &TokenUsage) -> Vec<Finding> {
    let sum = |one: Option<u64>, other: Option<u64>| {
        one.unwrap_or_default().saturating_add(other.unwrap_or_default())
    };
    let mut findings = Vec::new();
    let cached = sum(usage.cached_input_tokens, usage.cache_write_input_tokens);
    if let Some(input) = usage.input_tokens.filter(|input| cached > *input) {
        let text = format!("{cached} tokens were read from a cache or written to it, of {input} in all");
        findings.push(Finding::new("USE-3", text));
    }
    if let (Some(reasoning), Some(output)) = (usage.reasoning_tokens, usage.output_tokens)
        && reasoning > output
    {
        let text = format!("{reasoning} tokens are reasoning, of {output} in all");
        findings.push(Finding::new("USE-3", text));
    }
    if let (Some(_), Some(_), Some(total)) = (usage.input_tokens, usage.output_tokens, usage.total_tokens) {
        let counted = sum(usage.input_tokens, usage.output_tokens);
        if counted != total {
            findings.push(Finding::new("USE-4", format!("the total is {total}, not {counted}")));
        }
    }
    findings
}
