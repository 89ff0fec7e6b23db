// One case for each operation on a set and each kind of fault, through engine, provider process and HTTP. All cases share a
// deployment: a case is one set of three people, known by their addresses.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { engagelab } from "../../provider";
import { type FaultKind, faultKinds, startEmulator } from "../../provider/emulator";
import type { OperationResult } from "../../provider/engine/index.js";
import { Ground } from "./ground";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const kinds = Object.keys(faultKinds) as FaultKind[];
type Operation = "create" | "update" | "remove" | "destroy";
const endpoints = {
  create: "contact.upsert",
  update: "contact.upsert",
  remove: "contact.delete",
  destroy: "contact.delete",
} as const;

interface Case {
  operation: Operation;
  kind: FaultKind;
  /** Name of the set. */
  title: string;
  /** Whose call goes wrong. */
  victim: string;
}

const cases = (["create", "update", "remove", "destroy"] as const).flatMap((operation) =>
  kinds.map(
    (kind): Case => ({
      operation,
      kind,
      title: `${operation}-${kind}`,
      victim: `${operation}.${kind}.2@canary.example`,
    }),
  ),
);
const person = ({ operation, kind }: Case, number: number, name: string) => ({
  email: `${operation}.${kind}.${number}@canary.example`,
  name: `Canary ${name}`,
  fields: { Gender: `canary-${number}` },
});
/** Three people; after the edit the second one is another, or gone. */
const members = (each: Case, isEdited: boolean) => [
  person(each, 1, "One"),
  ...(isEdited && each.operation === "remove" ? [] : [person(each, 2, isEdited ? "Edited" : "Two")]),
  person(each, 3, "Three"),
];
const errorsOf = ({ diagnostics }: OperationResult, { title }: Case) =>
  diagnostics.flatMap(({ severity, urn, message }) =>
    severity === "error" && urn?.endsWith(`::${title}`) ? [message] : [],
  );

describe.each([
  { times: 1, how: "once" },
  { times: Infinity, how: "each time" },
])("faults hit $how", ({ times }) => {
  // Waiting in vain costs the same each time.
  const casesOf = (...operations: Operation[]) =>
    cases.filter(({ operation, kind }) => operations.includes(operation) && (times === 1 || !kind.startsWith("hang")));
  let ground: Ground;
  let faulted: OperationResult;
  const results: OperationResult[] = [];
  const declared = new Map<string, { each: Case; isEdited: boolean }>();
  const declare = (some: readonly Case[], isEdited: boolean) => {
    for (const each of some) declared.set(each.title, { each, isEdited });
  };
  const run = async (operation: "up" | "refresh") => {
    const result = await ground[operation]();
    results.push(result);
    return result;
  };
  /**
   * Lets calls about a victim alone run into its fault, once all victims' calls have come: after a failure the engine
   * begins nothing new. Returns how to end it.
   */
  const disturb = (some: readonly Case[]) => {
    const victims = new Map(some.map((each) => [each.victim, each]));
    const missing = new Set(victims.keys());
    let open = () => {};
    const complete = new Promise<void>((resolve) => {
      open = resolve;
    });
    const filter = { endpoint: Object.values(endpoints) };
    const release = ground.emulator.on("before", filter, async ({ endpoint, titles }) => {
      const victim = victims.get(titles.length === 1 ? titles[0]! : "");
      if (victim === undefined || (!missing.delete(victim.victim) && times === 1)) return;
      if (missing.size === 0) open();
      await complete;
      ground.emulator.fault({ kind: victim.kind, endpoint, email: victim.victim, retryAfter: 0 });
    });
    return () => {
      release();
      ground.emulator.clearFaults();
    };
  };
  const addresses = () =>
    ground.emulator.engagelab
      .contacts()
      .map(({ email }) => email)
      .sort();
  const wanted = () => [...declared.values()].flatMap(({ each, isEdited }) => members(each, isEdited));
  /** Who isn't as declared. */
  const lacking = (some: readonly Case[]) =>
    some.flatMap((each) => {
      const isThere = (email: string) => addresses().includes(email);
      const wrong = members(each, true).filter(
        ({ email, name }) => !isThere(email) || ground.emulator.engagelab.contact(email).name !== name,
      );
      if (each.operation === "remove" && isThere(each.victim)) return [each.title];
      return wrong.length ? [each.title] : [];
    });

  beforeAll(async () => {
    // The platform takes one member at a time: batches are halved until each fault has a call of its own.
    const emulator = await startEmulator({ engagelab: { maxMembers: 1 } });
    ground = await Ground.open({
      sharing: emulator,
    });
    ground.more = () => {
      for (const [title, { each, isEdited }] of declared)
        new engagelab.ContactSet(title, { members: members(each, isEdited), onRemoval: "delete" });
    };
    declare(casesOf("update", "remove", "destroy"), false);
    expect((await run("up")).failure).toBeUndefined();
    declare(casesOf("create", "update", "remove"), true);
    const clear = disturb(casesOf("create", "update", "remove"));
    faulted = await run("up");
    clear();
  });
  afterAll(async () => {
    const texts = JSON.stringify([results, ground.events], (_, value) => (value?.secret === true ? "[secret]" : value));
    expect(texts).not.toMatch(/canary/i);
    expect(JSON.stringify(await ground.stack.export())).not.toMatch(/canary/i);
    const records = join(ground.folder, ".journeys");
    for (const name of readdirSync(records)) expect(readFileSync(join(records, name), "utf8")).not.toMatch(/canary/i);
    await ground.close();
    await ground.emulator.close();
  });

  test("each fault was met; what failed says what is true now, and what says nothing is as declared", () => {
    const changed = casesOf("create", "update", "remove");
    for (const each of changed) {
      const hit = ground.emulator.journal.filter(
        ({ titles, fault }) => titles.includes(each.victim) && fault === each.kind,
      );
      expect(hit.length, each.title).toBeGreaterThan(0);
      for (const message of errorsOf(faulted, each)) expect(message, each.title).toMatch(/\n {2}now: .+\n {2}next: /s);
    }
    const silent = changed.filter((each) => errorsOf(faulted, each).length === 0);
    expect(lacking(silent)).toEqual([]);
    expect(silent.length).toBeGreaterThan(times === 1 ? 24 : 2);
  });

  test("the next run sends the remainder: all is as declared, nobody twice; another one sends nothing", async () => {
    const before = ground.emulator.journal.length;
    const next = await run("up");
    expect(next.failure).toBeUndefined();
    expect(lacking(casesOf("create", "update", "remove"))).toEqual([]);
    expect(addresses()).toEqual(
      wanted()
        .map(({ email }) => email)
        .sort(),
    );
    // Whoever was done is not written again.
    const silent = casesOf("create", "update", "remove").filter((each) => errorsOf(faulted, each).length === 0);
    const sent = ground.emulator.journal
      .slice(before)
      .filter(({ committed }) => committed)
      .flatMap(({ titles }) => titles);
    expect(silent.filter((each) => members(each, true).some(({ email }) => sent.includes(email)))).toEqual([]);
    const writes = ground.emulator.writes();
    expect(await run("up")).toMatchObject({ ok: true, changed: 0 });
    expect(ground.emulator.writes()).toBe(writes);
  });

  test("a refresh never takes a fault for an end", async () => {
    const states = () =>
      ground.stack.resources.map(({ urn, outputs }) => [urn, outputs?.memberDigests, outputs?.missingCount]);
    const before = states();
    const writes = ground.emulator.writes();
    for (const { kind } of casesOf("update"))
      ground.emulator.fault({ kind, endpoint: "contact.list", times: Math.min(times, 2), retryAfter: 0 });
    await run("refresh");
    ground.emulator.clearFaults();
    expect(states()).toEqual(before);
    expect(ground.emulator.writes()).toBe(writes);
  });

  test("sets that go take their people with them in at most two runs, and nobody else", async () => {
    const going = casesOf("destroy");
    for (const { title } of going) declared.delete(title);
    const clear = disturb(going);
    const first = await run("up");
    clear();
    for (const each of going) {
      const kept = ground.stack.resources.some(({ urn }) => urn.endsWith(`::${each.title}`));
      expect(kept, each.title).toBe(errorsOf(first, each).length > 0);
      for (const message of errorsOf(first, each)) expect(message, each.title).toMatch(/\n {2}now: .+\n {2}next: /s);
    }
    expect((await run("up")).failure).toBeUndefined();
    expect(addresses()).toEqual(
      wanted()
        .map(({ email }) => email)
        .sort(),
    );
  });
});
