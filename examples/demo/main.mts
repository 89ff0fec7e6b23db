/**
 * The main jobs, end to end: real Pulumi programs, the real dynamic-provider process and real HTTP, against the emulator.
 * `npm run demo [-- --engine auto|local|pulumi]`. Exits with 1 if anything is not as it should be, with 2 if it can't begin;
 * leaves nothing behind.
 */
import { parseArgs } from "node:util";
import { type Engine, selectEngine } from "pulumi-journeys/testing";
import { contacts } from "./contacts.mts";
import { journeys } from "./journeys.mts";
import { people } from "./people.mts";
import { sets } from "./sets.mts";
import { say } from "./telling.mts";

async function chosenEngine(): Promise<Engine> {
  const { values } = parseArgs({ options: { engine: { type: "string", default: "local" } } });
  const choice = (["auto", "local", "pulumi"] as const).find((name) => name === values.engine);
  if (choice) return selectEngine(choice);
  throw new Error(
    `There is no engine "${values.engine}". --engine takes local, pulumi (the Pulumi CLI) or auto (the CLI if there is one, else local).`,
  );
}

const started = Date.now();
const engine = await chosenEngine().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
});
say(`pulumi-journeys demo. ${engine.notice} Both platforms are emulated: nothing leaves this machine.`);

const findings: Awaited<ReturnType<typeof journeys>> = [];
for (const part of [journeys, people, contacts, sets]) findings.push(...(await part(engine)));
const failed = findings.filter(({ ok }) => !ok);
const seconds = ((Date.now() - started) / 1000).toFixed(0);
say(`\n${findings.length - failed.length} of ${findings.length} expectations met in ${seconds} s. ${engine.notice}`);
for (const { text } of failed) say(`  ✗ ${text}`);
process.exitCode = failed.length ? 1 : 0;
