/** What each operation sends where nothing goes wrong: these calls in this order, and a preview has shown them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../../../provider/emulator";
import { once } from "./attempt";
import { Deployment } from "./deployment";
import { operations } from "./operations";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

/** The words a preview has for them. */
const words: Record<string, string> = {
  "journey.update": "replace definition",
  "journey.statistics": "look at the journey (nothing is written)",
};

test.each(operations)("$name: $calls", async (operation) => {
  const { name: title, calls, refresh } = operation;
  const deployment = new Deployment(emulator);
  await operation.prepare(deployment, title);
  const inputs = operation.inputs(title);
  const preview = inputs && !refresh ? deployment.preview(inputs) : undefined;
  const run = await once(deployment, operation, inputs);
  expect(run.error).toBeUndefined();
  expect(run.calls).toEqual(calls);
  const shown = calls.map((call) => ({ name: words[call] ?? call.replace("journey.", "") }));
  if (preview) expect(preview).toMatchObject({ steps: shown });
  await deployment.close();
});
