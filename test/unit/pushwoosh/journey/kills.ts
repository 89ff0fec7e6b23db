/** A process that dies at any point of an operation, and the runs after it. */
import type { Emulator } from "../../../../provider/emulator";
import { expectRecovery, once } from "./attempt";
import { Deployment } from "./deployment";
import { expectAll } from "./disturbed";
import type { Operation } from "./operations";

export interface KillCase {
  operation: Operation;
  list: boolean;
  /** Whether the record folder survives. */
  records: "kept" | "lost";
  /** Whether the program still declares what the killed run was to bring about. */
  commit: "kept" | "reverted";
}

let serial = 0;

/** Every point at which the process may die, one after the other. Returns how many there were. */
export async function expectToSurvive(
  emulator: Emulator,
  { operation, list, records, commit }: KillCase,
): Promise<number> {
  for (let at = 0; ; at++) {
    const title = `kill ${serial++}`;
    const deployment = new Deployment(emulator, { settings: { pushwooshUseUndocumentedList: String(list) } });
    await operation.prepare(deployment, title);
    const point = await deployment.killed(at, () => once(deployment, operation, operation.inputs(title)));
    if (point === undefined) {
      await deployment.close();
      return at;
    }
    const about = `${operation.name}, list ${list ? "on" : "off"}, records ${records}, commit ${commit}: killed ${point}`;
    if (records === "lost") deployment.loseRecords();
    const mayStop = commit === "reverted" || records === "lost";
    const later = commit === "kept" ? operation.inputs(title) : operation.before!(title);
    await expectRecovery(deployment, operation, title, about, async () => undefined, later, mayStop);
    await deployment.close();
  }
}

/** All operations at once; how many points there were. A reverted commit says nothing of what was not there before. */
export async function expectAllToSurvive(
  emulator: Emulator,
  operations: readonly Operation[],
  each: Omit<KillCase, "operation">,
): Promise<number> {
  const cases = operations.filter(({ before }) => each.commit === "kept" || before);
  let points = 0;
  await expectAll(cases, async (operation) => {
    const count = await expectToSurvive(emulator, { operation, ...each });
    points += count;
  });
  return points;
}
