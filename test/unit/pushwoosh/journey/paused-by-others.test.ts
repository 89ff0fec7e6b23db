/** A pause that is refused: somebody else made it, perhaps to edit. Theirs is never ended as a side effect. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../../../provider/emulator";
import type { JourneyInputs } from "../../../../provider/pushwoosh/journey/inputs";
import { edited } from "./bench";
import { Deployment } from "./deployment";
import { expectLive } from "./live";
import { declared } from "./operations";

let emulator: Emulator;
let deployment: Deployment;
beforeEach(async () => {
  emulator = await startEmulator();
  deployment = new Deployment(emulator);
  expect((await deployment.up(running())).error?.message).toBeUndefined();
  emulator.behind.journey("theirs").pause();
});
afterEach(async () => {
  await deployment.close();
  await emulator.close();
});

const running = (more: Partial<JourneyInputs> = {}) => declared("theirs", "running", more);
const live = () => emulator.pushwoosh.journey("theirs").status;

describe("a pause refused", () => {
  test("replaces nothing, and says who it was; the next preview shows replace and start", async () => {
    const run = await deployment.up(edited(running()));
    expect(run.error?.message).toMatch(
      /^paused-outside: .*its pause was refused: somebody else paused it, perhaps to edit it/,
    );
    expect(run.calls).toEqual(["journey.pause"]);
    expect(deployment.saved?.state).toMatchObject({ status: "paused", statusSource: "assumed" });
    expect(deployment.preview(edited(running()))).toMatchObject({
      steps: [{ name: "replace definition" }, { name: "start" }],
      warnings: [expect.stringContaining("overwritten unseen")],
    });
    const next = await deployment.up(edited(running()));
    expect(next.error?.message).toBeUndefined();
    expect(next.calls).toEqual(["journey.update", "journey.start"]);
    expectLive(emulator, deployment.saved!, edited(running()));
  });

  test("with overwriteOutsideEdits replaces at once, and doesn't start; the start is a step of a later preview", async () => {
    const inputs = edited(running({ overwriteOutsideEdits: true }));
    const run = await deployment.up(inputs);
    expect(run.error?.message).toBeUndefined();
    expect(run.calls).toEqual(["journey.pause", "journey.update"]);
    expectLive(emulator, deployment.saved!, inputs);
    expect(live()).toBe("STATUS_PAUSED");
    expect(deployment.preview(inputs)).toMatchObject({ steps: [{ name: "start" }] });
    expect(await deployment.up(inputs)).toMatchObject({ calls: ["journey.start"] });
    expect(await deployment.up(inputs)).toMatchObject({ verb: "none", calls: [] });
  });

  test("with a state nobody knows goes on to the replace, whose answer tells", async () => {
    const id = deployment.saved!.id;
    const other = new Deployment(emulator);
    const { pointIds } = deployment.saved!.state;
    const withoutIds = running({ adoptId: id });
    expect((await other.up(withoutIds)).error?.message).toBeUndefined();
    const blind = await other.up(edited(withoutIds));
    expect(blind.error?.message).toMatch(/^invalid-input: .*not known: audience, exit, push;/);
    expect(blind.calls).toEqual(["journey.pause"]);
    const adopting = running({ adoptId: id, pointIds });
    const run = await other.up(edited(adopting));
    expect(run.calls).toEqual(["journey.pause", "journey.update"]);
    expect(run.error?.message).toBeUndefined();
    expect(other.saved?.state).toMatchObject({ status: "paused", statusSource: "answered" });
    expect(live()).toBe("STATUS_PAUSED");
    await other.close();
  });
});

test("declared paused by then: theirs is what is declared", async () => {
  const run = await deployment.up(declared("theirs", "paused"));
  expect(run.error?.message).toMatch(
    /^paused-outside: .*next: {2}look at it in Pushwoosh: if it is paused, run again/s,
  );
  expect(run.calls).toEqual(["journey.pause"]);
  expect(deployment.saved?.state).toMatchObject({ status: "paused", statusSource: "assumed" });
  expect(await deployment.up(declared("theirs", "paused"))).toMatchObject({ calls: [] });
  expect(await deployment.up(declared("theirs", "paused"))).toMatchObject({ verb: "none", calls: [] });
});
