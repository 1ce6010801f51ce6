//! Tokens: what a run has used, by provider and model.

use super::{agent, code, kyiv};
use agui::model::{LlmAgent, ModelErrorKind, Reply, ScriptedModel};
use agui::testing::{Recording, ask, record};
use agui::{
    Event, Finished, Result, RunContext, TokenUsage, ToolContext, ToolEntry, Tools, agui_tool, tools,
};

fn usage(model: &str, input: u64, output: u64) -> TokenUsage {
    TokenUsage::new().provider("Anthropic").model(model).input_tokens(input).output_tokens(output)
}

/// As the run reports it.
fn counted(model: &str, input: u64, output: u64) -> TokenUsage {
    usage(model, input, output).provider("anthropic").total_tokens(input + output)
}

fn reported(recording: &Recording) -> Option<Vec<TokenUsage>> {
    match recording.events().last() {
        Some(Event::RunFinished(finished)) => finished.usage.clone(),
        Some(Event::RunError(error)) => error.usage.clone(),
        other => panic!("{other:?}"),
    }
}

/// USE-1, USE-2, USE-3, USE-4, USE-5, USE-11
#[tokio::test]
async fn the_calls_of_a_run_are_summed_by_provider_and_model() {
    let first = usage("opus", 100, 20).cached_input_tokens(60u64).reasoning_tokens(5u64);
    // A total that counts otherwise is not copied.
    let second = usage("opus", 200, 30).cache_write_input_tokens(7u64).total_tokens(999u64);
    let (_, agent) = agent([
        // Later counts of an answer take the place of earlier ones.
        Reply::text("a").and_usage(usage("opus", 90, 1)).and_call(&kyiv()).and_usage(first),
        Reply::call(&kyiv()).and_usage(second),
        Reply::text("b").and_usage(usage("haiku", 5, 0)),
    ]);
    let recording = record(agent, ask("?")).await;
    let opus = counted("opus", 300, 50)
        .cached_input_tokens(60u64)
        .cache_write_input_tokens(7u64)
        .reasoning_tokens(5u64);
    assert_eq!(reported(&recording), Some(vec![opus, counted("haiku", 5, 0)]));
}

/// USE-5: nobody reported anything.
#[tokio::test]
async fn what_is_not_reported_is_not_zero() {
    let (_, silent) = agent([Reply::text("a")]);
    assert_eq!(reported(&record(silent, ask("?")).await), None);
    let (_, partial) = agent([Reply::text("a").and_usage(TokenUsage::new().output_tokens(3u64))]);
    let only = TokenUsage::new().output_tokens(3u64);
    assert_eq!(reported(&record(partial, ask("?")).await), Some(vec![only]));
}

/// USE-1, USE-11: a run that failed has used what it has used; counts stay exact in JavaScript.
#[tokio::test]
async fn failed_runs_report_as_well_and_counts_are_bounded() {
    let (_, failing) = agent([
        Reply::call(&kyiv()).and_usage(usage("opus", 10, 2)),
        Reply::text("Then").and_usage(usage("opus", 20, 1)).and_fail("line noise"),
    ]);
    let recording = record(failing, ask("?")).await;
    assert!(recording.error().is_some());
    assert_eq!(reported(&recording), Some(vec![counted("opus", 30, 3)]));

    let most = (1 << 53) - 1;
    let (_, huge) = agent([
        Reply::call(&kyiv()).and_usage(usage("opus", u64::MAX, 1)),
        Reply::text("b").and_usage(usage("opus", 1, 1)),
    ]);
    assert_eq!(
        reported(&record(huge, ask("?")).await),
        Some(vec![usage("opus", most, 2).provider("anthropic").total_tokens(most)])
    );
}

/// RUN-33: a run that is stopped in the middle of an answer has used what was reported.
#[tokio::test(start_paused = true)]
async fn stopped_runs_report_as_well() {
    let long =
        Reply::text("Once").and_usage(usage("opus", 9, 1)).and_wait(std::time::Duration::from_secs(900));
    let (_, slow) = agent([long]);
    let recording = record(slow.max_time(std::time::Duration::from_secs(60)), ask("?")).await;
    assert!(super::is_cancelled(&recording));
    assert_eq!(reported(&recording), Some(vec![counted("opus", 9, 1)]));
}

/// USE-7: tools that ask models and agents that work for others count; so does what an agent gives back itself.
#[tokio::test]
async fn tools_and_subagents_are_included() {
    /// Asks another model.
    #[agui_tool]
    fn ask_other(context: ToolContext) {
        context.add_usage(usage("tool", 7, 1));
    }
    async fn by_hand(run: RunContext) -> Result<Finished> {
        run.text("by hand").await?;
        Ok(Finished::default().usage(vec![usage("hand", 3, 3)]))
    }
    let member = LlmAgent::new(ScriptedModel::new([Reply::text("42").and_usage(usage("opus", 1, 1))]));
    let tools = tools![AskOther]
        .unwrap()
        .and(
            Tools::of([
                ToolEntry::agent("member", "Knows.", member),
                ToolEntry::agent("by_hand", "Knows.", by_hand),
            ])
            .unwrap(),
        )
        .unwrap();
    let task = [r#"{"task":"?"}"#];
    let reply = Reply::call(&AskOther {}).and_raw_call("member", task).and_raw_call("by_hand", task);
    let model = ScriptedModel::new([
        reply.and_usage(usage("opus", 10, 5)),
        Reply::text("42").and_usage(usage("opus", 20, 5)),
    ]);
    let recording = record(LlmAgent::new(model).tools(tools), ask("?")).await;
    let mut sums = reported(&recording).unwrap();
    sums.sort_by(|a, b| a.model.cmp(&b.model));
    assert_eq!(sums, [counted("hand", 3, 3), counted("opus", 31, 11), counted("tool", 7, 1)]);
}

/// USE-9: a resumed run has its own context, and so its own counts.
#[tokio::test]
async fn each_run_reports_its_own() {
    let (_, agent) = agent([
        Reply::text("a").and_usage(usage("opus", 1, 1)),
        Reply::error(ModelErrorKind::Refused),
        Reply::text("b").and_usage(usage("opus", 2, 2)),
    ]);
    assert_eq!(reported(&record(agent.clone(), ask("?")).await), Some(vec![counted("opus", 1, 1)]));
    let refused = record(agent.clone(), ask("?")).await;
    assert_eq!((code(&refused), reported(&refused)), (Some("model_refused"), None));
    assert_eq!(reported(&record(agent, ask("?")).await), Some(vec![counted("opus", 2, 2)]));
}

/// USE-8: a run that another starts beside itself reports what it used itself.
#[tokio::test]
async fn a_separate_run_reports_its_own() {
    use futures_util::StreamExt;
    let (_, separate) = agent([Reply::text("42").and_usage(usage("opus", 7, 7))]);
    let spawns = move |run: agui::RunContext| {
        let separate = separate.clone();
        async move {
            let mut request = ask("?");
            request.input_mut().run_id = "spawned".into();
            request.input_mut().parent_run_id = Some(run.run_id().to_owned());
            let events: Vec<agui::Event> = agui::run(separate, request).events().collect().await;
            let Some(agui::Event::RunFinished(end)) = events.last() else { panic!("{events:?}") };
            assert_eq!(end.usage, Some(vec![counted("opus", 7, 7)]));
            run.add_usage(usage("haiku", 1, 2));
            Ok(())
        }
    };
    let recording = record(spawns, ask("?")).await;
    assert_eq!(reported(&recording), Some(vec![counted("haiku", 1, 2)]));
}
