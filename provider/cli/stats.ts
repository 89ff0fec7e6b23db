/** `journeys stats <journey>`: what a journey's messages did. */
import { Command, InvalidArgumentError, Option } from "commander";
import { JourneysError } from "../core/errors";
import type { PushwooshClient } from "../pushwoosh/api/client";
import { getJourneyReport, listJourneys, openClient } from "../pushwoosh/statistics";
import { reportCsv, reportTable } from "./report-text";

interface Flags {
  application?: string;
  from?: string;
  to?: string;
  limit?: number;
  json?: boolean;
  csv?: boolean;
}

export function statsCommand(): Command {
  return new Command("stats")
    .description(
      "Shows the figures of a journey's message points. Reads PUSHWOOSH_API_TOKEN and JOURNEYS_… from the environment.",
    )
    .argument("<journey>", "UUID of the journey; its title where JOURNEYS_PUSHWOOSH_USE_UNDOCUMENTED_LIST is true")
    .option("--application <code>", "application of the journey: adds the figures of its messages")
    .option("--from <date>", "only messages from this day on (with --application and --to)")
    .option("--to <date>", "only messages up to this day")
    .option("--limit <number>", "most messages counted a point (default: 1,000)", count)
    .addOption(new Option("--json", "the report as JSON").conflicts("csv"))
    .option("--csv", "one line a figure, as CSV")
    .action(run);
}

async function run(journey: string, flags: Flags): Promise<void> {
  const client = openClient({ get: () => undefined }, process.env);
  try {
    const { application: applicationCode, from, to, limit } = flags;
    const report = await getJourneyReport(client, await idOf(client, journey), { applicationCode, from, to, limit });
    const text = flags.json
      ? `${JSON.stringify(report, undefined, 2)}\n`
      : flags.csv
        ? reportCsv(report)
        : reportTable(report, process.stdout.columns);
    process.stdout.write(text);
  } finally {
    await client.close();
  }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function idOf(client: PushwooshClient, journey: string): Promise<string> {
  if (uuid.test(journey)) return journey;
  if (!client.listEnabled) throw noUuid(journey);
  const { journeys } = await listJourneys(client, { limit: Number.MAX_SAFE_INTEGER });
  const found = journeys.filter(({ title, status }) => title === journey && status !== "archived");
  if (found.length === 1) return found[0]!.id;
  throw new JourneysError({
    code: "not-found",
    what: found.length ? `several journeys are titled "${journey}"` : `the list shows no journey titled "${journey}"`,
    now: "nothing was read",
    next: found.length ? `give one of the UUIDs: ${found.map(({ id }) => id).join(", ")}` : "give the journey's UUID",
  });
}

function noUuid(journey: string): JourneysError {
  return new JourneysError({
    code: "invalid-input",
    what: `${JSON.stringify(journey)} is not the UUID of a journey`,
    now: "nothing was sent",
    next:
      "give the journey's UUID, which is in the address of its canvas; titles are looked up only with " +
      "JOURNEYS_PUSHWOOSH_USE_UNDOCUMENTED_LIST=true, by a method that may change or fail at any time",
  });
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("It must be a whole number from 1 up.");
  return value;
}
