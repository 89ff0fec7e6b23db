/** The answer to a lifecycle call is lost, or the call refused: what is then believed, whatever code a refusal has. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Emulator, PushwooshSwitches } from "../../../../provider/emulator";
import type { JourneyInputs } from "../../../../provider/pushwoosh/journey/inputs";
import { edited } from "./bench";
import { Deployment, type Run } from "./deployment";
import { type QuickEmulator, startQuickEmulator } from "./disturbed";
import { declared } from "./operations";

type Status = NonNullable<JourneyInputs["status"]>;
type Way = { call: string; from: Status[]; to: Status };
const ways: Way[] = [
  { call: "start", from: ["draft"], to: "running" },
  { call: "pause", from: ["running"], to: "paused" },
  { call: "start", from: ["running", "paused"], to: "running" },
  { call: "finish", from: ["running"], to: "finished" },
  { call: "draft", from: ["running", "paused"], to: "draft" },
];

const codes = ["9-400", "3-400", "9-412", "10-409"] satisfies PushwooshSwitches["refusalCode"][];

describe.each(codes)("refusals are %s", (refusalCode) => {
  let quick: QuickEmulator;
  let emulator: Emulator;
  beforeAll(async () => {
    quick = await startQuickEmulator({ refusalCode });
    emulator = quick.emulator;
  });
  afterAll(() => quick.close());

  let serial = 0;
  async function prepared(from: Status[]): Promise<{ deployment: Deployment; title: string }> {
    const deployment = new Deployment(emulator);
    const title = `${refusalCode} ${serial++}`;
    for (const status of from) expect((await deployment.up(declared(title, status))).error).toBeUndefined();
    return { deployment, title };
  }
  const live = (title: string) => emulator.pushwoosh.journey(title).status;
  const idle = async (deployment: Deployment, inputs: JourneyInputs): Promise<void> =>
    expect(await deployment.up(inputs)).toMatchObject({ verb: "none", calls: [] });

  function expectCalls({ error, calls }: Run, ...expected: string[]): void {
    expect(error?.message).toBeUndefined();
    expect(calls).toEqual(expected);
  }

  describe.each(ways)("$call from $from", ({ call, from, to }) => {
    const endpoint = `journey.${call}`;

    test("an answer lost, the repeat refused: taken as reached, with a warning", async () => {
      const { deployment, title } = await prepared(from);
      emulator.fault({ kind: "drop-after", endpoint, title });
      const run = await deployment.up(declared(title, to));
      expectCalls(run, endpoint, endpoint);
      expect(run.logs.join()).toContain(`the answer to ${call} was lost and a repeat was refused: taken as ${to}`);
      expect(deployment.saved?.state).toMatchObject({ status: to, statusSource: "assumed", everRan: true });
      expect(live(title)).toBe(`STATUS_${to.toUpperCase()}`);
      await idle(deployment, declared(title, to));
      await deployment.close();
    });

    test("both answers lost: unknown, said so, and repeated by the next run", async () => {
      const { deployment, title } = await prepared(from);
      emulator.fault({ kind: "drop-after", endpoint, title, times: 2 });
      const run = await deployment.up(declared(title, to));
      expect(run.error?.message).toMatch(/^outcome-unknown: .*now: {3}it is unknown/s);
      expect(deployment.saved?.state).toMatchObject({ status: "unknown", everRan: true });
      expect(deployment.preview(declared(title, to))).toMatchObject({
        steps: [{ name: call }],
        warnings: [expect.stringContaining(`the outcome of an earlier ${call} is unknown`)],
      });
      expectCalls(await deployment.up(declared(title, to)), endpoint);
      expect(deployment.saved?.state).toMatchObject({ status: to, statusSource: "assumed" });
      await idle(deployment, declared(title, to));
      await deployment.close();
    });

    test("a refusal without that: the last answered state stays, and the error says how to correct it", async () => {
      const { deployment, title } = await prepared(from);
      const before = deployment.saved!.state.status;
      emulator.fault({ kind: "refuse", endpoint, title });
      const run = await deployment.up(declared(title, to));
      if (call === "pause") expectPausedOutside(run);
      else {
        expect(run.error?.message).toMatch(/^refused: .*next: .*adoptStatus/s);
        expect(deployment.saved?.state).toMatchObject({ status: before, statusSource: "answered" });
      }
      await deployment.close();
    });
  });

  /** A pause may be refused because somebody else paused it. */
  function expectPausedOutside({ error }: Run): void {
    expect(error?.message).toMatch(/^paused-outside: .*state says paused|^paused-outside: .*it is paused \(assumed\)/s);
  }

  test("declared otherwise by then, a call of unknown outcome is not repeated", async () => {
    const { deployment, title } = await prepared(["running"]);
    emulator.fault({ kind: "drop-after", endpoint: "journey.pause", title, times: 2 });
    await deployment.up(declared(title, "paused"));
    const back = await deployment.up(declared(title, "running"));
    expectCalls(back, "journey.start");
    expect(live(title)).toBe("STATUS_RUNNING");
    await deployment.close();
  });

  test("an answer lost and the repeat refused for another reason: that says nothing of the state", async () => {
    const { deployment, title } = await prepared(["running"]);
    emulator.fault({ kind: "drop-after", endpoint: "journey.finish", title });
    emulator.fault({ kind: "401", endpoint: "journey.finish", title });
    const run = await deployment.up(declared(title, "finished"));
    expect(run.error?.message).toMatch(/^unauthorized: .*now: {3}it is unknown/s);
    expect(deployment.saved?.state).toMatchObject({ status: "unknown" });
    expectCalls(await deployment.up(declared(title, "finished")), "journey.finish");
    await deployment.close();
  });

  test("the answer to the pause of an edit lost: started again first, since only an answer shows what others did", async () => {
    const { deployment, title } = await prepared(["running"]);
    emulator.behind.journey(title).edit(({ params }) => Object.assign(params, { theirs: 1 }));
    emulator.fault({ kind: "drop-after", endpoint: "journey.pause", title });
    const run = await deployment.up(edited(declared(title, "running")));
    expect(run.error?.message).toMatch(/^edited-outside: .*params\.theirs/);
    expect(run.calls).toEqual(["journey.pause", "journey.pause", "journey.start"]);
    expect(live(title)).toBe("STATUS_RUNNING");
    await deployment.close();
  });

  test("a delete: what was finished or archived by a call whose answer was lost is not an error", async () => {
    for (const endpoint of ["journey.finish", "journey.archive"]) {
      for (const times of [1, 2]) {
        const { deployment, title } = await prepared(["running"]);
        emulator.fault({ kind: "drop-after", endpoint, title, times });
        const first = await deployment.destroy();
        if (times === 2) {
          expect(first.error?.code).toBe("outcome-unknown");
          const second = await deployment.destroy();
          expect(second.error?.message).toBeUndefined();
          if (endpoint === "journey.archive") expect(second.calls).toEqual(["journey.archive"]);
        } else expect(first.error?.message).toBeUndefined();
        expect(live(title)).toBe("STATUS_ARCHIVED");
        await deployment.close();
      }
    }
  });
});
