/**
 * One operation as a process of its own, for tests that kill it: every event is one line of JSON on stdout.
 *
 *     echo '{ "program": { "folder": "DIR" }, "stateFile": "FILE" }' | node dist/engine/main.js up
 *
 * The options of the stack (`StackOptions`) are read from stdin, where no list of processes shows them. With
 * `"stopAt": { "when": "after-answer", "count": 3 }` the process kills itself (SIGKILL) between the answer to the third changing
 * call and its save; `before-call` and `after-save` are the other points.
 * Exit code: 0 if the operation succeeded, 1 if it failed, 2 if it could not start.
 */
import { text } from "node:stream/consumers";
import type { EngineEvent, Operation } from "./events.js";
import { messageOf } from "./run.js";
import { Stack } from "./stack.js";

const operations: readonly Operation[] = ["preview", "up", "refresh", "destroy"];

async function main(): Promise<number> {
  const operation = operations.find((known) => known === process.argv[2]);
  if (!operation)
    throw new Error("Usage: main.js preview|up|refresh|destroy, with the stack's options as JSON on stdin");
  const stack = await Stack.create({ ...JSON.parse(await text(process.stdin)), onEvent: print });
  process.on("SIGTERM", () => stack.cancel());
  try {
    const { ok } = await stack[operation]();
    return ok ? 0 : 1;
  } finally {
    await stack.close();
  }
}

/** Values of secret outputs stay out of what is printed. */
function print(event: EngineEvent): void {
  const line = JSON.stringify(event, (_, value) => (value?.secret === true ? { ...value, value: "[secret]" } : value));
  process.stdout.write(`${line}\n`);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 2;
  },
);
