import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { bootId } from "../../../../provider/core/process";
import { type Header, OperationRecord, type RecordedStep } from "../../../../provider/core/record";
import { Ahead } from "../../../../provider/pushwoosh/entry/ahead";
import { ANNOUNCED, ENTER, type Part, PLANNED, replay } from "../../../../provider/pushwoosh/entry/parts";

describe("notes before calls", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
  afterEach(() => void vi.useRealTimers());

  /** What was written while all parts were sent: `flush` where the disk was waited for. */
  async function notes(places: number[], flushMs: number, callMs: number): Promise<string[]> {
    const written: string[] = [];
    const noted = (step: string, data: object) => void written.push(`${step} ${Object.values(data)}`);
    const record = {
      begin: async (step: string, data: object) => {
        noted(step, data);
        vi.advanceTimersByTime(flushMs);
        written.push("flush");
      },
      end: async () => {},
      note: noted,
    };
    const ahead = new Ahead(record as unknown as OperationRecord, places);
    for (const at of places.keys()) {
      await ahead.begin(at);
      written.push(`call ${places[at]}`);
      vi.advanceTimersByTime(callMs);
    }
    return written;
  }

  test("calls over a network: a flush for each", async () => {
    const each = [0, 1, 2].flatMap((part) => [`${ENTER} ${part}`, "flush", `call ${part}`]);
    expect(await notes([0, 1, 2], 5, 100)).toEqual(each);
  });

  test("calls faster than the disk: several parts are announced with one flush, each still noted before its call", async () => {
    const written = await notes([0, 1, 3, 4, 6, 7], 0.4, 1);
    expect(written).toEqual([
      ...[`${ENTER} 0`, "flush", "call 0"],
      ...[`${ANNOUNCED} 1,3,4,6`, "flush"],
      ...[1, 3, 4, 6].flatMap((part) => [`${ENTER} ${part}`, `call ${part}`]),
      ...[`${ENTER} 7`, "flush", "call 7"],
    ]);
  });

  test("never more than a hundred ahead, and never one that isn't there", async () => {
    const written = await notes([...Array(150).keys()], 1000, 1);
    const announced = written.filter((line) => line.startsWith(ANNOUNCED)).map((line) => line.split(",").length);
    expect(announced).toEqual([100, 49]);
  });
});

describe("what a record says when it is read again", () => {
  const unsent = (start: number): Part => ({ start, people: 1, digest: "", outcome: "unsent" });
  const parts = [0, 1, 2, 3, 4].map(unsent);
  const step = (name: string, data: object, outcome?: RecordedStep["outcome"]): RecordedStep => ({
    step: name,
    time: "2026-01-01T00:00:00.000Z",
    data: data as RecordedStep["data"],
    ...(outcome && { outcome }),
  });
  const steps = [
    step(PLANNED, { parts }, "answered"),
    step(ENTER, { part: 0, requestId: "r0" }, "answered"),
    step(ANNOUNCED, { parts: [1, 2, 3] }, "answered"),
    step(ENTER, { part: 1, requestId: "r1" }, "answered"),
    step(ENTER, { part: 2 }),
  ];
  const outcomes = (boot: string, done = false, then: RecordedStep[] = []) => {
    const record = new OperationRecord({ boot } as Header, structuredClone([...steps, ...then]), done, "");
    return replay([], [record]).map(({ outcome }) => outcome);
  };

  test.runIf(bootId())("the process was killed: only the call under way is unknown", () => {
    expect(outcomes(bootId())).toEqual(["accepted", "accepted", "unknown", "unsent", "unsent"]);
  });

  test("the machine went down: what was announced and is not noted may have been sent", () => {
    const expected = ["accepted", "accepted", "unknown", "unknown", "unsent"];
    expect(outcomes("another")).toEqual(expected);
    expect(outcomes("")).toEqual(expected);
  });

  test("the operation came to its end: nothing was lost", () => {
    expect(outcomes("another", true)).toEqual(["accepted", "accepted", "unknown", "unsent", "unsent"]);
  });

  test("a part that was refused was not sent, whatever became of the machine", () => {
    expect(outcomes("another", false, [step(ENTER, { part: 3 }, "refused")])[3]).toBe("unsent");
  });
});
