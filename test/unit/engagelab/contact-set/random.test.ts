/** Random lists × random edits, under each behaviour the platform's documentation leaves open. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type EngagelabSwitches, switches } from "../../../../provider/emulator";
import { story, tell } from "./random";

const SEED = 20_301;

const counts: Readonly<Record<string, readonly number[]>> = {
  listReach: [5],
  lagCalls: [1, 2],
  lagMs: [15],
  callsPerMinute: [],
  maxMembers: [3],
  maxBodyBytes: [700],
};

const cases: EngagelabSwitches[] = [{}];
for (const { platform, option, values, default: preset } of switches) {
  if (platform !== "engagelab" || ["unconditionalDelete", "untouched", "untouchedTags"].includes(option)) continue;
  const others = values === "whole number" ? (counts[option] ?? []) : values.filter((value) => value !== preset);
  for (const value of others) cases.push({ [option]: value });
}

describe(`seed ${SEED}`, () => {
  test.each(cases.map((one) => [JSON.stringify(one), one] as const))("%s", async (_, one) => {
    await fc.assert(
      fc.asyncProperty(story, async (told) => {
        await tell(one, told);
      }),
      { seed: SEED, numRuns: 4 },
    );
  });

  test("the usual behaviour, more often; most runs end well", async () => {
    const ended: string[] = [];
    await fc.assert(
      fc.asyncProperty(story, async (told) => {
        ended.push(...((await tell({}, told)).length > 0 ? ["error"] : ["well"]));
      }),
      { seed: SEED + 1, numRuns: 30 },
    );
    expect(ended.filter((end) => end === "well").length).toBeGreaterThan(15);
  });
});
