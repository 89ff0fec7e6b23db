// One case for each operation and each kind of fault, through engine, provider process and HTTP. All cases of a suite share
// their deployments: a case is one journey, known by its title.
import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FaultKind, faultKinds, type JourneySnapshot, type RequestFilter } from "../../provider/emulator";
import type { OperationResult } from "../../provider/engine/index.js";
import { buildOutside, idsOf, inputs, textOf } from "./canvas";
import { Ground } from "./ground";

const kinds = Object.keys(faultKinds) as FaultKind[];
/** What leaves a client in the dark. */
const dark = new Set<FaultKind>(kinds.filter((kind) => !/^(delay|refuse|4\d\d)$/.test(kind)));
const taken = (kind: FaultKind) => kind === "delay" || kind === "truncate" || kind.endsWith("-after");

type Status = "draft" | "running" | "paused" | "finished";

/** What a case does: from which state, to which declaration, and which of its calls goes wrong. */
interface Operation {
  name: string;
  endpoint: string;
  before?: Status;
  after: Status;
  edit?: boolean;
}

interface Case extends Operation {
  kind: FaultKind;
  title: string;
}

const operations: Operation[] = [
  { name: "create", endpoint: "journey.create", after: "running" },
  { name: "start what was created", endpoint: "journey.start", after: "running" },
  { name: "edit: pause", endpoint: "journey.pause", before: "running", after: "running", edit: true },
  { name: "edit: replace", endpoint: "journey.update", before: "running", after: "running", edit: true },
  { name: "edit: start", endpoint: "journey.start", before: "running", after: "running", edit: true },
  { name: "edit draft", endpoint: "journey.update", before: "draft", after: "draft", edit: true },
  { name: "start", endpoint: "journey.start", before: "draft", after: "running" },
  { name: "pause", endpoint: "journey.pause", before: "running", after: "paused" },
  { name: "finish", endpoint: "journey.finish", before: "running", after: "finished" },
  { name: "adopt", endpoint: "journey.statistics", after: "running" },
];

const casesOf = (some: readonly Operation[]): Case[] =>
  some.flatMap((operation) => kinds.map((kind) => ({ ...operation, kind, title: `${operation.name} × ${kind}` })));

/** A pause refused for no reason looks as if somebody else had paused: that has a story of its own. */
const cases = casesOf(operations).filter(({ endpoint, kind }) => endpoint !== "journey.pause" || kind !== "refuse");

const errorsOf = ({ diagnostics }: OperationResult, title: string) =>
  diagnostics.flatMap(({ severity, urn, message }) =>
    severity === "error" && urn?.endsWith(`::${title}`) ? [message] : [],
  );

/** The one journey of a title; none is allowed to have a twin. */
function journey({ emulator }: Ground, title: string): JourneySnapshot | undefined {
  const found = emulator.pushwoosh.journeys(title);
  if (found.length > 1) throw new Error(`${found.length} journeys have the title "${title}"`);
  return found[0];
}

/** Where a case is not as declared; empty if all is well. */
function lacking(ground: Ground, { title, after, edit }: Case): string[] {
  const found = journey(ground, title);
  if (!found) return [`${title}: there is none`];
  const wanted = `STATUS_${after.toUpperCase()} with ${edit ? "Edited" : "Hello"}`;
  const actual = `${found.status} with ${textOf(found)}`;
  return actual === wanted ? [] : [`${title}: ${actual}, not ${wanted}`];
}

/** Holds the first request of each title back until all have come: after a failure the engine begins nothing new. */
function gather({ emulator }: Ground, titles: readonly string[], filter: RequestFilter = {}): void {
  const missing = new Set(titles);
  let open: () => void = () => {};
  const complete = new Promise<void>((resolve) => {
    open = resolve;
  });
  const release = emulator.on("before", filter, async ({ title }) => {
    if (title === undefined || !missing.delete(title)) return;
    if (missing.size > 0) return complete;
    release();
    open();
  });
}

const titles = cases.map(({ title }) => title);

describe.each([
  { list: "off", times: Infinity, how: "every call of the run" },
  { list: "on", times: 1, how: "the first call" },
] as const)("list $list, faults hit $how", ({ list, times }) => {
  let ground: Ground;
  let faulted: OperationResult;
  const idsBefore = new Map<string, string[]>();
  /** Creations whose outcome this run can't find out. */
  const open = cases.filter(({ name, kind }) => name === "create" && dark.has(kind) && !(list === "on" && taken(kind)));
  const closed = cases.filter((each) => !open.includes(each));

  beforeAll(async () => {
    ground = await Ground.open({
      emulator: { pushwoosh: { list, listPageSize: 1000 } },
      config: { "journeys:pushwooshUseUndocumentedList": list === "on" },
    });
    for (const { title, name, before } of cases) {
      if (name === "adopt") buildOutside(ground.emulator, title).start();
      if (before) ground.declare(title, inputs(title, { status: before }));
    }
    expect((await ground.up()).failure).toBeUndefined();
    for (const title of titles) {
      const found = journey(ground, title);
      if (found) idsBefore.set(title, idsOf(found));
    }
    for (const { title, name, kind, endpoint, after: status, edit } of cases) {
      // Reads are repeated, with pauses that grow: two failures of each are enough to wait for.
      ground.emulator.fault({ kind, endpoint, title, times: name === "adopt" ? Math.min(times, 2) : times });
      const adopting = name === "adopt" && { adoptId: journey(ground, title)?.id, adoptStatus: "running" as const };
      ground.declare(title, inputs(title, { status, ...adopting }, edit ? "Edited" : undefined));
    }
    gather(ground, titles, {
      endpoint: ["journey.create", "journey.update", "journey.p*", "journey.f*", "journey.s*"],
    });
    faulted = await ground.up();
    ground.emulator.clearFaults();
  });
  afterAll(() => ground.close());

  test("each fault was met, and each failure says what is true now and what to do", () => {
    for (const { title, kind } of cases) {
      const hit = ground.emulator.journal.filter((entry) => entry.titles.includes(title) && entry.fault === kind);
      expect(hit.length, title).toBeGreaterThan(0);
      for (const message of errorsOf(faulted, title)) expect(message, title).toMatch(/\n {2}now: .+\n {2}next: /s);
    }
  });

  test("what failed says so, and what says nothing is as declared", () => {
    const silent = closed.filter(({ title }) => errorsOf(faulted, title).length === 0);
    expect(silent.flatMap((each) => lacking(ground, each))).toEqual([]);
    expect(silent.length).toBeGreaterThan(times === 1 ? 60 : 15);
  });

  test("a journey left paused is said to be", () => {
    for (const { title, after } of cases) {
      if (journey(ground, title)?.status !== "STATUS_PAUSED" || after === "paused") continue;
      expect(errorsOf(faulted, title).join("\n"), title).toMatch(/paused by us and could not be started|unknown/);
    }
  });

  test("a creation in the dark is kept as open, and never sent again", async () => {
    const declared = new Map(open.map(({ title }) => [title, ground.declared[title]!]));
    for (const { title } of open) {
      expect(errorsOf(faulted, title)[0], title).toMatch(/create-unresolved.*adoptId.*delete the record/s);
      delete ground.declared[title];
    }
    // Without the list each fails at once and stops the others, so each gets a run of its own.
    for (const { title } of list === "off" ? open.slice(0, 2) : []) {
      ground.declared[title] = declared.get(title)!;
      expect(errorsOf(await ground.up(), title)[0], title).toContain("create-unresolved");
      delete ground.declared[title];
    }
    for (const { title } of open)
      expect(ground.emulator.requests({ endpoint: "journey.create", title }), title).toBe(1);
  });

  test("two further runs bring all to what is declared, those in the dark once done as their error says", async () => {
    for (const { title, kind, after: status } of open) {
      const found = journey(ground, title);
      expect(found !== undefined, title).toBe(taken(kind));
      const [record] = /[^ ]+\.jsonl/.exec(errorsOf(faulted, title)[0] ?? "") ?? [];
      expect(record, title).toBeDefined();
      if (!found) rmSync(record!);
      const adopting = found && { adoptId: found.id, adoptStatus: "draft" as const };
      ground.declare(title, inputs(title, { status, ...adopting }));
    }
    expect((await ground.up()).failure).toBeUndefined();
    expect((await ground.up()).failure).toBeUndefined();
    expect(cases.flatMap((each) => lacking(ground, each))).toEqual([]);
    for (const [title, ids] of idsBefore) expect(idsOf(journey(ground, title)!), title).toEqual(ids);
  });

  test("then a run is empty, also after a refresh, and nothing exists twice", async () => {
    const writes = ground.emulator.writes();
    expect(await ground.up()).toMatchObject({ ok: true, changed: 0 });
    expect(await ground.refresh()).toMatchObject({ ok: true, changed: 0 });
    expect(await ground.up()).toMatchObject({ ok: true, changed: 0 });
    expect(ground.emulator.writes()).toBe(writes);
    expect(ground.emulator.pushwoosh.journeys().length).toBe(cases.length);
  });
});

describe("delete", () => {
  const deletions = casesOf([
    { name: "delete: finish", endpoint: "journey.finish", after: "running" },
    { name: "delete: archive", endpoint: "journey.archive", after: "running" },
  ]);
  let ground: Ground;
  beforeAll(async () => {
    ground = await Ground.open();
    for (const { title } of deletions) ground.declare(title, inputs(title, { status: "running" }));
    expect((await ground.up()).failure).toBeUndefined();
  });
  afterAll(() => ground.close());

  test.each([1, Infinity])(
    "%d faults each: two further runs archive all of it, and only what is archived leaves the state",
    async (times) => {
      const some = deletions.filter((_, index) => index % 2 === (times === 1 ? 0 : 1));
      for (const { title, kind, endpoint } of some) {
        ground.emulator.fault({ kind, endpoint, title, times });
        delete ground.declared[title];
      }
      gather(
        ground,
        some.map(({ title }) => title),
      );
      const faulted = await ground.up();
      ground.emulator.clearFaults();
      for (const { title } of some) {
        const messages = errorsOf(faulted, title);
        for (const message of messages) expect(message, title).toMatch(/\n {2}now: .+\n {2}next: /s);
        if (messages.length === 0) expect(journey(ground, title)?.status, title).toBe("STATUS_ARCHIVED");
        const kept = ground.stack.resources.some(({ urn }) => urn.endsWith(`::${title}`));
        expect(kept, title).toBe(messages.length > 0);
      }
      await ground.up();
      expect((await ground.up()).failure).toBeUndefined();
      for (const { title } of some) expect(journey(ground, title)?.status, title).toBe("STATUS_ARCHIVED");
    },
  );
});

describe("a pause that is refused", () => {
  const title = "Refused";
  const declare = (ground: Ground, text: string, more = {}) =>
    ground.declare(title, inputs(title, { status: "running", ...more }, text));

  test("counts as paused by somebody else; where that is wrong, the next error says how to say so", async () => {
    const ground = await Ground.open();
    declare(ground, "Hello");
    await ground.up();
    declare(ground, "Edited");
    ground.emulator.fault({ kind: "refuse", endpoint: "journey.pause" });
    expect((await ground.up()).failure).toContain("paused-outside");
    expect((await ground.preview()).messages.join("\n")).toMatch(/replace definition.*start/s);
    expect((await ground.up()).failure).toMatch(/HTTP 400.*next: .*adoptStatus/s);
    declare(ground, "Edited", { adoptStatus: "running" });
    expect((await ground.up()).failure).toBeUndefined();
    expect(journey(ground, title)).toMatchObject({ status: "STATUS_RUNNING" });
    expect(textOf(journey(ground, title)!)).toBe("Edited");
    expect(await ground.up()).toMatchObject({ ok: true, changed: 0 });
    await ground.close();
  });

  test("where somebody else did pause, nothing is replaced or started before a preview has shown it", async () => {
    const ground = await Ground.open();
    declare(ground, "Hello");
    await ground.up();
    ground.emulator.behind.journey(title).pause();
    declare(ground, "Edited");
    const writes = ground.emulator.writes();
    expect((await ground.up()).failure).toContain("paused-outside");
    expect(ground.emulator.writes()).toBe(writes);
    expect(journey(ground, title)).toMatchObject({ status: "STATUS_PAUSED" });
    expect((await ground.up()).failure).toBeUndefined();
    expect(journey(ground, title)).toMatchObject({ status: "STATUS_RUNNING" });
    expect(textOf(journey(ground, title)!)).toBe("Edited");
    await ground.close();
  });
});

test("a refresh never takes a fault for an end", async () => {
  const ground = await Ground.open();
  const seen = casesOf([{ name: "refresh", endpoint: "journey.statistics", after: "running" }]);
  for (const { title } of seen) ground.declare(title, inputs(title, { status: "running" }));
  expect((await ground.up()).failure).toBeUndefined();
  const before = JSON.stringify(ground.stack.resources);
  for (const { title, kind, endpoint } of seen) ground.emulator.fault({ kind, endpoint, title, times: Infinity });
  gather(
    ground,
    seen.map(({ title }) => title),
  );
  const writes = ground.emulator.writes();
  const refreshed = await ground.refresh();
  expect(refreshed.diagnostics.map(({ message }) => message)).toEqual([expect.stringContaining("unauthorized")]);
  const warned = seen.filter(({ title }) =>
    refreshed.messages.some((line) => line.startsWith(`journey "${title}": warning: `)),
  );
  expect(warned.map(({ kind }) => kind)).toEqual(kinds.filter((kind) => kind !== "delay" && kind !== "401"));
  expect(JSON.stringify(ground.stack.resources)).toBe(before);
  ground.emulator.clearFaults();
  expect(await ground.up()).toMatchObject({ ok: true, changed: 0 });
  expect(ground.emulator.writes()).toBe(writes);
  await ground.close();
});
