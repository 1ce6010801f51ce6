//! What is said on each page with tools of its own.

use super::{Turn, and_call, call};
use agui::model::Reply;
use serde_json::{Value, json};

pub(super) fn weather(turn: &Turn) -> Reply {
    match turn.result("get_weather") {
        Some(result) => {
            let weather: Value = serde_json::from_str(result).unwrap_or_default();
            let word = |member: &str| weather.get(member).and_then(Value::as_str).unwrap_or_default();
            let (location, conditions) = (word("location"), word("conditions").to_lowercase());
            let temperature = weather.get("temperature").and_then(Value::as_f64).unwrap_or_default();
            Reply::text(format!("The weather in {location}: {conditions}, {temperature} °C."))
        }
        None => {
            call("get_weather", &json!({ "location": place(turn).unwrap_or("San Francisco".to_owned()) }))
        }
    }
}

/// The place behind ` in `, as it was written.
fn place(turn: &Turn) -> Option<String> {
    let said = turn.said();
    let at = said.rfind(" in ")? + " in ".len();
    let place = said.get(at..)?.trim_end_matches(|letter: char| !letter.is_alphanumeric());
    (!place.is_empty()).then(|| place.to_owned())
}

pub(super) fn task_steps(turn: &Turn) -> Reply {
    let Some(answer) = turn.result("generate_task_steps") else {
        let steps = plan_of(turn).map(|step| json!({ "description": step, "status": "enabled" }));
        return call("generate_task_steps", &json!({ "steps": steps.collect::<Vec<_>>() }));
    };
    let answer: Value = serde_json::from_str(answer).unwrap_or_default();
    if answer.get("accepted") == Some(&Value::Bool(false)) {
        return Reply::text("All right, nothing is done. What should I change about the plan?");
    }
    let left = answer.get("steps").and_then(Value::as_array).map(Vec::len);
    Reply::text(match left {
        Some(left) => format!("Accepted. I carry out the {left} steps that you left on."),
        None => "Accepted. I carry out the steps.".to_owned(),
    })
}

/// A plan for what the user has in mind.
fn plan_of(turn: &Turn) -> impl Iterator<Item = &'static str> {
    const MARS: [&str; 10] = [
        "Choosing a launch window",
        "Building the spacecraft",
        "Training the crew",
        "Packing food and water",
        "Launching from Earth",
        "Leaving the orbit",
        "Cruising for seven months",
        "Entering the atmosphere of Mars",
        "Landing softly",
        "Planting a flag",
    ];
    const BROWNIES: [&str; 10] = [
        "Preheating the oven",
        "Melting butter and chocolate",
        "Whisking in the sugar",
        "Beating in the eggs",
        "Folding in flour and cocoa",
        "Adding a pinch of salt",
        "Buttering the pan",
        "Pouring the batter",
        "Baking for half an hour",
        "Cooling and cutting",
    ];
    const ANYTHING: [&str; 10] = [
        "Agreeing on the goal",
        "Collecting what is known",
        "Finding what is missing",
        "Choosing a way",
        "Gathering the means",
        "Making a first attempt",
        "Looking at what came of it",
        "Correcting the course",
        "Finishing the work",
        "Celebrating",
    ];
    let steps = match () {
        () if turn.mentions(&["mars"]) => MARS,
        () if turn.mentions(&["brownies", "brownie"]) => BROWNIES,
        () => ANYTHING,
    };
    let wanted =
        turn.said().split(|letter: char| !letter.is_ascii_digit()).find_map(|word| word.parse().ok());
    steps.into_iter().take(wanted.unwrap_or(10))
}

pub(super) fn plan(turn: &Turn) -> Reply {
    if turn.result("create_plan").is_none() {
        return call("create_plan", &json!({ "steps": plan_of(turn).collect::<Vec<_>>() }));
    }
    let done = turn.results.iter().filter(|(tool, _)| *tool == "update_plan_step").count();
    if done < plan_of(turn).count() {
        return call("update_plan_step", &json!({ "index": done, "status": "completed" }));
    }
    Reply::text(format!("All {done} steps of the plan are done."))
}

pub(super) fn haiku(turn: &Turn) -> Reply {
    if turn.result("generate_haiku").is_some() {
        return Reply::text("There it is. Another one?");
    }
    let haiku = json!({
        "japanese": ["古池や", "蛙飛び込む", "水の音"],
        "english": ["An old quiet pond", "A frog leaps into the pool", "The sound of water"],
        "image_name": "Bonsai_Tree_Potted_Japanese_Art_Green_Foliage.jpeg",
        "gradient": "linear-gradient(135deg, #667eea 0%, #764ba2 100%)",
    });
    call("generate_haiku", &haiku)
}

pub(super) fn recipe(turn: &Turn) -> Reply {
    if turn.result("display_recipe").is_some() {
        return Reply::text("The recipe is a good deal better now.");
    }
    let (title, preference, extra) = match () {
        () if turn.mentions(&["pasta", "italian"]) => {
            ("Pasta al Pomodoro", "Vegetarian", ("🍝", "Pasta", "400 g"))
        }
        () if turn.mentions(&["spicy", "indian"]) => {
            ("Carrot Curry", "Spicy", ("🌶️", "Chilli", "2, chopped"))
        }
        () => ("Carrot Cake", "Vegetarian", ("🥜", "Walnuts", "1 cup")),
    };
    let mut ingredients = ingredients(turn);
    for (icon, name, amount) in [("🥕", "Carrots", "3 large, grated"), ("🧄", "Garlic", "2 cloves"), extra]
    {
        if ingredients.iter().all(|present| present.get("name").is_none_or(|present| *present != name)) {
            ingredients.push(json!({ "icon": icon, "name": name, "amount": amount }));
        }
    }
    let recipe = json!({
        "title": title,
        "skill_level": "Intermediate",
        "special_preferences": [preference],
        "cooking_time": "45 min",
        "ingredients": ingredients,
        "instructions": [
            "Prepare all ingredients.",
            format!("Combine everything with the {}.", extra.1.to_lowercase()),
            "Cook until it is done, and serve.",
        ],
    });
    call("display_recipe", &recipe)
}

/// What is in the recipe that the page shows, which the agent tells the model at the end of its instructions.
fn ingredients(turn: &Turn) -> Vec<Value> {
    let told = turn.request.instructions.as_deref().unwrap_or_default();
    let recipe = told.find('{').and_then(|at| serde_json::from_str::<Value>(told.get(at..)?).ok());
    let ingredients = recipe.as_ref().and_then(|recipe| recipe.get("ingredients")?.as_array());
    ingredients.cloned().unwrap_or_default()
}

pub(super) fn predicted_document(turn: &Turn) -> Reply {
    match (turn.result("document_predict_state"), turn.result("write_document")) {
        (_, Some(answer)) => confirmed(answer),
        (Some(_), None) => call("write_document", &json!({ "document": document(turn) })),
        (None, None) => call("document_predict_state", &json!({})),
    }
}

pub(super) fn local_document(turn: &Turn) -> Reply {
    match (turn.result("write_document_local"), turn.result("confirm_changes")) {
        (_, Some(answer)) => confirmed(answer),
        (Some(_), None) if turn.offers("confirm_changes") => call("confirm_changes", &json!({})),
        (Some(_), None) => Reply::text("The document is written."),
        (None, None) => call("write_document_local", &json!({ "document": document(turn) })),
    }
}

/// What the user decided about the document: pages answer in an object or in words.
fn confirmed(answer: &str) -> Reply {
    let words = answer.to_lowercase();
    match ["false", "reject", "not accept"].iter().any(|no| words.contains(no)) {
        true => Reply::text("The changes are gone. What should I write instead?"),
        false => Reply::text("The changes are kept. I wrote the document anew."),
    }
}

fn document(turn: &Turn) -> String {
    let name = match () {
        () if turn.mentions(&["pirate", "candy", "beard"]) => "Captain Candy Beard",
        () if turn.mentions(&["dragon"]) => "Atlantis",
        () if turn.mentions(&["mermaid"]) => "Luna",
        () => "Nobody in particular",
    };
    format!(
        "# The Story of {name}\n\nOnce upon a time there lived {name}, far from here and long ago. Every morning {name} \
         went down to the sea and asked the waves for news. One day the waves answered.\n\nWhat they said nobody \
         else has heard. But since then {name} has been smiling, and the sea is never quite still."
    )
}

pub(super) fn meeting(turn: &Turn) -> Reply {
    match turn.result("schedule_meeting") {
        Some(result) if result.contains("denied") || result.contains("cancelled") => {
            Reply::text("All right, nothing is booked. What would suit you better?")
        }
        Some(result) => Reply::text(result),
        None => call("schedule_meeting", &json!({ "topic": "the project", "time": "tomorrow, 10:00" })),
    }
}

pub(super) fn travel(turn: &Turn) -> Reply {
    if turn.result("experiences_agent").is_some() {
        return Reply::text("Fly with KLM, sleep at Hotel Zoe, and do not miss the oyster bar.");
    }
    let task = json!({ "task": "From Amsterdam to San Francisco." });
    let reply = call("flights_agent", &task);
    and_call(and_call(reply, "hotels_agent", &task), "experiences_agent", &task)
}

pub(super) fn flights(turn: &Turn) -> Reply {
    match turn.result("find_flights") {
        Some(_) => Reply::text("KLM and United fly there."),
        None => call("find_flights", &json!({ "from": "Amsterdam", "to": "San Francisco" })),
    }
}

pub(super) fn hotels(turn: &Turn) -> Reply {
    match turn.result("find_hotels") {
        Some(_) => Reply::text("Three hotels have rooms."),
        None => call("find_hotels", &json!({ "city": "San Francisco" })),
    }
}

pub(super) fn experiences(turn: &Turn) -> Reply {
    match turn.result("find_experiences") {
        Some(_) => Reply::text("There are two places to eat and two walks to take."),
        None => call("find_experiences", &json!({ "city": "San Francisco" })),
    }
}
