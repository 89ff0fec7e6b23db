/** A rename whose commit is reverted: whoever stands on the point stays there, however far the rename came. */
import { expect, test } from "vitest";
import type { JourneyInputs } from "../../../../provider/pushwoosh/journey/inputs";
import { begin, deployment, emulator, startBeforeEach } from "./deployments";
import { expectLive } from "./live";
import { declared } from "./operations";

startBeforeEach();

/** The push under another name, and perhaps with other settings. */
function renamed(inputs: JourneyInputs, data?: JourneyInputs["points"][string]["data"]): JourneyInputs {
  const { push, audience, ...points } = inputs.points;
  const hello = { ...push!, ...(data && { data }), formerly: "push" };
  return { ...inputs, points: { ...points, audience: { ...audience!, next: "hello" }, hello } };
}
const other = { send_push: { preset: "P-2" } };

async function made(inputs: JourneyInputs): Promise<Record<string, string>> {
  const ways = inputs.status === "paused" ? [{ ...inputs, status: "running" as const }, inputs] : [inputs];
  for (const each of ways) expect((await deployment.up(each)).error?.message).toBeUndefined();
  return deployment.saved!.state.pointIds;
}

async function expectAsBefore(inputs: JourneyInputs, ids: Record<string, string>, about: string): Promise<void> {
  expect((await deployment.up(inputs)).error?.message, about).toBeUndefined();
  expect(deployment.saved!.state.pointIds, about).toEqual(ids);
  expectLive(emulator, deployment.saved!, inputs, about);
  expect(await deployment.up(inputs), about).toMatchObject({ verb: "none", calls: [] });
}

test("after it was applied", async () => {
  const inputs = declared("applied", "running");
  const ids = await made(inputs);
  expect(await deployment.up(renamed(inputs))).toMatchObject({ calls: [] });
  await expectAsBefore(inputs, ids, "applied");
  expect(emulator.requests({ endpoint: "journey.update" }), "names are never sent").toBe(0);
});

test("after it was applied, in favour of another kind of point: that one is new", async () => {
  const inputs = declared("another kind", "running");
  const ids = await made(inputs);
  await deployment.up(renamed(inputs));
  const push = { ...inputs.points.push!, type: "POINT_TYPE_SEND_EMAIL", data: { send_email: { preset: "E-1" } } };
  const emailed = { ...inputs, points: { ...inputs.points, push } };
  expect((await deployment.up(emailed)).error?.message).toBeUndefined();
  expect(deployment.saved!.state.pointIds.push).not.toBe(ids.push);
  expectLive(emulator, deployment.saved!, emailed);
});

test.each(["refuse", "drop-before", "drop-after"] as const)(
  "after the replace that came with it met: %s",
  async (kind) => {
    const inputs = declared(kind, "running");
    const ids = await made(inputs);
    emulator.fault({ kind, endpoint: "journey.update", times: 2 });
    await deployment.up(renamed(inputs, other));
    await expectAsBefore(inputs, ids, kind);
  },
);

test.each(["running", "paused"] as const)("after a kill at any point, %s", async (status) => {
  let kills = 0;
  for (; ; kills++) {
    begin();
    const inputs = declared(`killed ${status} ${kills}`, status);
    const ids = await made(inputs);
    const point = await deployment.killed(kills, () => deployment.up(renamed(inputs, other)));
    if (point === undefined) break;
    await expectAsBefore(inputs, ids, point);
  }
  expect(kills).toBeGreaterThan(7);
});
