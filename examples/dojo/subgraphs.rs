//! A travel agency: one agent that has others look for flights, hotels and experiences, side by side.

use crate::AnyModel;
use agui::model::LlmAgent;
use agui::{Result, ToolContext, agui_tool, tools};
use serde::{Deserialize, Serialize};

/// What the page shows of the journey.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Travel {
    flights: Vec<Flight>,
    hotels: Vec<Hotel>,
    experiences: Vec<Experience>,
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

/// Has the flights agent look for flights.
#[agui_tool]
async fn flights_agent(from: String, to: String, context: &ToolContext) -> Result<Vec<Flight>> {
    let flight = |airline: &str, price: &str, duration: &str| Flight {
        airline: airline.into(),
        departure: from.clone(),
        arrival: to.clone(),
        price: price.into(),
        duration: duration.into(),
    };
    let flights = vec![flight("KLM", "$650", "11h 30m"), flight("United", "$720", "12h 15m")];
    let found = flights.clone();
    let says = format!("There are two flights from {from} to {to}.");
    work(context, "flights", says, move |travel| travel.flights = found).await?;
    Ok(flights)
}

/// Has the hotels agent look for hotels.
#[agui_tool]
async fn hotels_agent(city: String, context: &ToolContext) -> Result<Vec<Hotel>> {
    let hotel = |name: &str, place: &str, price: &str, rating: &str| Hotel {
        name: name.into(),
        location: format!("{place}, {city}"),
        price_per_night: price.into(),
        rating: rating.into(),
    };
    let hotels = vec![
        hotel("Harbour House", "by the water", "$280/night", "4.2 stars"),
        hotel("The Grand", "on the hill", "$550/night", "4.8 stars"),
        hotel("Hotel Zoe", "in the centre", "$320/night", "4.4 stars"),
    ];
    let found = hotels.clone();
    let says = format!("Three hotels in {city} have rooms.");
    work(context, "hotels", says, move |travel| travel.hotels = found).await?;
    Ok(hotels)
}

/// Has the experiences agent look for restaurants and things to do.
#[agui_tool]
async fn experiences_agent(city: String, context: &ToolContext) -> Result<Vec<Experience>> {
    let experience = |name: &str, kind: &str, description: &str| Experience {
        name: name.into(),
        r#type: kind.into(),
        description: description.into(),
        location: city.clone(),
    };
    let experiences = vec![
        experience("The old pier", "activity", "Boats, sea lions, and street musicians"),
        experience("A walk across the bridge", "activity", "The view of the bay, best in the morning"),
        experience("Oyster bar", "restaurant", "Eighteen seats and a century of practice"),
        experience("Corner bakery", "restaurant", "Bread at four in the afternoon"),
    ];
    let found = experiences.clone();
    let says = format!("Here are four things to do in {city}.");
    work(context, "experiences", says, move |travel| travel.experiences = found).await?;
    Ok(experiences)
}

/// What is emitted on the way belongs to the subagent; the state is everybody's.
async fn work(
    context: &ToolContext,
    name: &str,
    says: String,
    change: impl FnOnce(&mut Travel) + Send,
) -> Result {
    let subagent = context.start_subagent(name).await?;
    subagent.modify_state(change).await?;
    subagent.text(&*says).await?;
    subagent.finish_with(says).await
}

pub(crate) fn agent(model: AnyModel) -> Result<LlmAgent<AnyModel>> {
    let instructions = "You lead a travel agency. Have `flights_agent`, `hotels_agent` and `experiences_agent` look, all \
        at once. The page shows what they find; recommend one of each in two sentences.";
    let tools = tools![FlightsAgent, HotelsAgent, ExperiencesAgent]?;
    Ok(LlmAgent::new(model).instructions(instructions).tools(tools))
}
