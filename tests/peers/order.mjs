// Tells which streams the reference client's chunk expansion and verification reject.
//
// Standard input: a stream a line, each an array of events. Printed: an array with one object a stream:
// `at` is the index of the event that was rejected, or null, `message` why, `expanded` what expansion gave
// to verification, and `byExpansion` whether it was expansion that rejected.
import { readFileSync } from "node:fs";
import { transformChunks, verifyEvents } from "@ag-ui/client";
import { Subject, tap } from "rxjs";

console.warn = console.debug = console.log.bind(null, "");
const print = process.stdout.write.bind(process.stdout);
console.log = () => {};

function judge(events) {
  const source = new Subject();
  const verdict = { at: null, message: null, expanded: [], byExpansion: false };
  let at = 0;
  const between = tap({
    next: (event) => verdict.expanded.push(event),
    error: () => (verdict.byExpansion = true),
  });
  source.pipe(transformChunks(false), between, verifyEvents(false)).subscribe({
    error: (error) => Object.assign(verdict, { at, message: String(error.message ?? error) }),
  });
  for (; at < events.length && verdict.at === null; at += 1) source.next(events[at]);
  return verdict;
}

const lines = readFileSync(0, "utf8").split("\n").filter(Boolean);
print(JSON.stringify(lines.map((line) => judge(JSON.parse(line)))));
