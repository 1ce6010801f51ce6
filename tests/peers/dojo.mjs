// A model for the pages of the example `dojo`, as an endpoint that speaks as OpenAI does.
//
// node dojo.mjs
//
// Prints its address. Ends with standard input. What it says depends on the tools that it is offered, as models for
// CopilotKit's own tests do.
import { LLMock } from "@copilotkit/aimock";

const mock = new LLMock({ port: 0, logLevel: "silent" });
const call = (name, parameters) => ({ name, arguments: JSON.stringify(parameters) });

// On the page with this tool: these calls first, and after their results this text, or what comes next.
const page = (toolName, calls, then) => {
  const says = (match, response) => mock.addFixture({ match: { toolName, ...match }, response, chunkSize: 7 });
  says({ hasToolResult: false }, { toolCalls: calls });
  for (const [toolResultContains, next] of Object.entries(then)) {
    says({ toolResultContains }, typeof next === "string" ? { content: next } : { toolCalls: next });
  }
};

const document = "# A story\n\nOnce upon a time there was a pirate.";
const steps = ["One", "Two", "Three"].map((description) => ({ description, status: "enabled" }));
const task = { task: "From Amsterdam to San Francisco" };
const recipe = {
  title: "Pasta", skill_level: "Intermediate", special_preferences: ["High Protein", "One-Pot Meal"], cooking_time: "60+ min",
  ingredients: [{ icon: "🍝", name: "Pasta", amount: "400 g" }], instructions: ["Cook."],
};

page("current_time", [call("current_time", { timezone: "Asia/Tokyo" }), call("change_background", { background: "red" })],
  { success: "It is late, and red." });
page("get_weather", [call("get_weather", { location: "Tokyo" })], { feelsLike: "Mild." });
page("generate_task_steps", [call("generate_task_steps", { steps })], { '"accepted":true': "Confirmed.", '"accepted":false': "What then?" });
page("create_plan", [call("create_plan", { steps: ["Build", "Fly"] })], {
  "on the page": [call("update_plan_step", { index: 0, status: "completed" }), call("update_plan_step", { index: 1, description: "Fly home" })],
  "is changed": "Built.",
});
page("generate_haiku", [call("generate_haiku", { japanese: ["a", "b", "c"], english: ["d", "e", "f"] })], { success: "There." });
page("display_recipe", [call("display_recipe", recipe)], { "on the page": "Better." });
page("write_document", [call("document_predict_state", {})], { "Now call": [call("write_document", { document })], success: "Kept." });
page("write_document_local", [call("write_document_local", { document })], { "Now call": [call("confirm_changes", {})], success: "Kept." });
page("flights_agent", ["flights_agent", "hotels_agent", "experiences_agent"].map((name) => call(name, task)), { "are some": "Go." });
page("find_flights", [call("find_flights", { from: "Amsterdam", to: "San Francisco" })], { KLM: "There are some flights." });
page("find_hotels", [call("find_hotels", { city: "San Francisco" })], { Zoe: "There are some hotels." });
page("find_experiences", [call("find_experiences", { city: "San Francisco" })], { pier: "There are some piers." });
page("schedule_meeting", [call("schedule_meeting", { topic: "Rust", time: "noon" })], { "is booked": "Done.", denied: "Not done." });
mock.addFixture({
  match: { userMessage: "car" }, response: { content: "A Volvo.", reasoning: "Safety first." }, chunkSize: 5,
});
mock.addFixture({ match: { userMessage: "this" }, response: { content: "A cat." } });
await mock.start();
console.log(mock.url);

for await (const _ of process.stdin);
process.exit(0);
