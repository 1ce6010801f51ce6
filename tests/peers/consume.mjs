// Has a client run agents one after the other, each with one message, and prints what came of it as a JSON array.
//
// node consume.mjs PACKAGE URL...
//
// PACKAGE is the client: "@ag-ui/client", or one of the older versions in package.json, as deployed front ends have
// them. An object each: `failure` if the run was rejected, `events` as the client delivered them, and `complaints`.
import { randomUUID } from "node:crypto";

const [client, ...urls] = process.argv.slice(2);
const { HttpAgent } = await import(client);

let complaints = [];
for (const level of ["warn", "error"]) {
  console[level] = (...parts) => complaints.push(`${level}: ${parts.map(String).join(" ")}`);
}

const results = [];
for (const url of urls) {
  complaints = [];
  const agent = new HttpAgent({ url });
  agent.addMessage({ id: randomUUID(), role: "user", content: "Go!" });
  const result = { failure: null, events: [], complaints };
  const onEvent = ({ event }) => void result.events.push(structuredClone(event));
  await agent.runAgent({}, { onEvent }).catch((error) => (result.failure = String(error)));
  results.push(result);
}
console.log(JSON.stringify(results));
