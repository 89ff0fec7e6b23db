/** A creation that was killed, and a program that has moved on meanwhile. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { JourneyInputs } from "../../../../provider/pushwoosh/journey/inputs";
import { Deployment } from "./deployment";
import { type QuickEmulator, startQuickEmulator } from "./disturbed";
import { expectLive } from "./live";
import { declared } from "./operations";

let quick: QuickEmulator;
beforeEach(async () => {
  quick = await startQuickEmulator();
});
afterEach(() => quick.close());

/** A wait between the push and the exit. */
function withWait(inputs: JourneyInputs): JourneyInputs {
  const wait = { type: "POINT_TYPE_WAIT", data: { wait: { days: 1 } }, next: "exit" };
  return { ...inputs, points: { ...inputs.points, push: { ...inputs.points.push!, next: "wait" }, wait } };
}

/** People go straight from the audience to the exit. */
function withoutPush(inputs: JourneyInputs): JourneyInputs {
  const { push: _, audience, ...points } = inputs.points;
  return { ...inputs, points: { ...points, audience: { ...audience!, next: "exit" } } };
}

test.each([
  ["a point more", withWait, ["audience", "exit", "push"]],
  ["a point less", withoutPush, ["audience", "exit"]],
] as const)("%s: what was sent keeps its UUIDs, and what came since is new", async (_, change, kept) => {
  let wentOn = 0;
  for (let at = 0; ; at++) {
    const deployment = new Deployment(quick.emulator, { settings: { pushwooshUseUndocumentedList: "true" } });
    const title = `${change.name} ${at}`;
    const inputs = declared(title, "running");
    const point = await deployment.killed(at, () => deployment.up(inputs));
    if (point === undefined) break;
    const made = quick.emulator.pushwoosh.journeys().find((journey) => journey.title === title);
    const later = change(inputs);
    const run = await deployment.up(later);
    if (made) {
      wentOn += 1;
      expect(run.error?.message, point).toBeUndefined();
      expect(deployment.saved?.id, point).toBe(made.id);
      const before = new Set(made.points.map(({ uuid }) => uuid));
      const { pointIds } = deployment.saved!.state;
      for (const name of kept) expect(before, point).toContain(pointIds[name]);
      expect(before, point).not.toContain(pointIds.wait);
      expectLive(quick.emulator, deployment.saved!, later, point);
      expect(await deployment.up(later), point).toMatchObject({ verb: "none" });
    }
    await deployment.close();
  }
  expect(wentOn).toBeGreaterThan(8);
});
