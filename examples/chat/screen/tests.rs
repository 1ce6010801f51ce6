//! What an agent says is shown, and does not steer the terminal.

use super::Screen;
use agui::client::{InProcess, Thread};
use agui::{
    CustomEvent, Event, Interrupt, ReasoningMessageContentEvent, ReasoningMessageEndEvent,
    ReasoningMessageStartEvent, Result, RunContext, StepFinishedEvent, StepStartedEvent, ToolCallArgsEvent,
    ToolCallEndEvent, ToolCallStartEvent,
};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

/// Clears the screen, in both spellings, moves the cursor, rings, and turns the direction of the text around.
const HOSTILE: &str = "one\x1b[2J\u{9b}2J\rtwo\x07\x08\u{202e}\u{2066}\tthree";

#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Paper {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

async fn hostile(run: RunContext) -> Result {
    run.emit(StepStartedEvent::new(HOSTILE)).await?;
    run.emit(StepFinishedEvent::new(HOSTILE)).await?;
    run.emit(ReasoningMessageStartEvent::new("r1")).await?;
    run.emit(ReasoningMessageContentEvent::new("r1", HOSTILE)).await?;
    run.emit(ReasoningMessageEndEvent::new("r1")).await?;
    run.emit(ToolCallStartEvent::new("c1", HOSTILE)).await?;
    run.emit(ToolCallArgsEvent::new("c1", HOSTILE)).await?;
    run.emit(ToolCallEndEvent::new("c1")).await?;
    run.emit(CustomEvent::new(HOSTILE, json!({ HOSTILE: HOSTILE }))).await?;
    run.set_state(&json!({ HOSTILE: HOSTILE })).await?;
    run.text(HOSTILE).await
}

/// What goes to standard output, and what to standard error; and the events.
async fn shown(json: bool) -> (String, String, Vec<Event>) {
    let (output, notes) = (Paper::default(), Paper::default());
    let mut screen = Screen {
        json,
        colours: false,
        open: None,
        output: Box::new(output.clone()),
        notes: Box::new(notes.clone()),
    };
    let mut thread = Thread::new(InProcess::new(hostile));
    let mut turn = thread.send("Go.");
    let mut events = Vec::new();
    while let Some(update) = turn.next().await {
        screen.show(&update);
        events.extend(update.event.cloned());
    }
    let report = turn.await.unwrap();
    screen.ended(&report.outcome, &report.warnings);
    screen.question(&Interrupt::new("i1", HOSTILE));
    (output.text(), notes.text(), events)
}

fn steers(text: &str) -> bool {
    let harmless = |char: char| matches!(char, '\n' | '\t');
    text.chars().any(|char| (char.is_control() && !harmless(char)) || "\u{202e}\u{2066}".contains(char))
}

#[tokio::test]
async fn sec_1_nothing_that_an_agent_says_steers_the_terminal() {
    let (output, notes, _) = shown(false).await;
    assert_eq!(output, "one[2J2Jtwo\tthree\n");
    assert!(!steers(&notes), "{notes:?}");
    // Step, reasoning, call, custom event and question; the state is JSON, which has other words for it.
    let told = notes.lines().filter(|line| line.contains("one[2J2Jtwo\tthree")).count();
    assert_eq!(told, 5, "{notes}");
    assert!(notes.contains("state {"), "{notes}");
}

#[tokio::test]
async fn sec_1_events_as_json_mean_the_same_and_steer_nothing() {
    let (output, notes, events) = shown(true).await;
    assert!(!steers(&output) && !steers(&notes), "{output:?}");
    let read: Vec<Event> = output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(read, events);
    let text = events.iter().find_map(|event| match event {
        Event::TextMessageContent(text) => Some(&*text.delta),
        _ => None,
    });
    assert_eq!(text, Some(HOSTILE));
    assert!(output.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
}
