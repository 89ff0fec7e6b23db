/** A journey and edits of it, each brought about and run once more: what holds on every platform the documentation allows. */
import * as fc from "fast-check";
import { expect } from "vitest";
import type { ErrorCode } from "../../../../provider/core/errors";
import { type PushwooshSwitches, startEmulator, switches } from "../../../../provider/emulator";
import type { JourneyInputs } from "../../../../provider/pushwoosh/journey/inputs";
import { Deployment } from "./deployment";
import { edit, journeyInputs } from "./generate";
import { expectLive } from "./live";

/** Switches of methods that journeys never call. */
const elsewhere = new Set([
  "int64",
  "requestIdPlace",
  "statisticsErrors",
  "messageLog",
  "logEnd",
  "conditionsPlace",
  "eventsPerMessage",
  "uniqOpened",
]);

/** Errors a behaviour may lead to, and no other does. */
const documented: Record<string, ErrorCode[]> = {
  "unknownNestedFields=rejected": ["refused"],
  "unknownNestedFields=dropped": ["dropped-by-platform"],
};

/** Each behaviour that the documentation leaves open, one at a time. */
export const behaviours = [
  { name: "default", value: {} },
  ...switches
    .filter(({ platform, option }) => platform === "pushwoosh" && !elsewhere.has(option))
    .flatMap(({ option, values, default: preset }) =>
      (values === "whole number" ? [1] : values)
        .filter((value) => value !== preset)
        .map((value) => ({ name: `${option}=${value}`, value: { [option]: value } })),
    ),
] as { name: string; value: PushwooshSwitches }[];

/** `count` journeys drawn from the seed, on a platform of that behaviour. */
export async function expectToSettle(
  { name, value }: (typeof behaviours)[number],
  seed: number,
  count: number,
): Promise<void> {
  const withList = "list" in value || "listStatus" in value || "listPageSize" in value || "listLagCalls" in value;
  const emulator = await startEmulator({ pushwoosh: { ...(withList && { list: "on" }), ...value }, seed });
  const settings: Record<string, string> = withList ? { pushwooshUseUndocumentedList: "true" } : {};
  const stories = fc.sample(fc.tuple(journeyInputs(""), fc.array(edit, { minLength: 1, maxLength: 3 })), {
    seed,
    numRuns: count,
  });
  try {
    for (const [index, [drawn, edits]] of stories.entries()) {
      const deployment = new Deployment(emulator, { settings });
      const inputs = { ...drawn, title: `${name} ${index}` };
      const about = `seed ${seed}, ${name}, journey ${index}: ${JSON.stringify(inputs)}`;
      if (await settles(deployment, inputs, name, about)) {
        const after = edits.reduce((value, change) => change(value), inputs);
        await settles(deployment, after, name, `${about} edited to ${JSON.stringify(after)}`);
      }
      await deployment.close();
    }
  } finally {
    await emulator.close();
  }
}

/** Applies, and again, and after a refresh. False after an error that the behaviour explains. */
async function settles(
  deployment: Deployment,
  inputs: JourneyInputs,
  behaviour: string,
  about: string,
): Promise<boolean> {
  const { error } = await deployment.up(inputs);
  if (error) {
    expect(documented[behaviour] ?? [], `${about}\n${error.message}`).toContain(error.code);
    return false;
  }
  expectLive(deployment.emulator, deployment.saved!, inputs, about);
  const expectIdle = async (when: string) => {
    const again = await deployment.up(inputs);
    expect({ error: again.error?.message, verb: again.verb, calls: again.calls }, `${when}: ${about}`).toEqual({
      error: undefined,
      verb: "none",
      calls: [],
    });
  };
  await expectIdle("second run");
  const state = deployment.saved!.state;
  const seen = await deployment.refresh();
  expect(seen.error, about).toBeUndefined();
  expect(deployment.saved!.state, about).toEqual(state);
  expect(seen.inputs, about).toEqual(JSON.parse(state.appliedInputs));
  await expectIdle("after a refresh");
  return true;
}
