// One case for each operation on a tag, and each creation of a property, with each kind of fault, through engine, provider
// process and HTTP. All cases share a deployment: a case is one tag or property, known by its name.
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { engagelab } from "../../provider";
import { type FaultKind, faultKinds } from "../../provider/emulator";
import type { OperationResult } from "../../provider/engine/index.js";
import { Ground } from "./ground";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const kinds = Object.keys(faultKinds) as FaultKind[];
const nameOf = (operation: string, kind: FaultKind) => `${operation}_${kind.replace(/-/g, "_")}`;
const named = (operation: string) => kinds.map((kind) => nameOf(operation, kind));

let ground: Ground;
/** Names of tags by resource name. */
const tags = new Map<string, string>();
const properties = new Map<string, { adoptExisting: boolean }>();
const idOf = (name: string) =>
  ground.stack.resources.find(({ urn }) => urn.endsWith(`ContactTag::${name}`))?.outputs?.tagId;
const errorsOf = ({ diagnostics }: OperationResult) => diagnostics.filter(({ severity }) => severity === "error");

beforeAll(async () => {
  ground = await Ground.open({ config: { "journeys:headersTimeout": 3000 } });
  ground.more = () => {
    for (const [name, tag] of tags) new engagelab.ContactTag(name, { name: tag });
    for (const [name, options] of properties) new engagelab.ContactField(name, { name, type: "text", ...options });
  };
  for (const name of [...named("rename"), ...named("delete")]) tags.set(name, name);
  expect((await ground.up()).failure).toBeUndefined();
});
afterAll(() => ground?.close());

/**
 * Lets the call of each case run into its fault, once all of them have come: after a failure the engine begins nothing
 * new. Returns what came of the run, and how many faults were met.
 */
async function disturbed(cases: Record<string, "tag.create" | "tag.rename" | "tag.delete" | "field.create">) {
  const operations = Object.entries(cases);
  const waiting = new Set(operations.flatMap(([operation]) => named(operation)));
  let open = () => {};
  const complete = new Promise<void>((resolve) => {
    open = resolve;
  });
  const faults = operations.flatMap(([operation, endpoint]) =>
    kinds.map((kind) => ground.emulator.fault({ kind, endpoint, title: nameOf(operation, kind), retryAfter: 0 })),
  );
  const release = ground.emulator.on("before", { endpoint: Object.values(cases) }, async ({ titles: [title = ""] }) => {
    if (waiting.delete(title) && waiting.size === 0) open();
    await complete;
  });
  const result = await ground.up();
  release();
  ground.emulator.clearFaults();
  const met = faults.filter(({ hits }) => hits > 0).length;
  return { result, met };
}

test("created, renamed: each as declared or told what is true now, and as declared after the next run", async () => {
  const before = new Map(named("rename").map((name) => [name, idOf(name)]));
  for (const name of named("create")) tags.set(name, name);
  for (const name of named("field")) properties.set(name, { adoptExisting: false });
  for (const name of named("rename")) tags.set(name, `${name}_new`);
  const { result, met } = await disturbed({ create: "tag.create", rename: "tag.rename", field: "field.create" });
  expect(met).toBe(3 * kinds.length);
  const errors = errorsOf(result);
  expect(errors.length).toBeGreaterThan(kinds.length);
  for (const { message } of errors) expect(message).toMatch(/\n {2}now: .+\n {2}next: |update failed/s);
  // Nothing tells whether a property was made but the console, and no call makes it a second time.
  const made = ground.emulator.engagelab.properties().map(({ name }) => name);
  for (const { urn = "", message } of errors) {
    const name = urn.split("::").at(-1)!;
    if (!message.startsWith("create-unresolved") && !message.includes("create-unresolved:")) continue;
    if (made.includes(name)) properties.set(name, { adoptExisting: true });
    else properties.delete(name);
  }
  expect((await ground.up()).failure).toBeUndefined();
  expect(ground.emulator.engagelab.tags().toSorted()).toEqual([...tags.values()].sort());
  for (const [name, id] of before) expect(idOf(name), name).toBe(id);
  const there = ground.emulator.engagelab.properties().map(({ name }) => name);
  for (const name of properties.keys()) expect(there.filter((each) => each === name)).toEqual([name]);
  const writes = ground.emulator.writes();
  expect(await ground.up()).toMatchObject({ ok: true, changed: 0 });
  expect(ground.emulator.writes()).toBe(writes);
});

test("deleted: gone after the next run, and nobody else's", async () => {
  for (const name of named("delete")) tags.delete(name);
  const { result, met } = await disturbed({ delete: "tag.delete" });
  expect(met).toBe(kinds.length);
  const left = ground.stack.resources.filter(({ urn }) => /ContactTag::delete_/.test(urn)).length;
  expect(errorsOf(result).length).toBeGreaterThanOrEqual(left);
  expect((await ground.up()).failure).toBeUndefined();
  expect(ground.emulator.engagelab.tags().toSorted()).toEqual([...tags.values()].sort());
});
