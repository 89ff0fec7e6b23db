// One case for each operation on a tag, and each creation of a property, with each kind of fault, through engine, provider
// process and HTTP. All cases share a deployment: a case is one tag or property, known by its name.
import { rmSync } from "node:fs";
import { resolve } from "node:path";
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
/** What each resource that failed says, by its name. */
const failuresOf = ({ diagnostics }: OperationResult) => {
  const ofResources = diagnostics.filter(
    ({ severity, urn }) => severity === "error" && urn?.includes("engagelab:Contact"),
  );
  return new Map(ofResources.map(({ urn = "", message }) => [urn.split("::").at(-1)!, message]));
};
const saysWhatIsTrue = /\n {2}now: .+\n {2}next: /s;
const tagsThere = () => ground.emulator.engagelab.tags().toSorted();
/** Of these cases: the account has properties of its own. */
const propertiesThere = () =>
  ground.emulator.engagelab.properties().flatMap(({ name }) => (name.startsWith("field_") ? [name] : []));

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
async function disturbed(
  cases: Record<string, "tag.create" | "tag.rename" | "tag.delete" | "field.create">,
  { isBlind = false } = {},
) {
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
    if (waiting.delete(title) && waiting.size === 0) {
      // From here on, nobody can look at what became of a call.
      if (isBlind) ground.emulator.fault({ kind: "403", endpoint: "tag.list", times: Infinity });
      open();
    }
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
  const failures = failuresOf(result);
  for (const [name, message] of failures) expect(message, name).toMatch(saysWhatIsTrue);
  // Whoever says nothing is as declared.
  const there = [...tagsThere(), ...propertiesThere()];
  const silent = [...tags, ...[...properties.keys()].map((name) => [name, name] as const)].filter(
    ([name]) => !failures.has(name),
  );
  for (const [name, declared] of silent)
    expect(
      there.filter((each) => each === declared),
      name,
    ).toEqual([declared]);
  // Nothing but the console tells whether a property was made: none is sent a second time, and what the message says is done.
  const open = [...failures].filter(([name, text]) => name.startsWith("field_") && text.includes("create-unresolved"));
  expect((await ground.up()).failure).toBeDefined();
  for (const [title] of open) expect(ground.emulator.requests({ endpoint: "field.create", title }), title).toBe(1);
  for (const [name, message] of open) {
    if (there.includes(name)) properties.set(name, { adoptExisting: true });
    else rmSync(resolve(ground.folder, /delete the record (\S+) and/.exec(message)![1]!));
  }
  expect((await ground.up()).failure).toBeUndefined();
  expect(tagsThere()).toEqual([...tags.values()].sort());
  for (const [name, id] of before) expect(idOf(name), name).toBe(id);
  expect(propertiesThere().sort()).toEqual(named("field").sort());
  const writes = ground.emulator.writes();
  expect(await ground.up()).toMatchObject({ ok: true, changed: 0 });
  expect(ground.emulator.writes()).toBe(writes);
});

test("created while nobody can look: the next run finds what the earlier one made", async () => {
  for (const name of named("unseen")) tags.set(name, name);
  const { result, met } = await disturbed({ unseen: "tag.create" }, { isBlind: true });
  expect(met).toBe(kinds.length);
  const failures = failuresOf(result);
  for (const name of named("unseen")) {
    if (failures.has(name)) expect(failures.get(name), name).toMatch(saysWhatIsTrue);
    else expect(tagsThere(), name).toContain(name);
  }
  expect((await ground.up()).failure).toBeUndefined();
  expect(tagsThere()).toEqual([...tags.values()].sort());
});

test("deleted: gone or told what is true now, gone after the next run, and nobody else's", async () => {
  for (const name of named("delete")) tags.delete(name);
  const { result, met } = await disturbed({ delete: "tag.delete" });
  expect(met).toBe(kinds.length);
  const failures = failuresOf(result);
  for (const name of named("delete")) {
    expect(idOf(name) !== undefined, name).toBe(failures.has(name));
    if (failures.has(name)) expect(failures.get(name), name).toMatch(saysWhatIsTrue);
    else expect(tagsThere(), name).not.toContain(name);
  }
  expect((await ground.up()).failure).toBeUndefined();
  expect(tagsThere()).toEqual([...tags.values()].sort());
});

test("none that a fault made counts as one that was there before: all go, and properties stay", async () => {
  tags.clear();
  properties.clear();
  expect((await ground.up()).failure).toBeUndefined();
  expect(tagsThere()).toEqual([]);
  expect(propertiesThere().sort()).toEqual(named("field").sort());
});
