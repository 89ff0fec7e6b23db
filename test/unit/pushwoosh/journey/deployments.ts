/** Deployments of one test on one emulator, closed after it. */
import { afterEach, beforeEach } from "vitest";
import { type Emulator, startEmulator } from "../../../../provider/emulator";
import { Deployment } from "./deployment";

export let emulator: Emulator;
/** The one begun last. */
export let deployment: Deployment;
const open: Deployment[] = [];

export function startBeforeEach(): void {
  beforeEach(async () => {
    emulator = await startEmulator();
    begin();
  });
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
    await emulator.close();
  });
}

/** One more, with a record folder of its own. */
export function begin(): void {
  deployment = new Deployment(emulator);
  open.push(deployment);
}
