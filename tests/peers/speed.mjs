// Tells how long the reference client takes for a stream, from the bytes of a response to messages and state.
//
// Standard input: Server-Sent Events. Printed: the milliseconds of the quickest round, and how many messages
// there are afterwards.
import { readFileSync } from "node:fs";
import { HttpAgent } from "@ag-ui/client";

const CHUNK = 16 * 1024;
const ROUNDS = 5;

const print = process.stdout.write.bind(process.stdout);
console.warn = console.error = console.debug = console.log = () => {};

const bytes = readFileSync(0);
globalThis.fetch = async () => {
  const body = new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += CHUNK) controller.enqueue(bytes.subarray(at, at + CHUNK));
      controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
};

let milliseconds = Infinity;
let messages = 0;
for (let round = 0; round < ROUNDS; round += 1) {
  const agent = new HttpAgent({ url: "http://agent.example/", threadId: "thread-1" });
  const start = performance.now();
  await agent.runAgent({ runId: "run-1" });
  milliseconds = Math.min(milliseconds, performance.now() - start);
  messages = agent.messages.length;
}
print(JSON.stringify({ milliseconds, messages }));
