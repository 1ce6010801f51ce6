//! One go through the suite.

use super::judge::{Finding, Judged, judge};
use super::report::{Check, Evidence, Level, Report, Verdict};
use super::requests::{CASES, Case, Expected, NEWER, TOOL, asks_for_a_call, plain};
use super::rules::OF_STREAMS;
use super::wire::{Answer, Ask, Patience, Wire};
use crate::client::TransportError;
use crate::compat::decode_input;
use agui_types::{
    Event, Interrupt, Message, ResumeEntry, ResumeEntryStatus, RunAgentInput, RunFinishedOutcome, ToolMessage,
};
use futures_util::future::join;
use http::StatusCode;
use serde_json::Value;
use std::collections::BTreeSet;

/// How much is shown of one rule.
const SHOWN: usize = 3;

pub(super) struct Course<W> {
    wire: W,
    patience: Patience,
    /// Makes the ids of this course differ from those of others.
    course: String,
    asked: usize,
    findings: Vec<(String, Finding)>,
    occasions: BTreeSet<&'static str>,
    checks: Vec<Check>,
    /// What the first run came to.
    first: Option<End>,
    /// A run that ended with questions.
    interrupted: Option<Run>,
}

/// A run that was asked for.
struct Run {
    input: RunAgentInput,
    judged: Judged,
}

/// How a run ended, in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Refused,
    /// `RUN_ERROR` alone.
    Unborn,
    Failed,
    Ended,
}

impl<W: Wire> Course<W> {
    pub(super) fn new(wire: W, patience: Patience) -> Self {
        Self {
            wire,
            patience,
            course: uuid::Uuid::new_v4().simple().to_string(),
            asked: 0,
            findings: Vec::new(),
            occasions: BTreeSet::new(),
            checks: Vec::new(),
            first: None,
            interrupted: None,
        }
    }

    pub(super) async fn run(mut self, target: String) -> Result<Report, TransportError> {
        for case in CASES {
            self.case(case).await?;
        }
        self.two_at_once().await;
        self.leaving().await;
        self.frontend_tool().await;
        self.interrupts().await;
        Ok(Report { target, checks: self.conclude() })
    }

    /// The smallest input, in a thread of its own.
    fn plain(&mut self) -> Value {
        self.asked += 1;
        let (course, number) = (&self.course, self.asked);
        plain(&format!("conformance-{course}-{number}"), &format!("run-{course}-{number}"))
    }

    /// What is answered; `None` if it cannot be asked, or there is no answer, which is noted.
    async fn ask(&mut self, asked: &str, ask: &Ask) -> Option<Answer> {
        match self.wire.ask(ask, self.patience).await {
            Ok(answer) => answer,
            Err(error) => {
                self.findings.push((asked.to_owned(), Finding::new("TRN-1", error.to_string())));
                None
            }
        }
    }

    /// Judges an answer and keeps what it shows.
    fn judged(&mut self, asked: &str, ask: &Ask, answer: &Answer) -> Judged {
        let input = input_of(ask);
        let mut judged = judge(input.as_ref(), answer);
        self.occasions.extend(judged.occasions.iter().copied());
        self.findings.extend(judged.findings.iter().map(|finding| (asked.to_owned(), finding.clone())));
        judged.findings.retain(|finding| finding.level == Level::Must);
        judged
    }

    /// A run that nothing is wrong with.
    async fn start(&mut self, asked: &str, input: &Value) -> Option<Run> {
        let ask = Ask::new(input.to_string());
        let answer = self.ask(asked, &ask).await?;
        let judged = self.judged(asked, &ask, &answer);
        Some(Run { input: input_of(&ask)?, judged })
    }

    async fn case(&mut self, case: &Case) -> Result<(), TransportError> {
        let mut input = self.plain();
        (case.change)(&mut input);
        let body = case.raw.map_or_else(|| input.to_string(), str::to_owned);
        let ask = Ask { content_type: case.content_type, ..Ask::new(body) };
        let answer = if self.first.is_none() {
            self.wire.ask(&ask, self.patience).await?
        } else {
            self.ask(case.asked, &ask).await
        };
        let Some(answer) = answer else {
            self.conclude_one(case.rule, case.level, describe(case), None, Verdict::NotApplicable);
            return Ok(());
        };
        if case.expected == Expected::Refusal
            && answer.head.as_ref().is_some_and(|(status, _)| status.is_success())
        {
            // It should not have started, so how it went on is no matter.
            let found = "it was not refused".to_owned();
            self.conclude_one(
                case.rule,
                case.level,
                describe(case),
                Some((case.asked, found)),
                Verdict::Failed,
            );
            return Ok(());
        }
        let judged = self.judged(case.asked, &ask, &answer);
        let end = judged.end();
        if self.first.is_none() {
            if let Some((status, body)) =
                judged.refusal.as_ref().filter(|(status, _)| is_a_closed_door(*status))
            {
                return Err(TransportError::refused(
                    *status,
                    format!("the suite is not let in: {status}"),
                    body,
                ));
            }
            self.first = Some(end);
        }
        let found = self.misses(case.expected, &judged).then(|| (case.asked, judged.told()));
        let verdict = if found.is_some() { Verdict::Failed } else { Verdict::Passed };
        self.conclude_one(case.rule, case.level, describe(case), found, verdict);
        if case.rule == "VER-6" {
            self.version(&judged);
        }
        if let (Some(input), None, false) =
            (input_of(&ask), &self.interrupted, judged.interrupts().is_empty())
        {
            self.interrupted = Some(Run { input, judged });
        }
        Ok(())
    }

    /// Whether a run ended otherwise than it has to. What the first one came to is the agent's way.
    fn misses(&self, expected: Expected, judged: &Judged) -> bool {
        let end = judged.end();
        let failed = judged.refusal.as_ref().is_some_and(|(status, _)| status.is_server_error());
        match expected {
            Expected::Run => end == End::Refused || (end == End::Unborn && self.first != Some(End::Unborn)),
            Expected::Success => end != End::Ended && (end == End::Refused || self.first == Some(End::Ended)),
            // Those that started were sorted out before.
            Expected::Refusal => end != End::Refused && end != End::Unborn,
            Expected::Answer => failed,
        }
    }

    /// VER-2, of the answer to an input of a version that nobody speaks.
    fn version(&mut self, judged: &Judged) {
        let version = judged.events.iter().find_map(|event| match event {
            Event::RunStarted(started) => started.protocol_version.as_deref(),
            _ => None,
        });
        let (verdict, found) = match version {
            None => (Verdict::NotApplicable, None),
            Some(NEWER) => (
                Verdict::Failed,
                Some(("an input of version 1.9999", "the run declares the same".to_owned())),
            ),
            Some(_) => (Verdict::Passed, None),
        };
        let what = "the version of a run is the server's own, not the client's".to_owned();
        self.conclude_one("VER-2", Level::Must, what, found, verdict);
    }

    async fn two_at_once(&mut self) {
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

    async fn leaving(&mut self) {
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
    async fn frontend_tool(&mut self) {
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
    async fn interrupts(&mut self) {
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

    fn conclude_one(
        &mut self,
        rule: &'static str,
        level: Level,
        what: String,
        found: Option<(&str, String)>,
        verdict: Verdict,
    ) {
        let evidence =
            found.map(|(asked, found)| Evidence { asked: asked.to_owned(), found, index: None, event: None });
        let evidence = evidence.into_iter().collect();
        self.checks.push(Check { rule, level, what, verdict, evidence });
    }

    /// What all streams together show, and then what was asked for by itself.
    fn conclude(mut self) -> Vec<Check> {
        let mut checks = Vec::new();
        for rule in OF_STREAMS {
            let evidence = self.evidence(rule.id, rule.level);
            let occurred = |when: &&str| self.occasions.iter().any(|occasion| occasion.starts_with(*when));
            let verdict = if !evidence.is_empty() {
                Verdict::Failed
            } else if rule.when.is_empty() || rule.when.iter().any(occurred) {
                Verdict::Passed
            } else {
                Verdict::NotApplicable
            };
            checks.push(Check {
                rule: rule.id,
                level: rule.level,
                what: rule.what.to_owned(),
                verdict,
                evidence,
            });
        }
        // What the table does not know is told all the same.
        while let Some((_, finding)) = self.findings.first() {
            let (rule, level) = (finding.rule, finding.level);
            let evidence = self.evidence(rule, level);
            let what = "an event in its place".to_owned();
            checks.push(Check { rule, level, what, verdict: Verdict::Failed, evidence });
        }
        checks.append(&mut self.checks);
        checks
    }

    /// Takes out the findings about a rule.
    fn evidence(&mut self, rule: &str, level: Level) -> Vec<Evidence> {
        let about = |(_, finding): &mut (String, Finding)| finding.rule == rule && finding.level == level;
        let found: Vec<_> = self.findings.extract_if(.., about).take(SHOWN).collect();
        self.findings.retain(|(_, finding)| finding.rule != rule || finding.level != level);
        let evidence = found.into_iter().map(|(asked, Finding { found, event, .. })| {
            let (index, event) = event.unzip();
            Evidence { asked, found, index, event }
        });
        evidence.collect()
    }
}

impl Judged {
    fn end(&self) -> End {
        match (&self.refusal, self.events.first(), self.events.last()) {
            (Some(_), ..) => End::Refused,
            (None, Some(Event::RunError(_)), _) => End::Unborn,
            (None, _, Some(Event::RunError(_))) => End::Failed,
            _ => End::Ended,
        }
    }

    /// What came in place of what was to come.
    fn told(&self) -> String {
        match (&self.refusal, self.events.last()) {
            (Some((status, body)), _) => format!("{status}: {body}"),
            (None, Some(Event::RunError(error))) => format!("RUN_ERROR: {}", error.message),
            _ => "a run".to_owned(),
        }
    }

    fn outcome(&self) -> Option<&RunFinishedOutcome> {
        match self.events.last() {
            Some(Event::RunFinished(finished)) => finished.outcome.as_ref(),
            _ => None,
        }
    }

    fn is_success(&self) -> bool {
        matches!(self.events.last(), Some(Event::RunFinished(_)))
            && matches!(self.outcome(), None | Some(RunFinishedOutcome::Success(_)))
    }

    fn interrupts(&self) -> &[Interrupt] {
        match self.outcome() {
            Some(RunFinishedOutcome::Interrupt(outcome)) => &outcome.interrupts,
            _ => &[],
        }
    }

    /// The calls of [`TOOL`] in the conversation that have no result.
    fn frontend_calls(&self) -> Vec<String> {
        let messages = self.conversation.messages();
        let answered = |id: &str| {
            messages.iter().any(|message| matches!(message, Message::Tool(tool) if tool.tool_call_id == id))
        };
        let calls = messages.iter().flat_map(|message| match message {
            Message::Assistant(assistant) => assistant.tool_calls.as_deref().unwrap_or_default(),
            _ => &[],
        });
        let ours = calls.filter(|call| call.function.name == TOOL && !answered(&call.id));
        ours.map(|call| call.id.clone()).collect()
    }
}

/// What the request has as its input, however it is refused.
fn input_of(ask: &Ask) -> Option<RunAgentInput> {
    decode_input(&ask.body).ok()?.decoded.value
}

fn cancelled(questions: &[Interrupt]) -> Vec<ResumeEntry> {
    let cancelled = |question: &Interrupt| ResumeEntry::new(&*question.id, ResumeEntryStatus::Cancelled);
    questions.iter().map(cancelled).collect()
}

fn describe(case: &Case) -> String {
    let then = match case.expected {
        Expected::Run => "starts a run",
        Expected::Success => "does not make the run fail",
        Expected::Refusal => "is refused",
        Expected::Answer => "does not make the server fail",
    };
    format!("{} {then}", case.asked)
}

fn is_a_closed_door(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::UNAUTHORIZED
            | StatusCode::FORBIDDEN
            | StatusCode::NOT_FOUND
            | StatusCode::METHOD_NOT_ALLOWED
    )
}
