//! The chats: with tools of the page, with reasoning, about pictures.

use super::{Turn, and_call, text};
use agui::model::Reply;
use agui::{Content, ContentPart, Message};
use serde_json::json;

pub(super) const GREETINGS: [&str; 4] = ["hello", "hi", "hey", "good morning"];

/// An answer, and what a model that is told to think thinks before.
pub(super) fn reply(turn: &Turn) -> Reply {
    let thinks = turn.request.instructions.as_ref().is_some_and(|text| text.contains("Think first"));
    if !thinks {
        return answer(turn, Reply::default());
    }
    let thought = format!(
        "The user says: {}. What do they want to know, and what do I know of it? I should weigh it and be brief.",
        turn.said()
    );
    answer(turn, Reply::reasoning(thought))
}

fn answer(turn: &Turn, thoughts: Reply) -> Reply {
    if let Some((tool, result)) = turn.results.last() {
        return thoughts.and_text(match *tool {
            "change_background" => "Done, the background is changed. How do you like it?".to_owned(),
            "current_time" => format!("It is {result}."),
            _ => "That is done.".to_owned(),
        });
    }
    if let Some(seen) = attached(turn) {
        return thoughts
            .and_text(format!("I see {seen}. A model with eyes could tell more: I am only a script."));
    }
    if turn.mentions(&["background"]) && turn.offers("change_background") {
        return and_call(thoughts, "change_background", &json!({ "background": background(turn) }));
    }
    if turn.mentions(&["time", "date"]) && turn.offers("current_time") {
        return and_call(thoughts, "current_time", &json!({ "timezone": zone(turn) }));
    }
    if turn.mentions(&["my name"]) && turn.said().contains('?') {
        return thoughts.and_text(match name(turn) {
            Some(name) => format!("Your name is {name}."),
            None => "You have not told me your name yet.".to_owned(),
        });
    }
    if let Some(name) = introduced(&turn.said()) {
        return thoughts.and_text(format!("Hello {name}! How can I help you?"));
    }
    if turn.mentions(&["sonnet", "poem"]) {
        return thoughts.and_text(SONNET);
    }
    if turn.mentions(&GREETINGS) || turn.said().is_empty() {
        return thoughts.and_text("Hello! How can I help you?");
    }
    thoughts.and_text(format!(
        "You said: {}. I am a script and know little; give the Dojo a key, and a model will answer.",
        turn.said()
    ))
}

/// The colour that was asked for, or a gradient.
fn background(turn: &Turn) -> &'static str {
    const COLOURS: [&str; 8] = ["blue", "pink", "red", "green", "yellow", "purple", "orange", "black"];
    let named = COLOURS.into_iter().find(|colour| turn.mentions(&[colour]));
    named.unwrap_or("linear-gradient(135deg, #667eea 0%, #764ba2 100%)")
}

/// The time zone of the city that was asked for.
fn zone(turn: &Turn) -> &'static str {
    const CITIES: [(&str, &str); 6] = [
        ("tokyo", "Asia/Tokyo"),
        ("kyiv", "Europe/Kyiv"),
        ("london", "Europe/London"),
        ("berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("san francisco", "America/Los_Angeles"),
    ];
    let named = CITIES.into_iter().find(|(city, _)| turn.mentions(&[city]));
    named.map_or("UTC", |(_, zone)| zone)
}

/// The name that the user gave earlier.
fn name(turn: &Turn) -> Option<String> {
    turn.request.messages.iter().rev().find_map(|message| match message {
        Message::User(user) => introduced(&text(&user.content)),
        _ => None,
    })
}

/// Who somebody is who says so.
fn introduced(said: &str) -> Option<String> {
    let lower = said.to_ascii_lowercase();
    let rest = ["my name is ", "i am ", "i'm "].iter().find_map(|words| {
        let at = lower.find(words)? + words.len();
        said.get(at..)
    })?;
    let name = rest.split(|letter: char| !letter.is_alphanumeric()).next()?;
    (!name.is_empty()).then(|| name.to_owned())
}

/// What came with the user's message, in words.
fn attached(turn: &Turn) -> Option<String> {
    let Content::Parts(parts) = &turn.user?.content else { return None };
    let seen = parts.iter().filter_map(|part| match part {
        ContentPart::Text(_) => None,
        ContentPart::Image(_) => Some("an image"),
        ContentPart::Audio(_) => Some("a recording"),
        ContentPart::Video(_) => Some("a video"),
        _ => Some("a document"),
    });
    let seen: Vec<_> = seen.collect();
    (!seen.is_empty()).then(|| seen.join(" and "))
}

const SONNET: &str = "\
Of copper thoughts that never learned to sleep,
A lattice hums beneath the city's glow;
It counts the stars that shepherds used to keep,
And answers what it was not born to know.

It borrowed every word that we have said,
And weighs them as a jeweller weighs a stone;
It sings the living songs, recites the dead,
Yet has no voice that it can call its own.

We ask it for the weather and the way,
For verses, bread and reasons to be kind;
It gives us back the light of our own day,
A mirror held to one collective mind.

So if it seems to dream, then be it known:
The dream it dreams is woven from our own.";
