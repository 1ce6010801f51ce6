// Talks to an agent with the reference client and prints what came of it as one JSON document.
//
// node client.mjs URL MESSAGE...
//
// One run for each message, all of them on one agent, so that a later run has the history of the
// earlier ones.
import { randomUUID } from "node:crypto";
import { HttpAgent } from "@ag-ui/client";

const [url, ...messages] = process.argv.slice(2);

const complaints = [];
for (const level of ["warn", "error"]) {
  console[level] = (...parts) => complaints.push(`${level}: ${parts.map(String).join(" ")}`);
}

const agent = new HttpAgent({ url });
const runs = [];
for (const content of messages) {
  const run = { input: null, events: [], failure: null };
  agent.addMessage({ id: randomUUID(), role: "user", content });
  const subscriber = {
    onRunInitialized({ input }) {
      run.input = structuredClone(input);
    },
    onEvent({ event }) {
      run.events.push({ at: performance.now(), event: structuredClone(event) });
    },
  };
  await agent.runAgent({}, subscriber).catch((error) => {
    run.failure = String(error);
  });
  runs.push(run);
}

console.log(JSON.stringify({ runs, messages: agent.messages, state: agent.state, complaints }));
