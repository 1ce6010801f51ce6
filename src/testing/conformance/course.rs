//! One go through the suite.

use super::ended::End;
use super::judge::{Finding, Judged, judge};
use super::report::{Check, Evidence, Level, Report, Verdict};
use super::requests::{CASES, Case, Expected, NEWER, plain};
use super::rules::OF_STREAMS;
use super::wire::{Answer, Ask, Patience, Wire};
use crate::client::TransportError;
use crate::compat::decode_input;
use agui_types::{Event, RunAgentInput};
use http::StatusCode;
use serde_json::Value;
use std::collections::BTreeSet;

/// How much is shown of one rule.
const SHOWN: usize = 3;

pub(super) struct Course<W> {
    pub(super) wire: W,
    pub(super) patience: Patience,
    /// Makes the ids of this course differ from those of others.
    pub(super) course: String,
    pub(super) asked: usize,
    findings: Vec<(String, Finding)>,
    occasions: BTreeSet<&'static str>,
    checks: Vec<Check>,
    /// What the first run came to.
    first: Option<End>,
    /// A run that ended with questions.
    pub(super) interrupted: Option<Run>,
}

/// A run that was asked for.
pub(super) struct Run {
    pub(super) input: RunAgentInput,
    pub(super) judged: Judged,
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
    pub(super) fn plain(&mut self) -> Value {
        self.asked += 1;
        let (course, number) = (&self.course, self.asked);
        plain(&format!("conformance-{course}-{number}"), &format!("run-{course}-{number}"))
    }

    /// What is answered; `None` if it cannot be asked, or there is no answer, which is noted.
    pub(super) async fn ask(&mut self, asked: &str, ask: &Ask) -> Option<Answer> {
        match self.wire.ask(ask, self.patience).await {
            Ok(answer) => answer,
            Err(error) => {
                self.findings.push((asked.to_owned(), Finding::new("TRN-1", error.to_string())));
                None
            }
        }
    }

    /// Judges an answer and keeps what it shows.
    pub(super) fn judged(&mut self, asked: &str, ask: &Ask, answer: &Answer) -> Judged {
        let input = input_of(ask);
        let mut judged = judge(input.as_ref(), answer);
        self.occasions.extend(judged.occasions.iter().copied());
        self.findings.extend(judged.findings.iter().map(|finding| (asked.to_owned(), finding.clone())));
        judged.findings.retain(|finding| finding.level == Level::Must);
        judged
    }

    /// A run that nothing is wrong with.
    pub(super) async fn start(&mut self, asked: &str, input: &Value) -> Option<Run> {
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

    pub(super) fn conclude_one(
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

/// What the request has as its input, however it is refused.
fn input_of(ask: &Ask) -> Option<RunAgentInput> {
    decode_input(&ask.body).ok()?.decoded.value
}

fn describe(case: &Case) -> String {
    let then = match case.expected {
        Expected::Run => "a run starts",
        Expected::Success => "the run does not fail",
        Expected::Refusal => "refused",
        Expected::Answer => "the server does not fail",
    };
    format!("{}: {then}", case.asked)
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
