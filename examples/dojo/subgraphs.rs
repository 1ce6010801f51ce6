//! A travel agency: one agent that has others look for flights, hotels and experiences, side by side.

use crate::AnyModel;
use agui::model::LlmAgent;
use agui::{Result, ToolContext, ToolEntry, Tools, agui_tool, tools};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What the page shows of the journey.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Travel {
    flights: Vec<Flight>,
    hotels: Vec<Hotel>,
    experiences: Vec<Experience>,
    /// The rest is the page's.
    #[serde(flatten)]
    other: Map<String, Value>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Flight {
    airline: String,
    departure: String,
    arrival: String,
    price: String,
    duration: String,
}

#[derive(Clone, Serialize, Deserialize)]
struct Hotel {
    name: String,
    location: String,
    price_per_night: String,
    rating: String,
}

#[derive(Clone, Serialize, Deserialize)]
struct Experience {
    name: String,
    r#type: String,
    description: String,
    location: String,
}

/// Finds flights.
#[agui_tool]
async fn find_flights(from: String, to: String, context: &ToolContext) -> Result<Vec<Flight>> {
    let flight = |airline: &str, price: &str, duration: &str| Flight {
        airline: airline.into(),
        departure: from.clone(),
        arrival: to.clone(),
        price: price.into(),
        duration: duration.into(),
    };
    let found = vec![flight("KLM", "$650", "11h 30m"), flight("United", "$720", "12h 15m")];
    context.modify_state(|travel: &mut Travel| travel.flights.clone_from(&found)).await?;
    Ok(found)
}

/// Finds hotels with free rooms.
#[agui_tool]
async fn find_hotels(city: String, context: &ToolContext) -> Result<Vec<Hotel>> {
    let hotel = |name: &str, place: &str, price: &str, rating: &str| Hotel {
        name: name.into(),
        location: format!("{place}, {city}"),
        price_per_night: price.into(),
        rating: rating.into(),
    };
    let found = vec![
        hotel("Harbour House", "by the water", "$280/night", "4.2 stars"),
        hotel("The Grand", "on the hill", "$550/night", "4.8 stars"),
        hotel("Hotel Zoe", "in the centre", "$320/night", "4.4 stars"),
    ];
    context.modify_state(|travel: &mut Travel| travel.hotels.clone_from(&found)).await?;
    Ok(found)
}

/// Finds restaurants and things to do.
#[agui_tool]
async fn find_experiences(city: String, context: &ToolContext) -> Result<Vec<Experience>> {
    let experience = |name: &str, kind: &str, description: &str| Experience {
        name: name.into(),
        r#type: kind.into(),
        description: description.into(),
        location: city.clone(),
    };
    let found = vec![
        experience("The old pier", "activity", "Boats, sea lions, and street musicians"),
        experience("A walk across the bridge", "activity", "The view of the bay, best in the morning"),
        experience("Oyster bar", "restaurant", "Eighteen seats and a century of practice"),
        experience("Corner bakery", "restaurant", "Bread at four in the afternoon"),
    ];
    context.modify_state(|travel: &mut Travel| travel.experiences.clone_from(&found)).await?;
    Ok(found)
}

pub(crate) fn agent(model: AnyModel) -> Result<LlmAgent<AnyModel>> {
    // Each is a subagent with a tool of its own; the state is everybody's.
    let member = |tools: Tools| {
        let agent = LlmAgent::new(model.clone()).tools(tools);
        agent.instructions(
            "Look with your tool, then say in one sentence what there is. The page shows the rest.",
        )
    };
    let team = Tools::of([
        ToolEntry::agent("flights_agent", "Finds flights.", member(tools![FindFlights]?)),
        ToolEntry::agent("hotels_agent", "Finds hotels.", member(tools![FindHotels]?)),
        ToolEntry::agent("experiences_agent", "Finds things to do.", member(tools![FindExperiences]?)),
    ])?;
    let instructions = "You lead a travel agency. Have `flights_agent`, `hotels_agent` and `experiences_agent` look, all \
        at once, each with a task that says where from and where to. The page shows what they find; recommend one of \
        each in two sentences.";
    Ok(LlmAgent::new(model).instructions(instructions).tools(team))
}
