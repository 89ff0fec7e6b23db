/**
 * An operation that is disturbed, and what has to hold of it afterwards: at most two further runs bring it about, or it
 * stops and says what to do, which then does bring it about; nothing exists twice; nothing is left paused.
 */
import { rmSync } from "node:fs";
import { expect } from "vitest";
import type { ErrorCode, JourneysError } from "../../../../provider/core/errors";
import type { JourneyInputs } from "../../../../provider/pushwoosh/journey/inputs";
import type { Deployment, Run } from "./deployment";
import { expectLive } from "./live";
import type { Operation } from "./operations";

const FURTHER_RUNS = 2;

/**
 * `first` is the disturbed run (undefined: it was killed), `later` what the program declares afterwards. Returns how each run ended.
 * `mayStop`: what is declared may be out of reach by then.
 */
export async function expectRecovery(
  deployment: Deployment,
  operation: Operation,
  title: string,
  about: string,
  first: () => Promise<Run | undefined>,
  later = operation.inputs(title),
  mayStop = false,
): Promise<(ErrorCode | "ok" | "killed")[]> {
  const disturbed = await first();
  const codes: (ErrorCode | "ok" | "killed")[] = [disturbed ? (disturbed.error?.code ?? "ok") : "killed"];
  let last: JourneysError | undefined;
  for (let run = 0; run < FURTHER_RUNS; run++) {
    last = (await once(deployment, operation, later)).error;
    codes.push(last?.code ?? "ok");
    if (!last) break;
  }
  const story = `${about}: ${codes.join(", ")}${last ? `\n${last.message}` : ""}`;
  if (last) await expectAdviceToHelp(deployment, operation, title, later, last, story, mayStop);
  else await expectDone(deployment, operation, title, later, story);
  return codes;
}

export function once(deployment: Deployment, { refresh }: Operation, inputs: JourneyInputs | undefined): Promise<Run> {
  if (refresh) return deployment.refresh();
  return inputs ? deployment.up(inputs) : deployment.destroy();
}

async function expectDone(
  deployment: Deployment,
  { creates }: Operation,
  title: string,
  inputs: JourneyInputs | undefined,
  story: string,
): Promise<void> {
  const { emulator, saved } = deployment;
  const titled = emulator.pushwoosh.journeys(title);
  const alive = titled.filter(({ status }) => status !== "STATUS_ARCHIVED");
  expect(titled.length, `${story}: nothing twice`).toBeLessThanOrEqual(creates === "a second" ? 2 : 1);
  const lost = inputs && alive.filter(({ id }) => id !== saved?.id && isSaidToBeLost(deployment, inputs, id));
  expect(alive.length - (lost?.length ?? 0), `${story}: alive`).toBe(inputs ? 1 : 0);
  if (!inputs) return;
  expectLive(emulator, saved!, inputs, story);
  const { status } = emulator.pushwoosh.journey(saved!.id);
  // A platform that refuses a pause for no reason of its state leaves us assuming what it isn't, and saying so.
  if (saved!.state.statusSource === "assumed" && inputs.status === "paused") return;
  expect(status, `${story}: state on the platform`).toBe(`STATUS_${(inputs.status ?? "draft").toUpperCase()}`);
  const again = await deployment.up(inputs);
  expect(
    [again.error?.message, again.verb, again.calls.filter((call) => call !== "journey.list")],
    `${story}: once more`,
  ).toEqual([undefined, "none", []]);
}

/** A new journey whose replacement was reverted after a kill belongs to nobody; every preview says so. */
function isSaidToBeLost(deployment: Deployment, inputs: JourneyInputs, id: string): boolean {
  const preview = deployment.preview(inputs);
  return (
    "warnings" in preview && preview.warnings.some((text) => text.includes(id) || text.includes("may have created"))
  );
}

/** What an error says is to be done is done; then it works. */
async function expectAdviceToHelp(
  deployment: Deployment,
  operation: Operation,
  title: string,
  inputs: JourneyInputs | undefined,
  error: JourneysError,
  story: string,
  stops: boolean,
): Promise<void> {
  const { next = "" } = error.parts;
  if (!inputs) {
    expect(next, story).toContain("`pulumi state delete`");
    deployment.saved = undefined;
    return expectDone(deployment, operation, title, inputs, `${story}\nafter the advice was followed`);
  }
  if (stops && (error.code === "illegal-move" || (error.code === "consent-needed" && !next.includes("adoptStatus"))))
    return;
  const advised = { ...inputs! };
  const found = deployment.emulator.pushwoosh.journeys(title).find(({ id }) => id !== deployment.saved?.id);
  const own = deployment.saved && deployment.emulator.pushwoosh.journey(deployment.saved.id);
  const meant = error.code === "create-unresolved" || error.code === "already-exists" ? found : own;
  const adoptStatus = meant?.status.replace("STATUS_", "").toLowerCase() as JourneyInputs["adoptStatus"];
  if (error.code === "already-exists") {
    expect(next, story).toContain(`adoptId: "${found?.id}"`);
    Object.assign(advised, { adoptId: found!.id, adoptStatus });
  } else if (error.code === "create-unresolved") {
    const [, path] = /delete the record (\S+) and run/.exec(next) ?? [];
    expect(path, story).toBeDefined();
    if (found) Object.assign(advised, { adoptId: found.id, adoptStatus });
    else rmSync(path!);
  } else if (next.includes("pointIds")) {
    const points = deployment.emulator.pushwoosh.journey(deployment.saved!.id).points;
    const names = Object.keys(inputs!.points);
    Object.assign(advised, {
      pointIds: Object.fromEntries(points.map(({ uuid }, index) => [names[index], uuid])),
      adoptStatus,
    });
  } else {
    expect(next, story).toContain("adoptStatus");
    Object.assign(advised, { adoptStatus });
  }
  if (inputs!.adoptStatus && inputs!.adoptStatus === adoptStatus)
    await deployment.up({ ...advised, adoptStatus: undefined });
  let run = await deployment.up(advised);
  for (let more = 0; more < 2 && (run.error || run.verb !== "none"); more++) run = await deployment.up(advised);
  // What is irreversible may have been done by then: that is said, and nothing is sent.
  if (stops && (run.error?.code === "illegal-move" || run.error?.code === "consent-needed")) {
    expect(
      run.calls.filter((call) => call !== "journey.list"),
      story,
    ).toEqual([]);
    return;
  }
  expect(run.error?.message, `${story}\nafter the advice was followed`).toBeUndefined();
  await expectDone(deployment, operation, title, advised, `${story}\nafter the advice was followed`);
}
