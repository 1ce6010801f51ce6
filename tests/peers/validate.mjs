// Judges events by the schemas of the reference implementation: NDJSON on standard input, and one
// JSON document on standard output, a list with the problems of each event.
import { EventSchema } from "@ag-ui/core/schemas";
import { readFileSync } from "node:fs";

// The published schemas let unknown members pass, for the sake of middleware, and mark the objects
// that the specification leaves open. Here all others are closed.
const closed = new Map();

function close(schema) {
  if (!closed.has(schema)) {
    const def = { ...schema.def };
    for (const inner of ["element", "innerType", "in"]) {
      if (def[inner]) def[inner] = close(def[inner]);
    }
    if (def.options) def.options = def.options.map(close);
    if (def.shape) {
      def.shape = Object.fromEntries(Object.entries(def.shape).map(([name, member]) => [name, close(member)]));
    }
    const copy = schema.clone(def);
    closed.set(schema, def.shape && !schema.meta()?.specOpen ? copy.strict() : copy);
  }
  return closed.get(schema);
}

const Event = close(EventSchema);

function problems(line) {
  const { error } = Event.safeParse(JSON.parse(line));
  return error ? error.issues.map((issue) => `/${issue.path.join("/")}: ${issue.message}`) : [];
}

const lines = readFileSync(0, "utf8").split("\n").filter(Boolean);
console.log(JSON.stringify(lines.map(problems)));
