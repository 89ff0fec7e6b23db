// Thirty generated journeys, each on a platform that behaves otherwise in one way: a second run has nothing to do, also after a
// refresh and after an edit, or the first ended with an error that is documented for that behaviour.
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { pushwoosh } from "../../provider";
import { type Emulator, type PushwooshSwitches, startEmulator } from "../../provider/emulator";
import type { OperationResult } from "../../provider/engine/index.js";
import { edit, journeyInputs } from "../unit/pushwoosh/journey/generate";
import { type Front, openFront } from "./front";
import { Ground } from "./ground";

const seed = 20260711;

const behaviours: PushwooshSwitches[] = [
  {},
  { transitions: "permissive" },
  { refusalCode: "3-400" },
  { refusalCode: "9-412" },
  { refusalCode: "10-409" },
  { unpopulated: "emitted" },
  { unknownFields: "rejected" },
  { unknownFields: "stored" },
  { unknownNestedFields: "dropped" },
  { unknownNestedFields: "rejected" },
  { pointIds: "rewritten" },
  { pointIdsAcrossJourneys: "refused" },
  { putStatus: "draft" },
  { timestamps: "rewritten" },
  { lifecycleUpdatedAt: "moved" },
  { paramsPlace: "top" },
  { paramsPlace: "both" },
  { auth: "documented" },
  { int64: "strings" },
  { uniqOpened: "present" },
  { unknownStatistics: "400" },
  { unknownStatistics: "empty" },
  { draftStatistics: "empty" },
  { draftStatistics: "refused" },
  { read: "on" },
  { list: "on" },
  { list: "on", listStatus: "bare" },
  { list: "on", listStatus: "legacy" },
  { list: "on", listPageSize: 1 },
  { list: "on", listLagCalls: 2 },
];

/** Those under which an edit takes another way than a creation. */
const edited = new Set([
  "transitions",
  "unpopulated",
  "unknownFields",
  "pointIds",
  "putStatus",
  "timestamps",
  "paramsPlace",
]);

const documented: [behaviour: keyof PushwooshSwitches, value: string, error: RegExp][] = [
  ["unknownNestedFields", "dropped", /dropped-by-platform: .*where: /s],
  ["unknownNestedFields", "rejected", /refused: .*HTTP 400/s],
];

const named = behaviours.map((behaviour, index) => ({ behaviour, index, name: JSON.stringify(behaviour) }));
/** Those under which a run ends with an error, or has to be told of the list, need a deployment of their own. */
const isAlone = ({ behaviour }: (typeof named)[number]) =>
  "list" in behaviour || documented.some(([name, value]) => behaviour[name] === value);
const drawn = (index: number) => {
  const [first] = fc.sample(journeyInputs(`Generated ${index}`), { numRuns: 1, seed: seed + index });
  const [change] = fc.sample(edit, { numRuns: 1, seed: seed + index });
  return { first: first as pushwoosh.JourneyArgs, edited: change!(first!) as pushwoosh.JourneyArgs };
};

describe.concurrent(`seed ${seed}, a deployment each`, () => {
  test.for(named.filter(isAlone))("$name", async ({ behaviour, index }) => {
    const ground = await Ground.open({
      emulator: { pushwoosh: behaviour, seed },
      config: { "journeys:pushwooshUseUndocumentedList": behaviour.list === "on" },
    });
    ground.declare("generated", drawn(index).first);
    const { failure } = await ground.up();
    if (failure) {
      const error = documented.find(([name, value]) => behaviour[name] === value)?.[2];
      expect(failure).toMatch(error ?? /^no error is documented here$/);
      expect((await ground.up()).failure).toMatch(error ?? /^$/);
    } else {
      expect(await ground.refresh()).toMatchObject({ ok: true, changed: 0 });
      const { writes } = ground.emulator;
      const before = writes();
      expect(await ground.up()).toMatchObject({ ok: true, changed: 0, messages: [] });
      expect(writes()).toBe(before);
    }
    expect(ground.emulator.pushwoosh.journeys().length).toBeLessThan(2);
    await ground.close();
  });
});

describe(`seed ${seed}, all in one deployment`, () => {
  const together = named.filter((each) => !isAlone(each));
  const isEdited = ({ behaviour }: (typeof named)[number]) => Object.keys(behaviour).every((name) => edited.has(name));
  /** Some edits that were drawn change nothing. */
  const changes = ({ index }: (typeof named)[number]) =>
    JSON.stringify(drawn(index).first) !== JSON.stringify(drawn(index).edited);
  const emulators = new Map<string, Emulator>();
  let front: Front;
  let ground: Ground;
  /** What each operation told, and how many writes each platform had seen after it. */
  const told = {} as Record<
    "up" | "refresh" | "second up" | "edit" | "up after the edit",
    OperationResult & { writes: Map<string, number> }
  >;
  const tell = async (what: keyof typeof told, operation: () => Promise<OperationResult>) => {
    const result = await operation();
    told[what] = { ...result, writes: new Map([...emulators].map(([name, { writes }]) => [name, writes()])) };
  };

  beforeAll(async () => {
    for (const { behaviour, index } of together)
      emulators.set(`Generated ${index}`, await startEmulator({ pushwoosh: behaviour, seed: seed + index }));
    front = await openFront(emulators);
    const [sharing] = emulators.values();
    ground = await Ground.open({ sharing: sharing!, config: { "journeys:pushwooshJourneyUrl": front.url } });
    for (const { index } of together) ground.declare(`Generated ${index}`, drawn(index).first);
    await tell("up", ground.up);
    await tell("refresh", ground.refresh);
    await tell("second up", ground.up);
    for (const each of together.filter(isEdited)) ground.declare(`Generated ${each.index}`, drawn(each.index).edited);
    await tell("edit", ground.up);
    await tell("up after the edit", ground.up);
  });
  afterAll(async () => {
    await ground?.close();
    front?.close();
    for (const emulator of emulators.values()) await emulator.close();
  });

  test.each(together)("$name", (each) => {
    const title = `Generated ${each.index}`;
    const steps = Object.entries(told).map(([what, { steps: all }]) => {
      const { op, error } = all.find(({ name }) => name === title) ?? {};
      return [what, error ?? op];
    });
    expect(Object.fromEntries(steps)).toEqual({
      up: "create",
      refresh: "same",
      "second up": "same",
      edit: isEdited(each) && changes(each) ? "update" : "same",
      "up after the edit": "same",
    });
    const writes = (what: keyof typeof told) => told[what].writes.get(title);
    expect(writes("second up")).toBe(writes("up"));
    expect(writes("up after the edit")).toBe(writes("edit"));
    expect(emulators.get(title)!.pushwoosh.journeys()).toHaveLength(1);
  });

  test("all runs go through, and one without a change says nothing", () => {
    for (const { ok, failure } of Object.values(told))
      expect({ ok, failure }).toEqual({ ok: true, failure: undefined });
    for (const what of ["second up", "up after the edit"] as const)
      expect(told[what]).toMatchObject({ changed: 0, messages: [] });
    expect(told.refresh.changed).toBe(0);
  });
});
