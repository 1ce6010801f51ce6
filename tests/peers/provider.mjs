// A model provider on a port of its own, which answers as the messages of the tests want it to.
//
// node provider.mjs
//
// Prints its address, then for each line of standard input the bodies of the requests so far, as one line.
// Ends with standard input.
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { LLMock } from "@copilotkit/aimock";

const mock = new LLMock({ port: 0, logLevel: "silent" });
const says = (message, response, options = {}) =>
  mock.addFixture({ match: { userMessage: message, hasToolResult: false }, response, ...options });
const weather = (city, id) => ({ name: "get_weather", arguments: JSON.stringify({ city }), id });
// As each family of providers calls them.
const usage = {
  prompt_tokens: 120, completion_tokens: 30, total_tokens: 150,
  input_tokens: 120, output_tokens: 30,
  promptTokenCount: 120, candidatesTokenCount: 30, totalTokenCount: 150,
};

says("hello", { content: "Hello from the provider.", usage }, { chunkSize: 4 });
says("think", { content: "No.", reasoning: "Is 91 prime? Seven times thirteen.", reasoningSignature: "c2lnbmVk" }, { chunkSize: 8 });
says("And so", { content: "So it is not." });
says("two cities", { content: "Let me see.", toolCalls: [weather("Kyiv", "call_kyiv"), weather("Lviv", "call_lviv")] }, { chunkSize: 5 });
says("weather", { toolCalls: [weather("Lisbon", "call_lisbon")] }, { chunkSize: 5 });
says("haiku", { toolCalls: [{ name: "generate_haiku", arguments: '{"topic":"rain"}', id: "call_haiku" }] });
says("person", { content: '{"name":"Ada","born":1815}' }, { chunkSize: 6 });
says("stumble", { content: "I am on my feet again." });
says("slow", { content: "One word after the other." }, { chunkSize: 4, latency: 60 });
says("break off", { content: "This is never going to be said to its end." }, { chunkSize: 4, latency: 40, truncateAfterChunks: 5 });
says("hang up", { content: "This is never going to be said to its end." }, { chunkSize: 4, latency: 40, disconnectAfterMs: 160 });
says("malformed", { content: "?" }, { chaos: { malformedRate: 1 } });
says("too long", { error: { message: "Too long.", code: "context_length_exceeded" }, status: 400 });
says("down", { error: { message: "The secret name of the machine is marvin.", type: "server_error" }, status: 500 });
mock.addFixture({ match: { userMessage: "busy", sequenceIndex: 0 }, response: { error: { message: "Slow down." }, status: 429, retryAfter: 0 } });
mock.addFixture({ match: { userMessage: "busy" }, response: { content: "Now I have time." } });
mock.addFixture({ match: { hasToolResult: true }, response: { content: "That is what I found." } });
await mock.start();

// What goes wrong in an answer that began with 200, and the mock does not do by itself: a chunk that is none, and a failure.
const begun = { choices: [{ index: 0, delta: { role: "assistant", content: "So far so good" } }] };
const broken = {
  garbled: [begun, '{"choices":[{"index":0,"delta":{"content":"'],
  "fall over": [begun, { error: { message: "marvin has a headache.", type: "server_error", code: 500 } }],
};
// Once.
const stumbling = [{ error: { message: "marvin is overloaded.", code: 503 } }];

const bodies = [];
const server = createServer(async (request, response) => {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const body = Buffer.concat(pieces);
  bodies.push(JSON.parse(body));
  const { messages, input, contents } = bodies.at(-1);
  const said = JSON.stringify((messages ?? input ?? contents).at(-1));
  const chunks = Object.entries(broken).find(([words]) => said.includes(words))?.[1]
    ?? (said.includes("stumble") && stumbling.splice(0));
  if (chunks?.length) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const chunk of chunks) response.write(`data: ${typeof chunk === "string" ? chunk : JSON.stringify(chunk)}\n\n`);
    return response.end();
  }
  const { host, connection, "content-length": length, ...headers } = request.headers;
  const answer = await fetch(mock.url + request.url, { method: request.method, headers, body });
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  try {
    // Google ends calls as it ends everything else.
    for await (const chunk of answer.body) response.write(Buffer.from(chunk).toString("latin1").replace("FUNCTION_CALL", "STOP"), "latin1");
    response.end();
  } catch {
    response.destroy();
  }
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));

for await (const _ of createInterface({ input: process.stdin })) console.log(JSON.stringify(bodies));
process.exit(0);
