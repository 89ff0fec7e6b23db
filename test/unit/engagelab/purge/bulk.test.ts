import { afterEach, expect, test } from "vitest";
import { ofAddresses } from "../../../../provider/engagelab/api/condition";
import { purgeInBulk } from "../../../../provider/engagelab/purge/bulk";
import { findMatching } from "../../../../provider/engagelab/purge/find";
import { type Bench, errorOf, startBench } from "../bench";

let bench: Bench;
afterEach(() => bench.close());

const condition = ofAddresses(["p0@example.com", "p1@example.com"], "==");

async function begin(options: Parameters<typeof startBench>[0] = {}) {
  bench = await startBench(options);
  bench.emulator.engagelab.seed([0, 1, 2].map((index) => ({ email: `p${index}@example.com` })));
  const context = bench.context("purge");
  return { context, found: await findMatching(condition, context) };
}

test("a delete that never arrived is told, not repeated", async () => {
  const { context, found } = await begin();
  bench.emulator.fault({ kind: "drop-before", endpoint: "contact.deleteByCondition" });
  const error = await errorOf(purgeInBulk(condition, found, false, context));
  expect(error.code).toBe("outcome-unknown");
  expect(error.message).toMatch(
    /2 of 2 contacts are still listed .*\n.*\n.*--confirm-count 2, without --bulk-endpoint/,
  );
  expect(bench.emulator.requests({ endpoint: "contact.deleteByCondition" })).toBe(1);
});

test("a list that lags behind is asked again", async () => {
  const { context, found } = await begin({ engagelab: { lagCalls: 3 } });
  expect(found.matching).toHaveLength(2);
  expect(await purgeInBulk(condition, found, false, context)).toBe(2);
});

test("a run that is over begins no delete", async () => {
  const { context, found } = await begin();
  const over = { ...context, signal: AbortSignal.abort() };
  expect((await errorOf(purgeInBulk(condition, found, false, over))).code).toBe("engine-gone");
  expect(bench.emulator.engagelab.count()).toBe(3);
});

test.each(["403", "429"] as const)("a count that fails afterwards (%s) says that the delete was made", async (kind) => {
  const { context, found } = await begin();
  bench.emulator.on("after", { endpoint: "contact.deleteByCondition" }, () => {
    bench.emulator.fault({ kind, retryAfter: 3600, endpoint: "contact.list", times: Number.POSITIVE_INFINITY });
  });
  const error = await errorOf(purgeInBulk(condition, found, false, context));
  expect(error.code).toBe("outcome-unknown");
  expect(error.message).toMatch(/could not be listed: .*\n.*says that it deleted them\n.*without --confirm-count/);
  expect(bench.emulator.engagelab.count()).toBe(1);
});
