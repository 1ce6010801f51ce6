// Tells what the reference client makes of streams.
//
// Standard input: a stream a line, each an array of events. Printed: an array with one object a stream:
// `messages` and `state` afterwards, and `failure` if the stream was rejected.
import { readFileSync } from "node:fs";
import { AbstractAgent } from "@ag-ui/client";
import { from } from "rxjs";

const print = process.stdout.write.bind(process.stdout);
console.warn = console.error = console.debug = console.log = () => {};

class Replay extends AbstractAgent {
  constructor(events) {
    super({ threadId: "thread" });
    this.events = events;
  }

  run() {
    return from(this.events);
  }
}

const results = [];
for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const agent = new Replay(JSON.parse(line));
  let failure = null;
  await agent.runAgent({ runId: "run" }).catch((error) => (failure = String(error)));
  results.push({ messages: agent.messages, state: agent.state, failure });
}
print(JSON.stringify(results));
