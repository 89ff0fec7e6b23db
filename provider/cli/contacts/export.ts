/** `journeys contacts export --csv FILE`: a live list as the source of a contact set. */
import { resolve } from "node:path";
import { Command } from "commander";
import { JourneysError } from "../../core/errors";
import { engagelab } from "../../engagelab/api/client";
import { hintOf } from "../../engagelab/api/personal";
import { engineGone } from "../../engagelab/contact/refusals";
import { type CsvExport, csvOf } from "../../engagelab/contact-set/csv-export";
import { counted } from "../../engagelab/contact-set/estimate";
import { type FoundContact, streamContacts } from "../../engagelab/reading/functions";
import { print, progress, SETTINGS, withSession } from "./session";
import { checkTarget, writeWhole } from "./whole-file";

interface Flags {
  csv: string;
  overwrite?: boolean;
}

export function exportCommand(): Command {
  return new Command("export")
    .description(
      `Writes all contacts of the account to a file that a ContactSet with adoptExisting takes over without sending anything. ${SETTINGS}`,
    )
    .requiredOption("--csv <file>", "the file to write; it holds personal data, and only you can read it")
    .option("--overwrite", "replace the file if it exists")
    .action(run);
}

async function run({ csv, overwrite = false }: Flags): Promise<void> {
  const path = resolve(csv);
  await checkTarget(path, overwrite);
  await withSession(async ({ runtime, signal }) => {
    const client = runtime.use(engagelab);
    const contacts: FoundContact[] = [];
    const listed = progress(1000, (count) => `${counted(count, "contact")} read`);
    for await (const contact of streamContacts(
      client,
      {},
      { onProgress: ({ contacts: count }) => listed(count), signal },
    )) {
      contacts.push(contact);
    }
    // Asked to end while the last page came: the reading had no next one to refuse.
    if (signal?.aborted) throw engineGone();
    const written = csvOf(contacts);
    if (written.contacts === 0) throw nobody(client.account, written.withoutLine);
    await writeWhole(path, written.lines, overwrite);
    print(`${client.account}, ${listsOf(contacts)}\n${summary(csv, written)}`);
  });
}

function listsOf(contacts: readonly FoundContact[]): string {
  const ids = new Set(contacts.flatMap(({ listId }) => listId ?? []));
  return `list ${[...ids].join(", ") || "unknown"}`;
}

/** Ids that are told; the rest is counted. */
const MOST_TOLD = 5;

function summary(file: string, written: CsvExport): string {
  const { contacts, unsubscribed, properties, tags, sample, withoutLine, withoutValue } = written;
  const named = (names: readonly string[]) =>
    names.slice(0, MOST_TOLD).join(", ") + (names.length > MOST_TOLD ? ", …" : "");
  const lines = [
    `${counted(contacts, "contact")} written to ${file}, such as ${sample.map(hintOf).join(", ")}`,
    `  columns: email, phone, name, tags (${counted(tags, "tag")}), and ${counted(properties.length, "property", "properties")}` +
      (properties.length > 0 ? `: ${properties.join(", ")}` : ""),
    unsubscribed > 0 &&
      `  ${unsubscribed.toLocaleString("en")} of them opted out, which no file can carry: in another account they would be contacts without an opt-out`,
    withoutLine.length > 0 &&
      `  not written: ${counted(withoutLine.length, "contact")} whose address no set can declare, or that share one (${named(withoutLine)})`,
    withoutValue.length > 0 &&
      `  left out: values, tags or properties that no such file can hold, of ${counted(withoutValue.length, "contact")} (${named(withoutValue)}); the set says nothing of them, so don't give it tagOwnership "exclusive"`,
  ];
  return lines.filter(Boolean).join("\n");
}

function nobody(account: string, withoutLine: readonly string[]): JourneysError {
  return new JourneysError({
    code: "not-found",
    what:
      withoutLine.length > 0
        ? "no contact of the list has an address a set can declare"
        : `the list of ${account} is empty`,
    now: "nothing was written",
    next: "check ENGAGELAB_API_USER, ENGAGELAB_API_KEY and the region: another account looks the same",
  });
}
