/** `journeys contacts purge --where … --confirm-count N`: a one-time destruction, which has no place in a program. */
import { Command, InvalidArgumentError, Option } from "commander";
import { JourneysError } from "../../core/errors";
import type { Context } from "../../core/resource";
import { engagelab } from "../../engagelab/api/client";
import type { Condition } from "../../engagelab/api/condition";
import { hintOf } from "../../engagelab/api/personal";
import { counted, durationText } from "../../engagelab/contact-set/estimate";
import { purgeInBulk, wholeAddresses } from "../../engagelab/purge/bulk";
import { type Found, findMatching, type Match } from "../../engagelab/purge/find";
import { type Purged, purge } from "../../engagelab/purge/purge";
import { print, progress, SETTINGS, withSession } from "./session";
import { readConditions } from "./where";

interface Flags {
  where: string[];
  relation: "and" | "or";
  confirmCount?: number;
  forceUnsubscribed?: boolean;
  bulkEndpoint?: boolean;
}

export function purgeCommand(): Command {
  return new Command("purge")
    .description(
      "Deletes contacts for good. Without --confirm-count it lists and counts them, and deletes nobody. " +
        `Contacts that a Pulumi program declares are not known here: remove them from the program instead. ${SETTINGS}`,
    )
    .requiredOption(
      "--where <condition>",
      'whom: a field (Email, Phone, Name, tag, domain or a property), an operator and a value, such as "Email contain @example.org"; repeatable up to ten times',
      (text, earlier: string[] = []) => [...earlier, text],
    )
    .addOption(
      new Option("--relation <relation>", "whether all conditions must hold, or one of them")
        .choices(["and", "or"])
        .default("and"),
    )
    .option("--confirm-count <number>", "how many contacts are deleted: any other number deletes nobody", count)
    .option("--force-unsubscribed", "delete people who opted out too; their opt-outs are lost with them")
    .option("--bulk-endpoint", "one call for up to ten whole addresses (Email ==), not one for each contact")
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const { where, relation, confirmCount, forceUnsubscribed = false, bulkEndpoint = false } = flags;
  const condition = readConditions(where, relation);
  if (bulkEndpoint) wholeAddresses(condition);
  await withSession(async (context) => {
    const listed = progress(1000, (number) => `${counted(number, "contact")} listed`);
    const found = await findMatching(condition, context, listed);
    const contacts = found.matching.filter(({ unsubscribedAt }) => forceUnsubscribed || !unsubscribedAt);
    print(findings(found, contacts, context));
    if (confirmCount === undefined) print(howToConfirm(contacts, bulkEndpoint, context));
    else if (confirmCount !== contacts.length) throw otherNumber(confirmCount, contacts.length);
    else if (bulkEndpoint)
      print(`${counted(await purgeInBulk(condition, found, forceUnsubscribed, context), "contact")} deleted.`);
    else await deleteAll(condition, contacts, forceUnsubscribed, context);
  });
}

async function deleteAll(
  condition: Condition,
  contacts: readonly Match[],
  forceUnsubscribed: boolean,
  context: Context,
): Promise<void> {
  const onProgress = progress(50, (number) => `${counted(number, "contact")} of ${contacts.length} dealt with`);
  const purged = await purge({ condition, contacts, forceUnsubscribed, onProgress }, context);
  const notes = [
    purged.missing > 0 && `${purged.missing} were gone already`,
    purged.kept > 0 && `${purged.kept} stay: they changed, or opted out, since they were listed`,
  ].filter(Boolean);
  print([`${counted(purged.deleted, "contact")} deleted`, ...notes].join("; ").concat("."));
  if (purged.failures.length > 0) throw stopped(purged, contacts.length);
}

/** Contacts that are shown, in a form only who knows them recognises. */
const SAMPLE = 5;

function findings({ matching, others }: Found, contacts: readonly Match[], { runtime }: Context): string {
  const lists = [...new Set(matching.flatMap(({ listId }) => listId ?? []))];
  const optedOut = matching.filter(({ unsubscribedAt }) => unsubscribedAt).length;
  const isForced = contacts.length === matching.length;
  const fate = isForced
    ? "are deleted too, and their opt-outs are lost with them"
    : "stay: their opt-outs would be lost with them (--force-unsubscribed)";
  return [
    `${runtime.use(engagelab).account}${lists.length > 0 ? `, list ${lists.join(", ")}` : ""}`,
    `${counted(matching.length, "contact")} match`,
    others > 0 && `  ${others.toLocaleString("en")} more were listed, but don't match to the letter: they stay`,
    optedOut > 0 && `  ${optedOut.toLocaleString("en")} of them opted out, and ${fate}`,
    `${counted(contacts.length, "contact")} to delete${contacts.length > 0 ? ", such as" : ""}`,
    ...contacts.slice(0, SAMPLE).map(({ email, id }) => `  ${hintOf(email)}  ${id}`),
  ]
    .filter(Boolean)
    .join("\n");
}

function howToConfirm(contacts: readonly Match[], bulkEndpoint: boolean, { runtime }: Context): string {
  // Each contact is looked at once more before its delete.
  const time = bulkEndpoint ? undefined : durationText(2 * contacts.length, runtime.config.number("engagelabRate"));
  return contacts.length === 0
    ? "Nothing was deleted."
    : `Nothing was deleted. To delete them for good${time ? ` (${time})` : ""}, add --confirm-count ${contacts.length}`;
}

function otherNumber(given: number, found: number): JourneysError {
  return new JourneysError({
    code: "guard-tripped",
    what: `${counted(found, "contact")} would be deleted, and --confirm-count says ${given}`,
    now: "nothing was deleted",
    next: `look at what the conditions match; if that is right, run again with --confirm-count ${found}`,
  });
}

function stopped({ deleted, missing, kept, failures }: Purged, all: number): JourneysError {
  const left = all - deleted - missing - kept;
  const reasons = [...new Set(failures.map(({ message }) => message.split("\n")[0]!))];
  return new JourneysError({
    code: "partly-done",
    what: `the purge stopped: ${reasons.join("; ")}`,
    now: `${counted(deleted, "contact")} of ${all} deleted, ${left} left`,
    next: `put right what is said above and run again with --confirm-count ${left}: it goes on from here`,
  });
}

function count(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError("It must be a whole number.");
  return value;
}
