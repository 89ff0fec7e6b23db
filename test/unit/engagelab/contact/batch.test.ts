import { getEventListeners } from "node:events";
import { afterEach, expect, test } from "vitest";
import { engagelab } from "../../../../provider/engagelab/api/client";
import { wireMember } from "../../../../provider/engagelab/api/contacts";
import { Upserts, upserts } from "../../../../provider/engagelab/contact/batch";
import { lookup } from "../../../../provider/engagelab/contact/lookup";
import { pace } from "../../../../provider/engagelab/contact/pace";
import { registry } from "../../../../provider/engagelab/contact/registry";
import { type Bench, startBench } from "../bench";

let bench: Bench;
afterEach(() => bench.close());

const address = (index: number) => `person-${index}@example.com`;
const sizes = () =>
  bench.emulator.journal
    .filter(({ endpoint }) => endpoint === "contact.upsert")
    .map(({ body }) => (body as { members: unknown[] }).members.length);
const write = (index: number, more = {}) => bench.runtime.use(upserts).write({ email: address(index), ...more }, 0);

test("a batch closes at 500 members", async () => {
  bench = await startBench();
  await Promise.all(Array.from({ length: 1100 }, (_, index) => write(index)));
  // Two calls run at once: which of them arrives first is up to the machine.
  expect(sizes().sort((a, b) => b - a)).toEqual([500, 500, 100]);
});

test("a batch closes at one megabyte", async () => {
  bench = await startBench();
  const name = "n".repeat(90_000);
  await Promise.all(Array.from({ length: 25 }, (_, index) => write(index, { name })));
  expect(sizes().length).toBe(3);
  for (const { path: _, ...entry } of bench.emulator.journal)
    expect(JSON.stringify(entry.body ?? "").length).toBeLessThan(1_010_000);
});

test("a batch closes when nothing joined for a while, and one address never travels twice in it", async () => {
  bench = await startBench();
  const [first, second] = await Promise.all([write(1, { name: "a" }), write(1, { name: "b" })]);
  expect([first.kind, second.kind].sort()).toEqual(["created", "updated"]);
  await write(2);
  expect(sizes()).toEqual([1, 1, 1]);
});

test("what waits for the rate limit goes on growing", async () => {
  bench = await startBench({}, { engagelabRate: "4", engagelabConcurrency: "1" });
  await write(0);
  const early = write(1);
  await new Promise((resolve) => setTimeout(resolve, 60));
  const late = write(2);
  await Promise.all([early, late]);
  expect(sizes()).toEqual([1, 2]);
});

test("flags don't mix", async () => {
  bench = await startBench();
  const batcher = bench.runtime.use(upserts);
  await Promise.all([
    batcher.write({ email: address(1), tags: ["a"] }, 0),
    batcher.write({ email: address(2), tags: ["a"] }, 1),
  ]);
  const flags = bench.emulator.journal.flatMap(({ endpoint, body }) =>
    endpoint === "contact.upsert" ? [(body as { tag_flag: number }).tag_flag] : [],
  );
  expect(flags.sort()).toEqual([0, 1]);
});

test("after a 413 later batches are smaller", async () => {
  bench = await startBench({ engagelab: { maxBodyBytes: 20_000 } });
  const name = "n".repeat(500);
  const outcomes = await Promise.all(Array.from({ length: 100 }, (_, index) => write(index, { name })));
  expect(outcomes.every(({ kind }) => kind === "created")).toBe(true);
  const before = bench.emulator.requests({ endpoint: "contact.upsert" });
  await Promise.all(Array.from({ length: 100 }, (_, index) => write(200 + index, { name })));
  expect(bench.emulator.requests({ endpoint: "contact.upsert" }) - before).toBeLessThan(10);
  expect(bench.emulator.engagelab.count()).toBe(200);
});

test("members abandoned before sending are left out of the batch", async () => {
  bench = await startBench();
  bench.runtime.use(pace).quiet = 50;
  const controller = new AbortController();
  const left = bench.runtime.use(upserts).write({ email: address(1) }, 0, controller.signal);
  const kept = write(2);
  controller.abort();
  expect((await left).kind).toBe("notSent");
  expect((await kept).kind).toBe("created");
  expect(bench.emulator.engagelab.count()).toBe(1);
});

test("a sent batch is nobody's to be told of an end any more", async () => {
  bench = await startBench();
  bench.runtime.use(pace).quiet = 50;
  const { signal } = new AbortController();
  const writes = [1, 2].map((index) => bench.runtime.use(upserts).write({ email: address(index) }, 0, signal));
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  await Promise.all(writes);
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});

test("members that are ready together go at once, and each is told of by its place", async () => {
  bench = await startBench();
  bench.runtime.use(pace).quiet = 60_000;
  const members = Array.from({ length: 1001 }, (_, index) => wireMember({ email: address(index) }));
  const ended: string[] = [];
  const batcher = new Upserts(bench.runtime.use(engagelab), bench.runtime.use(pace), { members: 1000, bytes: 1e6 });
  await batcher.writeAll(members, 1, (at, outcome) => {
    ended[at] = "id" in outcome ? outcome.id : outcome.kind;
  });
  expect(sizes().sort((a, b) => b - a)).toEqual([1000, 1]);
  const ids = bench.emulator.engagelab.contacts().map(({ email, id }) => [email, id]);
  expect(members.map(({ identity }, at) => [identity, ended[at]]).sort()).toEqual(ids.sort());
  await batcher.writeAll([], 1, () => {});
});

test("a thousand look-ups in a large account cost a hundred searches and little more", async () => {
  bench = await startBench();
  bench.emulator.engagelab.seed(
    Array.from({ length: 15_000 }, (_, index) => ({ email: `other-${index}@example.org` })),
  );
  for (let wave = 0; wave < 10; wave += 1) {
    const found = await bench.runtime
      .use(lookup)
      .findAll(Array.from({ length: 100 }, (_, index) => address(wave * 100 + index)));
    expect(found.size).toBe(0);
  }
  expect(bench.emulator.requests({ endpoint: "contact.list" })).toBeLessThanOrEqual(110);
});

test("a look-up takes in addresses whose plan needs one", async () => {
  bench = await startBench();
  bench.emulator.engagelab.seed(
    Array.from({ length: 15_000 }, (_, index) => ({ email: `other-${index}@example.org` })),
  );
  for (let index = 0; index < 9; index += 1) bench.runtime.use(registry).expect(address(index));
  for (let index = 0; index < 9; index += 1) await bench.runtime.use(lookup).find(address(index));
  expect(bench.emulator.requests({ endpoint: "contact.list" })).toBe(2);
});

test("a full listing is used where it is cheaper, and absence from it counts", async () => {
  bench = await startBench();
  bench.emulator.engagelab.seed(Array.from({ length: 350 }, (_, index) => ({ email: address(index) })));
  const found = await bench.runtime.use(lookup).findAll(Array.from({ length: 400 }, (_, index) => address(index)));
  expect([...found.values()].filter(({ length }) => length === 1)).toHaveLength(350);
  expect(bench.emulator.requests({ endpoint: "contact.list" })).toBe(5);
});
