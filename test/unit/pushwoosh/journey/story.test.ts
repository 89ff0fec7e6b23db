import { afterEach, beforeEach, expect, test } from "vitest";
import { type Bench, edited, startBench, welcome } from "./bench";

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

const running = (overrides = {}) => welcome({ status: "running", editWhileRunning: "pause-and-resume", ...overrides });
const calls = () => bench.emulator.journal.map((entry) => entry.endpoint);

test("create, start, edit while running, read, delete", async () => {
  const first = await bench.create(running({ forceDestroy: true }));
  expect(first.failure).toBeUndefined();
  expect(first.state.status).toBe("running");
  expect(bench.plan(first, running({ forceDestroy: true })).plan?.verb).toBe("none");
  const second = await bench.update(first, edited(running({ forceDestroy: true })));
  expect(second.failure).toBeUndefined();
  expect(calls()).toEqual(["journey.create", "journey.start", "journey.pause", "journey.update", "journey.start"]);
  expect(second.state.pointIds).toEqual(first.state.pointIds);
  expect(bench.plan(second, edited(running({ forceDestroy: true }))).plan?.verb).toBe("none");
  const seen = await bench.read(second);
  expect(seen?.state).toEqual(second.state);
  await bench.delete(second);
  expect(bench.emulator.pushwoosh.journeys()[0]?.status).toBe("STATUS_ARCHIVED");
});

test("an edit of a running journey without consent sends nothing", async () => {
  const first = await bench.create(welcome({ status: "running" }));
  const before = bench.emulator.journal.length;
  await expect(bench.update(first, edited(welcome({ status: "running" })))).rejects.toThrow(/consent-needed/);
  expect(bench.emulator.journal.length).toBe(before);
});
