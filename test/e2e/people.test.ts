// People in and out of journeys through engine, provider process and HTTP: entered once, whatever else happens to the
// program or the journey; and named nowhere. Each pair of a journey and an entry is a case, and all cases live through
// the same few operations: made, run again, refreshed, changed, run again.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pushwoosh } from "../../provider";
import type { OperationResult } from "../../provider/engine/index.js";
import { applicationCode } from "./canvas";
import { Ground } from "./ground";

const users = ["canary-user-1", "canary-user-2", "canary-user-3", "canary-user-4", "canary-user-5"];

interface Pair {
  journey?: Partial<pushwoosh.JourneyArgs>;
  journeyOptions?: pulumi.CustomResourceOptions;
  entry?: Partial<pushwoosh.JourneyEntryArgs>;
  entryName?: string;
  entryOptions?: pulumi.CustomResourceOptions;
  /** Triggers that hang on the journey, but are always the same. */
  hanging?: true;
}

const elsewhere = { applicationCode: "SHOP0-00002" };

/** What becomes of each case once everyone is in. */
const changes = {
  "nothing changes": {},
  "a longer list": { entry: { users: [...users, "canary-user-6"] } },
  "a journey that is replaced": { journey: elsewhere },
  "a journey that is replaced, deleted first": { journey: elsewhere, journeyOptions: { deleteBeforeReplace: true } },
  "triggers that hang on the replaced journey": {
    journey: elsewhere,
    journeyOptions: { deleteBeforeReplace: true },
    hanging: true,
  },
  "an engine told to replace the entry": {
    entry: { maxUsers: 50 },
    entryOptions: { replaceOnChanges: ["*"], deleteBeforeReplace: true },
  },
  "another name with an alias": { entryName: "renamed" },
  "a journey that is paused": { journey: { status: "paused" } },
  "other triggers": { entry: { triggers: ["2"] } },
} satisfies Record<string, Pair>;

type Case = keyof typeof changes;
const cases = Object.keys(changes) as Case[];

let ground: Ground;
/** The pairs as the program declares them. */
let declared: Record<string, Pair>;
let removing = false;

function declarePair(name: string, pair: Pair): pushwoosh.JourneyEntry {
  const { journey, journeyOptions, entry, entryName = "entry", entryOptions, hanging } = pair;
  const made = new pushwoosh.Journey(
    name,
    {
      title: name,
      applicationCode,
      status: "running",
      forceDestroy: true,
      points: { start: pushwoosh.startByApi({ attributes: ["code"] }) },
      ...journey,
    },
    journeyOptions,
  );
  const triggers = hanging ? [made.journeyId.apply(() => "1")] : ["1"];
  const args = { journey: made, users, partSize: 2, triggers, ...entry };
  const aliases = entryName === "entry" ? [] : [{ name: `${name} entry` }];
  return new pushwoosh.JourneyEntry(`${name} ${entryName}`, args, { aliases, ...entryOptions });
}

function program(): object {
  const outputs: Record<string, unknown> = {};
  for (const [name, pair] of Object.entries(declared)) {
    const { requestIds, outcome } = declarePair(name, pair);
    outputs[name] = { requestIds, outcome };
  }
  const allJourneys = { allJourneys: true, allowAllJourneys: true } as const;
  if (removing) new pushwoosh.UserRemoval("removal", { userIds: users, ...allJourneys });
  return outputs;
}

/** Everyone who was entered, by journey title, in order: somebody entered twice is here twice. */
function entered(): Record<string, string[]> {
  const { pushwoosh: platform } = ground.emulator;
  const titles = new Map(platform.journeys().map(({ id, title }) => [id, title]));
  const found: Record<string, string[]> = {};
  for (const { journeyId, users: people = [] } of platform.entries()) {
    const title = titles.get(journeyId)!;
    found[title] = [...(found[title] ?? []), ...people];
  }
  return found;
}

const once = Object.fromEntries(cases.map((name) => [name, users]));
const good = ({ failure, ok }: OperationResult) => expect({ failure, ok }).toEqual({ failure: undefined, ok: true });

/** What the operations told, by what they were. */
const told = {} as Record<"first" | "preview" | "changed" | "failed", OperationResult>;

beforeAll(async () => {
  ground = await Ground.open();
  ground.more = program;
  declared = Object.fromEntries(
    cases.map((name) => [name, name.startsWith("triggers that hang") ? { hanging: true } : {}]),
  );
  told.first = await ground.up();
  good(told.first);
});
afterAll(() => ground?.close());

test("everyone enters once; the outcome is plain", () => {
  expect(entered()).toEqual(once);
  for (const { value, secret } of Object.values(told.first.outputs)) {
    expect(value).toMatchObject({ outcome: "accepted", requestIds: { length: 3 } });
    expect(secret).toBe(false);
  }
});

test("a second run does nothing, nor one after a refresh", async () => {
  expect(await ground.up()).toMatchObject({ ok: true, changed: 0 });
  good(await ground.refresh());
  expect(await ground.up()).toMatchObject({ ok: true, changed: 0 });
  expect(entered()).toEqual(once);
});

describe("afterwards", () => {
  beforeAll(async () => {
    declared = { ...changes };
    told.preview = await ground.preview();
    expect(entered()).toEqual(once);
    told.changed = await ground.up();
    good(told.changed);
  });

  test("the preview says who would be entered and why", () => {
    expect(told.preview.messages.join("\n")).toMatch(
      /replace journey entry "other triggers entry"\n.*triggers.*forces a replacement.*\n.*enter 5 people \(3 calls\)/,
    );
    expect(told.preview.messages.join("\n").match(/enter 5 people/g)).toHaveLength(1);
  });

  test.each(cases)("%s: nobody enters but for other triggers", (name) => {
    expect(entered()[name]).toEqual(name === "other triggers" ? [...users, ...users] : users);
  });

  test("a longer list is recorded, and said", () => {
    expect(told.changed.messages.join("\n")).toMatch(
      /warning: users \(now 6 people, 1 of them new\) changed: recorded without a call/,
    );
  });

  test("the journeys were replaced", () => {
    const of = (title: string) => ground.emulator.pushwoosh.journeys(title);
    for (const name of cases.filter((each) => "journey" in changes[each] && changes[each].journey === elsewhere))
      expect(of(name).map(({ status }) => status)).toEqual(["STATUS_ARCHIVED", "STATUS_RUNNING"]);
  });

  test("the run after that does nothing", async () => {
    expect(await ground.up()).toMatchObject({ ok: true, changed: 0 });
  });

  test("new people for a journey known to be paused are refused in the preview", async () => {
    const paused: Pair = { journey: { status: "paused" }, entry: { triggers: ["2"] } };
    declared = { ...declared, "a journey that is paused": paused };
    const before = entered();
    expect((await ground.preview()).failure).toMatch(/illegal-move: .*the journey is paused/);
    expect(entered()).toEqual(before);
    declared = { ...changes };
  });

  test("a removal takes people out, once; nobody is named outside of secrets by anything so far", async () => {
    removing = true;
    ground.emulator.fault({ kind: "refuse", endpoint: "journey.enter", after: 1 });
    const entry = { triggers: ["2"], users: [...users, "canary-user-6"] };
    declared = { ...changes, "nothing changes": { entry } };
    told.failed = await ground.up();
    expect(told.failed.failure).toMatch(/partly-done/);
    good(await ground.up());
    expect(entered()["nothing changes"]).toEqual([...users, ...users, "canary-user-6"]);
    expect(ground.emulator.pushwoosh.removals()).toHaveLength(1);

    const folder = join(ground.folder, ".journeys");
    const records = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".jsonl"))
      .map((name) => readFileSync(join(folder, name), "utf8"));
    const everything = JSON.stringify([ground.events, told, records, await ground.stack.export()]);
    expect(everything).toMatch(/enter part/);
    expect(everything.match(/canary/g)).toBeNull();
  });

  test("destroy takes nobody out", async () => {
    const before = entered();
    good(await ground.destroy());
    expect(ground.emulator.pushwoosh.removals()).toHaveLength(1);
    expect(entered()).toEqual(before);
  });
});
