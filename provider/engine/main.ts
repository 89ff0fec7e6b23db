/**
 * One operation as a process of its own, for tests that kill it: every event is one line of JSON on stdout.
 *
 *     node dist/engine/main.js up --program DIR --state FILE [--config KEY=VALUE]… [--secret KEY=VALUE]…
 *         [--project NAME] [--stack NAME] [--parallel N]
 *
 * The passphrase comes from PULUMI_CONFIG_PASSPHRASE. With PULUMI_JOURNEYS_ENGINE_STOP=after-answer:3 the process kills itself
 * (SIGKILL) between the answer to the third changing call and its save; `before-call` and `after-save` are the other points.
 * Exit code: 0 if the operation succeeded, 1 if it failed, 2 if it could not start.
 */
import { parseArgs } from "node:util";
import type { EngineEvent, Operation } from "./events.js";
import { messageOf, type StopPoint } from "./run.js";
import { Stack } from "./stack.js";

const operations: readonly Operation[] = ["preview", "up", "refresh", "destroy"];

async function main(): Promise<number> {
  const { operation, program, state, config, ...rest } = readArguments();
  const stopAt = readStopPoint(process.env.PULUMI_JOURNEYS_ENGINE_STOP);
  const stack = await Stack.create({
    ...rest,
    program: { folder: program },
    stateFile: state,
    config,
    onEvent: print,
    ...(stopAt ? { stopAt } : {}),
  });
  process.on("SIGTERM", () => stack.cancel());
  try {
    const { ok } = await stack[operation]();
    return ok ? 0 : 1;
  } finally {
    await stack.close();
  }
}

function readArguments() {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      program: { type: "string" },
      state: { type: "string" },
      config: { type: "string", multiple: true, default: [] },
      secret: { type: "string", multiple: true, default: [] },
      project: { type: "string" },
      stack: { type: "string" },
      parallel: { type: "string" },
    },
  });
  const operation = operations.find((known) => known === positionals[0]);
  const { program, state, project, stack, parallel } = values;
  if (!operation || !program || !state)
    throw new Error("Usage: main.js preview|up|refresh|destroy --program DIR --state FILE [--config KEY=VALUE]…");
  const config = Object.fromEntries(
    [
      ...values.config.map((pair) => [...splitPair(pair), false] as const),
      ...values.secret.map((pair) => [...splitPair(pair), true] as const),
    ].map(([key, value, secret]) => [key, { value, secret }]),
  );
  return {
    operation,
    program,
    state,
    config,
    ...(project ? { project } : {}),
    ...(stack ? { stack } : {}),
    ...(parallel ? { parallel: Number(parallel) } : {}),
  };
}

function splitPair(pair: string): [key: string, value: string] {
  const at = pair.indexOf("=");
  if (at < 1) throw new Error(`"${pair}" is not of the form KEY=VALUE.`);
  return [pair.slice(0, at), pair.slice(at + 1)];
}

function readStopPoint(text: string | undefined): StopPoint | undefined {
  if (!text) return undefined;
  const [, when, count] = /^(before-call|after-answer|after-save):(\d+)$/.exec(text) ?? [];
  if (!when) throw new Error(`PULUMI_JOURNEYS_ENGINE_STOP is "${text}"; it must be like "after-answer:1".`);
  return { when: when as StopPoint["when"], count: Number(count) };
}

/** Values of secret outputs stay out of what is printed. */
function print(event: EngineEvent): void {
  const line = JSON.stringify(event, (_, value) => (value?.secret === true ? { ...value, value: "[secret]" } : value));
  process.stdout.write(`${line}\n`);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 2;
  },
);
