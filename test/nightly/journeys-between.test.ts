/** Somebody else acts between any two calls, and after a kill at any point: on every platform the documentation allows. */
import { afterAll, beforeAll, describe, test, vi } from "vitest";
import type { PushwooshSwitches } from "../../provider/emulator";
import { disturbedOperations, expectRespect, expectRespectAfterDeath } from "../unit/pushwoosh/journey/between";
import { expectAll } from "../unit/pushwoosh/journey/disturbed";

beforeAll(() => void vi.useFakeTimers({ toFake: ["Date"], now: Date.now() }));
afterAll(() => void vi.useRealTimers());
const onList = () => void vi.setSystemTime(Date.now() + 11_000);

const LONG = 1_800_000;

/** Not `transitions: "permissive"`: where a pause of what somebody paused is accepted, nothing shows theirs. */
const platforms: PushwooshSwitches[] = [
  {},
  { putStatus: "draft" },
  { pointIds: "rewritten" },
  { unpopulated: "emitted" },
  { timestamps: "rewritten" },
  { listLagCalls: 2 },
  { listStatus: "legacy" },
];

describe.each(platforms)("%o", (switches) => {
  test.each([false, true])("at every gap, list %s", { timeout: LONG }, async (list) => {
    await expectAll(disturbedOperations, (operation) =>
      expectRespect(operation, { list, switches, onList }, new Map()),
    );
  });

  test.each([
    { list: false, records: "kept" },
    { list: true, records: "kept" },
    { list: true, records: "lost" },
  ] as const)("after a kill at any point, list $list, records $records", { timeout: LONG }, async (ground) => {
    await expectAll(disturbedOperations, async (operation) => {
      await expectRespectAfterDeath(operation, { ...ground, switches, onList }, new Map());
    });
  });

  test("after a kill at any point of an edit, records lost, list off", { timeout: LONG }, async () => {
    const editing = disturbedOperations.filter(({ creates }) => !creates);
    await expectAll(editing, async (operation) => {
      await expectRespectAfterDeath(operation, { list: false, records: "lost", switches }, new Map());
    });
  });
});
