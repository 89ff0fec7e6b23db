/** The disk becomes full at any write of a record: nothing is sent unnoted, nothing answered is lost, nothing stays paused. */
import type { appendFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { expectRecovery, once } from "./attempt";
import { Deployment } from "./deployment";
import { type QuickEmulator, startQuickEmulator } from "./disturbed";
import { type Operation, operations } from "./operations";

/** Writes still possible, and how many fail after them. */
const disk = vi.hoisted(() => ({ room: Number.POSITIVE_INFINITY, failing: 0, failed: 0 }));

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return {
    ...fs,
    appendFileSync: ((...args) => {
      if (disk.room-- > 0 || disk.failing-- <= 0) return fs.appendFileSync(...args);
      disk.failed += 1;
      fs.appendFileSync(args[0], String(args[1]).slice(0, 9));
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    }) as typeof appendFileSync,
  };
});

let quick: QuickEmulator;
beforeAll(async () => {
  quick = await startQuickEmulator();
});
afterAll(() => quick.close());

let serial = 0;

/** Returns whether the operation came as far as that write. */
async function fillAt(operation: Operation, write: number, failing: number): Promise<boolean> {
  const title = `disk ${serial++}`;
  const deployment = new Deployment(quick.emulator);
  await operation.prepare(deployment, title);
  const about = `${operation.name}: ${failing} writes fail from write ${write} on`;
  const writesBefore = quick.emulator.writes();
  Object.assign(disk, { room: write, failing, failed: 0 });
  const run = await once(deployment, operation, operation.inputs(title));
  const { failed } = disk;
  Object.assign(disk, { room: Number.POSITIVE_INFINITY, failing: 0 });
  if (failed > 0) {
    if (write === 0) expect(quick.emulator.writes(), `${about}: sent without a note`).toBe(writesBefore);
    const ours = deployment.saved && quick.emulator.pushwoosh.journey(deployment.saved.id);
    const declared = operation.inputs(title)?.status;
    const before = operation.before?.(title).status;
    if (declared !== "paused" && before !== "paused")
      expect(ours?.status, `${about}: ${run.error?.message}`).not.toBe("STATUS_PAUSED");
    await expectRecovery(deployment, operation, title, about, async () => run);
  }
  await deployment.close();
  return failed > 0;
}

const writing = operations.filter(({ calls }) => !calls.includes("journey.statistics"));

test.each([1, Number.POSITIVE_INFINITY])("%d writes fail, from any write on", async (failing) => {
  let cases = 0;
  for (const operation of writing) {
    for (let write = 0; await fillAt(operation, write, failing); write++) cases += 1;
  }
  expect(cases).toBeGreaterThan(80);
});

test("what a killed run left paused is started again even where no note can be made of it", async () => {
  const operation = operations.find(({ name }) => name === "edit while running")!;
  const title = `disk ${serial++}`;
  const deployment = new Deployment(quick.emulator);
  await operation.prepare(deployment, title);
  const { id } = deployment.saved!;
  for (
    let at = 0, point: string | undefined = "";
    quick.emulator.pushwoosh.journey(id).status !== "STATUS_PAUSED";
    at++
  ) {
    point = await deployment.killed(at, () => deployment.up(operation.inputs(title)!));
    expect(point).toBeDefined();
  }
  Object.assign(disk, { room: 0, failing: Number.POSITIVE_INFINITY });
  const run = await deployment.up(operation.inputs(title)!);
  Object.assign(disk, { room: Number.POSITIVE_INFINITY, failing: 0 });
  expect(run.calls).toEqual(["journey.start"]);
  expect(run.error?.message).toMatch(
    /^records-unusable: journey .*ENOSPC[\s\S]*now: +it is running; its definition was not replaced/,
  );
  await expectRecovery(deployment, operation, title, "a full disk after a kill", async () => run);
  await deployment.close();
});
