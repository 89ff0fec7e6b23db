// Thirty generated journeys, each on a platform that behaves otherwise in one way: a second run has nothing to do, also after a
// refresh and after an edit, or the first ended with an error that is documented for that behaviour.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { pushwoosh } from "../../provider";
import type { PushwooshSwitches } from "../../provider/emulator";
import { edit, journeyInputs } from "../unit/pushwoosh/journey/generate";
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

describe.concurrent(`seed ${seed}`, () => {
  test.for(behaviours.map((behaviour, index) => ({ behaviour, index, name: JSON.stringify(behaviour) })))(
    "$name",
    async ({ behaviour, index }) => {
      const ground = await Ground.open({
        emulator: { pushwoosh: behaviour, seed },
        config: { "journeys:pushwooshUseUndocumentedList": behaviour.list === "on" },
      });
      const title = `Generated ${index}`;
      const [first] = fc.sample(journeyInputs(title), { numRuns: 1, seed: seed + index });
      ground.declare("generated", first as pushwoosh.JourneyArgs);
      const { failure } = await ground.up();
      const error = documented.find(([name, value]) => behaviour[name] === value)?.[2];
      if (failure) {
        expect(failure).toMatch(error ?? /^no error is documented here$/);
        expect((await ground.up()).failure).toMatch(error ?? /^$/);
      } else {
        expect(await ground.refresh()).toMatchObject({ ok: true, changed: 0 });
        await isEmpty(ground);
      }
      if (!failure && Object.keys(behaviour).every((name) => edited.has(name))) {
        const [change] = fc.sample(edit, { numRuns: 1, seed: seed + index });
        ground.declare("generated", change!(first!) as pushwoosh.JourneyArgs);
        expect((await ground.up()).failure).toBeUndefined();
        await isEmpty(ground);
      }
      expect(ground.emulator.pushwoosh.journeys().length).toBeLessThan(2);
      await ground.close();
    },
  );
});

async function isEmpty(ground: Ground): Promise<void> {
  const { writes } = ground.emulator;
  const before = writes();
  expect(await ground.up()).toMatchObject({ ok: true, changed: 0, messages: [] });
  expect(writes()).toBe(before);
}
