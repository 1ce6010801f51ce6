// Tells which streams the reference client's chunk expansion and verification reject.
//
// Standard input: a stream a line, each an array of events. Printed: an array with one entry a stream,
// `null` or `{at, message}` with the index of the event that was rejected.
import { readFileSync } from "node:fs";
import { transformChunks, verifyEvents } from "@ag-ui/client";
import { Subject } from "rxjs";

console.warn = console.debug = console.log.bind(null, "");
const print = process.stdout.write.bind(process.stdout);
console.log = () => {};

function judge(events) {
  const source = new Subject();
  let at = 0;
  let rejection = null;
  source.pipe(transformChunks(false), verifyEvents(false)).subscribe({
    error: (error) => (rejection ??= { at, message: String(error.message ?? error) }),
  });
  for (; at < events.length && !rejection; at += 1) source.next(events[at]);
  return rejection;
}

const lines = readFileSync(0, "utf8").split("\n").filter(Boolean);
print(JSON.stringify(lines.map((line) => judge(JSON.parse(line)))));
