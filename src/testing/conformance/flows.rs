//! What takes more than one request: runs at once, clients that leave, runs that go on.

use super::course::{Course, Run};
use super::judge::Finding;
use super::report::{Level, Verdict};
use super::requests::asks_for_a_call;
use super::wire::{Ask, Wire};
use agui_types::{Interrupt, Message, ResumeEntry, ResumeEntryStatus, RunAgentInput, ToolMessage};
use futures_util::future::join;

impl<W: Wire> Course<W> {
    pub(super) async fn two_at_once(&mut self) {
        let asked = "two runs at once";
        let (one, other) = (self.plain(), self.plain());
        let (one, other) = (Ask::new(one.to_string()), Ask::new(other.to_string()));
        let answers = join(self.wire.ask(&one, self.patience), self.wire.ask(&other, self.patience)).await;
        let mut mixed = None;
        for (ask, answer) in [(one, answers.0), (other, answers.1)] {
            match answer {
                Ok(Some(answer)) => {
                    let judged = self.judged(asked, &ask, &answer);
                    let ids = |finding: &&Finding| matches!(finding.rule, "RUN-4" | "RUN-5" | "RUN-6");
                    let finding = judged.findings.iter().find(ids).map(|finding| finding.found.clone());
                    mixed = mixed.or(finding).or(judged.refusal.is_some().then(|| judged.told()));
                }
                Ok(None) => {}
                Err(error) => mixed = Some(error.to_string()),
            }
        }
        let verdict = if mixed.is_some() { Verdict::Failed } else { Verdict::Passed };
        let what = "runs at once do not mix".to_owned();
        self.conclude_one("GEN-1", Level::Must, what, mixed.map(|mixed| (asked, mixed)), verdict);
    }

    pub(super) async fn leaving(&mut self) {
        let gone = Ask { hangs_up: true, ..Ask::new(self.plain().to_string()) };
        self.ask("a run whose client leaves", &gone).await;
        let asked = "a run after a client has left";
        let input = self.plain();
        let run = self.start(asked, &input).await;
        let found = match run {
            Some(run) => run.judged.refusal.is_some().then(|| run.judged.told()),
            None => Some("there is no answer".to_owned()),
        };
        let verdict = if found.is_some() { Verdict::Failed } else { Verdict::Passed };
        let what = "a client that leaves in mid-stream is nobody else's matter".to_owned();
        self.conclude_one("GEN-1", Level::Must, what, found.map(|found| (asked, found)), verdict);
    }

    /// TOOL-20 to TOOL-24 are seen in the stream; what is left is that the thread goes on (TOOL-26).
    pub(super) async fn frontend_tool(&mut self) {
        let what = "a run goes on with the results of the application".to_owned();
        let mut input = self.plain();
        asks_for_a_call(&mut input);
        let asked = "a run with a tool of the application";
        let run = self.start(asked, &input).await;
        let pending = run.as_ref().map(|run| run.judged.frontend_calls()).unwrap_or_default();
        let Some(run) = run.filter(|_| !pending.is_empty()) else {
            return self.conclude_one("TOOL-9", Level::Must, what, None, Verdict::NotApplicable);
        };
        let mut next = self.after(&run);
        for call in pending {
            next.messages.push(ToolMessage::new(format!("{call}-result"), "hello", call).into());
        }
        let asked = "a run with the result of the application's tool";
        let end = match self.go_on(asked, &next).await {
            Some(run) if run.judged.refusal.is_some() => Some(run.judged.told()),
            _ => None,
        };
        let verdict = if end.is_some() { Verdict::Failed } else { Verdict::Passed };
        self.conclude_one("TOOL-9", Level::Must, what, end.map(|found| (asked, found)), verdict);
    }

    /// INT-14, where there are questions. Nothing is approved: what is answered is cancelled.
    pub(super) async fn interrupts(&mut self) {
        let what = "a question that is left out is not taken for answered".to_owned();
        let whole = "a run goes on when all questions are cancelled".to_owned();
        let Some(run) = self.interrupted.take() else {
            self.conclude_one("INT-14", Level::Must, what, None, Verdict::NotApplicable);
            return self.conclude_one("INT-18", Level::Must, whole, None, Verdict::NotApplicable);
        };
        let mut questions = run.judged.interrupts().to_vec();
        let asked = "all answers but one";
        let mut next = self.after(&run);
        let some = questions.split_last().map(|(_, some)| cancelled(some)).unwrap_or_default();
        next.resume = Some(some).filter(|some| !some.is_empty());
        let partial = self.go_on(asked, &next).await;
        // Only of a call that the conversation shows to be open the server can tell.
        let can_tell = questions.last().is_some_and(|question| question.tool_call_id.is_some());
        let (verdict, found) = match &partial {
            Some(run) if can_tell && run.judged.is_success() => {
                (Verdict::Failed, Some((asked, "the run succeeds".to_owned())))
            }
            Some(_) if can_tell => (Verdict::Passed, None),
            _ => (Verdict::NotApplicable, None),
        };
        self.conclude_one("INT-14", Level::Must, what, found, verdict);

        let run = match partial {
            Some(again) if !again.judged.interrupts().is_empty() => {
                questions = again.judged.interrupts().to_vec();
                again
            }
            _ => run,
        };
        let asked = "an end to all questions";
        let mut next = self.after(&run);
        next.resume = Some(cancelled(&questions));
        let run = self.go_on(asked, &next).await;
        let found = run.and_then(|run| run.judged.refusal.is_some().then(|| run.judged.told()));
        let verdict = if found.is_some() { Verdict::Failed } else { Verdict::Passed };
        self.conclude_one("INT-18", Level::Must, whole, found.map(|found| (asked, found)), verdict);
    }

    /// The input that continues a run.
    fn after(&mut self, run: &Run) -> RunAgentInput {
        self.asked += 1;
        let mut input = run.input.clone();
        input.run_id = format!("run-{}-{}", self.course, self.asked);
        input.messages = run.judged.conversation.messages().to_vec();
        input.messages.retain(|message| !matches!(message, Message::Activity(_)));
        input.state = Some(run.judged.conversation.state().clone()).filter(|state| !state.is_null());
        input
    }

    async fn go_on(&mut self, asked: &str, input: &RunAgentInput) -> Option<Run> {
        let input = serde_json::to_value(input).ok()?;
        self.start(asked, &input).await
    }
}

fn cancelled(questions: &[Interrupt]) -> Vec<ResumeEntry> {
    let cancelled = |question: &Interrupt| ResumeEntry::new(&*question.id, ResumeEntryStatus::Cancelled);
    questions.iter().map(cancelled).collect()
}
