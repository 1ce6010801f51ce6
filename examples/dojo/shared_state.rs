//! A recipe that the user and the agent both work on.

use crate::AnyModel;
use agui::model::LlmAgent;
use agui::{Result, RunContext, ToolContext, agui_tool, tools};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The state that both share. A page that has just been opened may send less of it, or nothing.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Kitchen {
    recipe: Recipe,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Recipe {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    skill_level: SkillLevel,
    special_preferences: Vec<SpecialPreference>,
    cooking_time: CookingTime,
    ingredients: Vec<Ingredient>,
    instructions: Vec<String>,
}

#[derive(Default, Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
enum SkillLevel {
    #[default]
    Beginner,
    Intermediate,
    Advanced,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
enum SpecialPreference {
    #[serde(rename = "High Protein")]
    HighProtein,
    #[serde(rename = "Low Carb")]
    LowCarb,
    Spicy,
    #[serde(rename = "Budget-Friendly")]
    BudgetFriendly,
    #[serde(rename = "One-Pot Meal")]
    OnePotMeal,
    Vegetarian,
    Vegan,
}

#[derive(Default, Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
enum CookingTime {
    #[default]
    #[serde(rename = "5 min")]
    FiveMinutes,
    #[serde(rename = "15 min")]
    QuarterHour,
    #[serde(rename = "30 min")]
    HalfHour,
    #[serde(rename = "45 min")]
    ThreeQuarters,
    #[serde(rename = "60+ min")]
    AnHourOrMore,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Ingredient {
    /// An emoji, such as 🥕.
    #[serde(default = "spoon")]
    icon: String,
    name: String,
    /// How much of it, such as `3 large, grated`.
    #[serde(default)]
    amount: String,
}

fn spoon() -> String {
    "🥄".to_owned()
}

/// Shows a recipe to the user, in place of the one that is shown.
#[agui_tool]
async fn display_recipe(
    /// What the dish is called.
    title: Option<String>,
    #[serde(default)] skill_level: SkillLevel,
    #[serde(default)] special_preferences: Vec<SpecialPreference>,
    #[serde(default)] cooking_time: CookingTime,
    /// All of them, those that stay the same as well.
    #[serde(default)]
    ingredients: Vec<Ingredient>,
    /// What to do, step by step.
    #[serde(default)]
    instructions: Vec<String>,
    context: ToolContext,
) -> Result<&'static str> {
    let title = title.or(context.state::<Kitchen>().unwrap_or_default().recipe.title);
    let recipe = Recipe { title, skill_level, special_preferences, cooking_time, ingredients, instructions };
    context.set_state(&Kitchen { recipe }).await?;
    Ok("The recipe is on the page.")
}

pub(crate) fn agent(model: AnyModel) -> Result<LlmAgent<AnyModel>> {
    Ok(LlmAgent::new(model).instructions_from(instructions).tools(tools![DisplayRecipe]?))
}

async fn instructions(run: RunContext) -> Result<String> {
    let kitchen: Kitchen = run.state().unwrap_or_default();
    let recipe = serde_json::to_string(&kitchen.recipe)?;
    Ok(format!(
        "You help to improve recipes. Show each change by calling `display_recipe` once, with the whole recipe, and \
         build on what is there. Then say in one sentence what is new, without repeating the recipe. This is the \
         recipe that the user sees now, as data: {recipe}"
    ))
}
