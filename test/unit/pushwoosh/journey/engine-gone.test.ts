/** Nobody waits any more: what was begun is finished, and no other step is begun. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../../../provider/emulator";
import { journey } from "../../../../provider/pushwoosh/journey/resource";
import { edited } from "./bench";
import { Deployment } from "./deployment";
import { expectLive } from "./live";
import { declared } from "./operations";

let emulator: Emulator;
let deployment: Deployment;
const running = declared("left", "running");
beforeEach(async () => {
  emulator = await startEmulator();
  deployment = new Deployment(emulator);
  expect((await deployment.up(running)).error?.message).toBeUndefined();
  await deployment.restart();
});
afterEach(async () => {
  await deployment.close();
  await emulator.close();
});

/** Gone once that call has been carried out. */
function goneAfter(endpoint: string): AbortSignal {
  const engine = new AbortController();
  emulator.on("after", { endpoint }, () => engine.abort());
  return engine.signal;
}
const calls = () => emulator.journal.slice(2).map(({ endpoint }) => endpoint);

test("after the pause of an edit: replaced and started again", async () => {
  const { id, state } = deployment.saved!;
  const signal = goneAfter("journey.pause");
  const ended = await journey.update(id, state, edited(running), deployment.context({ signal }));
  expect(ended.failure).toBeUndefined();
  expect(calls()).toEqual(["journey.pause", "journey.update", "journey.start"]);
  expectLive(emulator, { id, state: ended.state, failed: false }, edited(running));
});

test("before it: nothing is sent", async () => {
  const { id, state } = deployment.saved!;
  const ended = await journey.update(id, state, edited(running), deployment.context({ signal: AbortSignal.abort() }));
  expect(ended.failure?.message).toMatch(/^engine-gone: .*pause was not begun/);
  expect(calls()).toEqual([]);
});

test("between the two calls of a delete: the second is not made, and the next run makes it", async () => {
  const { id, state } = deployment.saved!;
  const signal = goneAfter("journey.finish");
  await expect(journey.delete(id, state, deployment.context({ signal }))).rejects.toThrow(
    /^engine-gone: .*now: {3}it stays in the state/s,
  );
  expect(calls()).toEqual(["journey.finish"]);
  expect((await deployment.destroy()).error?.message).toBeUndefined();
  expect(emulator.pushwoosh.journey(id).status).toBe("STATUS_ARCHIVED");
});
