/**
 * The main job, end to end: a real Pulumi program, the real dynamic-provider process and real HTTP, against the emulator.
 * `npm run demo [-- --engine auto|local|pulumi]`. Exits with 1 if anything is not as it should be.
 */
import { parseArgs } from "node:util";
import { type Emulator, startEmulator } from "pulumi-journeys/emulator";
import {
  display,
  type EngineEvent,
  type OperationResult,
  type StackEngine,
  selectEngine,
} from "pulumi-journeys/testing";
import { stage } from "./stage.mts";

const { values: flags } = parseArgs({ options: { engine: { type: "string", default: "local" } } });
const engines = ["auto", "local", "pulumi"] as const;
const choice = engines.find((name) => name === flags.engine);
if (!choice) throw new Error(`--engine takes ${engines.join(", ")}`);

const started = Date.now();
const findings: { text: string; ok: boolean }[] = [];

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function expect(text: string, ok: boolean): void {
  findings.push({ text, ok });
  say(`  ${ok ? "✓" : "✗ NOT AS EXPECTED:"} ${text}`);
}

/** A line for whatever takes over a second. */
async function waiting<T>(text: string, work: Promise<T>): Promise<T> {
  const timer = setInterval(() => say(`  … ${text}`), 5000);
  const first = setTimeout(() => say(`  … ${text}`), 1000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    clearTimeout(first);
  }
}

function describeCalls(emulator: Emulator, since: number): string[] {
  return emulator.journal
    .slice(since)
    .map(({ endpoint, method, path, status }) => `${endpoint.padEnd(18)} ${method} ${path} → ${status ?? "no answer"}`);
}

const engine = await selectEngine(choice);
const emulator = await startEmulator({ pushwoosh: { list: "on" }, seed: 7 });
const example = stage("welcome-series");
let stack: StackEngine | undefined;

interface Act {
  result: OperationResult;
  calls: string[];
  /** Names of the calls, without reads. */
  writes: string[];
}

/** One operation, told as it goes, with the calls it made beside it. */
async function act(title: string, operation: "preview" | "up" | "refresh" | "destroy"): Promise<Act> {
  say(`\n── ${title}`);
  const since = emulator.journal.length;
  const result = await waiting(`${operation} is running`, stack![operation]());
  const calls = describeCalls(emulator, since);
  say(calls.length ? `  calls made:\n${calls.map((call) => `    ${call}`).join("\n")}` : "  calls made: none");
  const writes = emulator.journal
    .slice(since)
    .filter(({ method }) => method !== "GET")
    .map(({ endpoint }) => endpoint);
  return { result, calls, writes };
}

const inStdout = ({ result }: Act, text: string) => result.messages.some((line) => line.includes(text));
const failedWith = ({ result }: Act, text: string) => !result.ok && JSON.stringify(result.diagnostics).includes(text);
const live = () => emulator.pushwoosh.journeys().find(({ status }) => status !== "STATUS_ARCHIVED");

try {
  say(`pulumi-journeys demo. ${engine.notice}`);
  say(`Emulator of Pushwoosh on ${emulator.url}; nothing leaves this machine.`);
  const show = display(process.stdout);
  stack = await engine.create({
    program: { folder: example.folder },
    stack: "demo",
    config: {
      applicationCode: "DEMO0-00001",
      segment: "SEGME-00001",
      "journeys:pushwooshApiToken": { value: "demo-token", secret: true },
      "journeys:pushwooshJourneyUrl": emulator.url,
      "journeys:pushwooshUseUndocumentedList": true,
    },
    onEvent: (event: EngineEvent) => show(event),
  });

  const preview = await act("Preview: what would happen", "preview");
  expect("the preview makes no call", preview.result.ok && preview.calls.length === 0);

  const first = await act("Up: create the journey and start it", "up");
  expect("one create, one start", first.result.ok && first.writes.join() === "journey.create,journey.start");
  expect("the journey runs", live()?.status === "STATUS_RUNNING");

  const again = await act("Up again", "up");
  expect("a second up changes nothing", again.result.ok && again.writes.length === 0 && again.result.changed === 0);

  const ids = JSON.stringify(live()?.points.map(({ uuid }) => uuid));
  example.edit("index.ts", "Hello! Good to have you here.", "Hello! Lovely to have you here.");
  const seen = await act("Edit the push while the journey runs: preview", "preview");
  const changed = seen.result.steps.find(({ name }) => name === "welcome")?.changes ?? [];
  expect("the preview shows one changed value", changed.length === 1);
  expect(
    "and three steps: pause, replace definition, start",
    ["pause", "replace definition", "start"].every((step) => inStdout(seen, step)),
  );
  expect("and makes no call", seen.calls.length === 0);
  const edited = await act("Apply the edit", "up");
  expect("pause, replace, start; nothing else", edited.writes.join() === "journey.pause,journey.update,journey.start");
  expect("every point kept its id", ids === JSON.stringify(live()?.points.map(({ uuid }) => uuid)));

  emulator.behind.journey("Welcome series").pause();
  const refreshed = await act("Somebody pauses it in the builder: refresh", "refresh");
  expect(
    "the refresh shows the pause and writes nothing",
    refreshed.result.changed === 1 && refreshed.writes.length === 0,
  );
  const resumed = await act("Up restores the declared state", "up");
  expect("one start", resumed.result.ok && resumed.writes.join() === "journey.start");

  emulator.behind.journey("Welcome series").edit((journey) => {
    const point = journey.points.find(({ point_type }) => point_type === "POINT_TYPE_SEND_PUSH");
    if (point) point.point_data = { send_push: { content: { en: "A marketer's better words" } } };
  });
  example.edit("index.ts", "Did you miss our hello?", "Did you miss our first hello?");
  const refused = await act("Somebody edits the push in the builder; meanwhile the program changes the e-mail", "up");
  expect(
    "the outside edit is seen and nothing is replaced",
    failedWith(refused, "edited-outside") && !refused.writes.includes("journey.update"),
  );
  expect("the journey runs on", live()?.status === "STATUS_RUNNING");
  example.edit("index.ts", 'status: "running",', 'status: "running",\n  overwriteOutsideEdits: true,');
  const overwritten = await act("With consent: overwriteOutsideEdits", "up");
  expect(
    "now it is replaced",
    overwritten.result.ok && overwritten.writes.join() === "journey.pause,journey.update,journey.start",
  );
  example.edit("index.ts", "\n  overwriteOutsideEdits: true,", "");

  example.edit("index.ts", 'status: "running"', 'status: "draft"');
  const illegal = await act("An illegal move: back to draft", "up");
  expect("refused before any call", failedWith(illegal, "illegal-move") && illegal.writes.length === 0);
  example.edit("index.ts", 'status: "draft"', 'status: "running"');

  const kept = await act("Destroy without consent", "destroy");
  expect(
    "refused: a journey that ran needs forceDestroy",
    failedWith(kept, "forceDestroy") && kept.writes.length === 0,
  );
  example.edit("index.ts", 'status: "running",', 'status: "running",\n  forceDestroy: true,');
  const consent = await act("Consent gets into the state first", "up");
  expect("without any call", consent.result.ok && consent.writes.length === 0);
  const destroyed = await act("Destroy", "destroy");
  expect("finish, then archive", destroyed.result.ok && destroyed.writes.join() === "journey.finish,journey.archive");
  expect("nothing is left", live() === undefined);
} finally {
  await stack?.close();
  await emulator.close();
  example.remove();
}

const failed = findings.filter(({ ok }) => !ok);
say(
  `\n${findings.length - failed.length} of ${findings.length} expectations met in ${((Date.now() - started) / 1000).toFixed(0)} s, ${engine.notice}`,
);
for (const { text } of failed) say(`  ✗ ${text}`);
process.exitCode = failed.length ? 1 : 0;
