/** `journeys emulate`: both platforms on this machine, until it is stopped. */
import { Command, InvalidArgumentError, Option } from "commander";
import {
  type Emulator,
  type EmulatorOptions,
  type EngagelabAccount,
  type Fault,
  parseFault,
  parseSwitch,
  startEmulator,
  switches,
} from "../emulator";

interface Flags {
  port?: number;
  persist?: string;
  seed?: number;
  token?: string[];
  account?: EngagelabAccount[];
  fault?: Fault[];
  [name: string]: unknown;
}

export function emulateCommand(): Command {
  const command = new Command("emulate")
    .description("Runs an emulator of Pushwoosh and EngageLab on 127.0.0.1: stateful, with faults on demand.")
    .option("--port <number>", "port on 127.0.0.1 (default: a free one)", wholeNumber)
    .option("--persist <file>", "keep the state in a file over restarts")
    .option("--seed <number>", "seed of ids and sample figures", wholeNumber)
    .option("--token <token...>", "Pushwoosh tokens that are accepted (default: any)")
    .option(
      "--account <text>",
      "an EngageLab credential that is accepted (default: any), such as user:key,list=40001,region=sg; repeatable",
      collectAccount,
    )
    .option(
      "--fault <text>",
      "a fault to run into, such as kind=500-after,endpoint=journey.create,times=1; repeatable",
      collectFault,
    );
  for (const { name, description, values, default: preset } of switches) {
    const taken = values === "whole number" ? "a whole number" : values.join(", ");
    command.addOption(new Option(`--${name} <value>`, `${description} (${taken}; default: ${preset})`));
  }
  return command.action(run);
}

/** The emulator the flags ask for. @throws Error for a switch that doesn't take its value */
export function optionsOf(command: Command): EmulatorOptions {
  const flags = command.opts<Flags>();
  const options: EmulatorOptions & Record<string, unknown> = {
    port: flags.port,
    persist: flags.persist,
    seed: flags.seed,
    tokens: flags.token,
    accounts: flags.account,
  };
  for (const { name } of switches) {
    const given = command.getOptionValue(camel(name));
    if (given === undefined) continue;
    const { platform, option, value } = parseSwitch(name, String(given));
    options[platform] = { ...(options[platform] as object | undefined), [option]: value };
  }
  return options;
}

const addresses = ["journeys:pushwooshJourneyUrl", "journeys:pushwooshApiUrl", "journeys:engagelabUrl"];

/** What is printed once it runs: where it is, and how a stack gets there. */
export function greeting({ url, seed, config }: Emulator): string {
  const settings = addresses.map((key) => `  pulumi config set ${key} ${config[key]}\n`);
  return `Emulating Pushwoosh and EngageLab on ${url} (seed ${seed}). Ctrl-C stops it.\n${settings.join("")}`;
}

async function run(_: unknown, command: Command): Promise<void> {
  const emulator = await startEmulator(optionsOf(command));
  for (const fault of command.opts<Flags>().fault ?? []) emulator.fault(fault);
  process.stdout.write(greeting(emulator));
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  await emulator.close();
}

function camel(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError("not a whole number");
  return value;
}

function collectFault(text: string, previous: Fault[] = []): Fault[] {
  try {
    return [...previous, parseFault(text)];
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function collectAccount(text: string, previous: EngagelabAccount[] = []): EngagelabAccount[] {
  const [, apiUser = "", apiKey = "", list = "40001", region = "sg"] =
    /^([^:,]+):([^,]+)(?:,list=(\d+))?(?:,region=(sg|tr))?$/.exec(text) ?? [];
  if (!apiUser) throw new InvalidArgumentError("It must be of the form user:key,list=40001,region=sg or tr.");
  return [...previous, { apiUser, apiKey, listId: Number(list), region: region as EngagelabAccount["region"] }];
}
