/** Sends parts, one after the other, each noted before it leaves. The first that isn't accepted ends the operation. */
import { JourneysError } from "../../core/errors";
import type { OperationRecord } from "../../core/record";
import type { Context } from "../../core/resource";
import type { PushwooshClient } from "../api/client";
import { enterJourney, type Selector } from "../api/entries";
import { withoutPeople } from "../once";
import { Ahead } from "./ahead";
import type { EntryInputs } from "./inputs";
import { type Meaning, type Part, placeOf, whoIn } from "./parts";
import { sendable, undecided } from "./plan";
import { cannotEnter } from "./sight";
import { entryName, type Standing } from "./state";

export interface Operation {
  desired: EntryInputs;
  client: PushwooshClient;
  context: Context;
  meant: Meaning;
  /** Made when the first part is about to be sent. */
  record: () => OperationRecord;
}

/** How sending ended; `stopped` is why it didn't come to the last part. */
export interface Sent {
  standing: Standing;
  stopped?: JourneysError;
}

export async function sendParts(operation: Operation, begun: Standing): Promise<Sent> {
  const { desired, context, meant } = operation;
  const resource = entryName(context);
  const standing = settle(desired, begun);
  const toSend = sendable(desired, standing, meant);
  if (toSend.length === 0) return { standing };
  const refusal = cannotEnter(desired.journey, resource);
  if (refusal) return { standing, stopped: refusal };
  const record = operation.record();
  const ahead = new Ahead(
    record,
    toSend.map((part) => standing.parts.indexOf(part)),
  );
  for (const [at, part] of toSend.entries()) {
    if (context.signal?.aborted) return { standing, stopped: engineGone(resource) };
    try {
      await ahead.begin(at);
    } catch (error) {
      if (!(error instanceof JourneysError)) throw error;
      return { standing, stopped: error };
    }
    const stopped = await send(operation, record, standing.journeyId, part, meant(part)!);
    if (stopped) return { standing, stopped };
  }
  return { standing };
}

/** A copy whose parts may be written on; parts to be taken as entered are. */
function settle(desired: EntryInputs, standing: Standing): Standing {
  const parts = standing.parts.map((part): Part => {
    const isAssumed = part.outcome === "unknown" && desired.onUnknown === "accept";
    return isAssumed ? { ...part, outcome: "assumed" } : { ...part };
  });
  return { ...standing, parts };
}

async function send(
  { desired, client }: Operation,
  record: OperationRecord,
  journeyId: string,
  part: Part,
  people: Selector,
) {
  const entered = await enterJourney(client, journeyId, people, desired.attributes);
  if (entered.kind === "answered") {
    const { requestId } = entered;
    const enteredAt = new Date().toISOString();
    Object.assign(part, { outcome: "accepted", requestId, enteredAt });
    await record.end("answered", { requestId, enteredAt });
    return undefined;
  }
  const isUnknown = entered.kind === "unknown";
  await record.end(isUnknown ? "unknown" : "refused");
  // Whatever onUnknown says was said of what was known then: this is reported first.
  if (isUnknown) part.outcome = "unknown";
  return entered.error;
}

/** What a run has to report: sending that stopped, or a part of which nobody knows. */
export function failureOf(
  { standing, stopped }: Sent,
  desired: EntryInputs,
  context: Context,
): JourneysError | undefined {
  const resource = entryName(context);
  const open = standing.parts.filter(({ outcome }) => outcome === "unknown");
  if (open.length > 0) return clean(unknownParts(standing, open, stopped, desired));
  if (stopped) return clean(partlyDone(standing, stopped));
  return undefined;

  function clean(error: JourneysError): JourneysError {
    return withoutPeople(error, resource, [desired.users, desired.hwids]);
  }
}

function unknownParts(
  standing: Standing,
  open: readonly Part[],
  stopped: JourneysError | undefined,
  desired: EntryInputs,
) {
  const places = open.map((part) => placeOf(part, standing.parts, standing.applied)).join(", ");
  const unsent = standing.parts.filter(({ outcome }) => outcome === "unsent");
  const rest = unsent.length ? `; not sent yet: ${whoIn(unsent)}` : "";
  const why = stopped ? `: ${stopped.parts.what}` : "";
  const sendsAgain = desired.onUnknown === "resend" && undecided(desired, standing).length === 0;
  const again = sendsAgain ? "" : ", and are not entered again by themselves";
  return new JourneysError({
    code: "outcome-unknown",
    what: `the outcome of ${places} is unknown${why}`,
    paths: [["onUnknown"]],
    now: `${whoIn(open)} may or may not have entered${again}; ${acceptedText(standing)}${rest}`,
    next: `look at the journey in Pushwoosh, then ${decisionFor(desired, sendsAgain)}`,
  });
}

function decisionFor({ onUnknown }: EntryInputs, sendsAgain: boolean): string {
  if (sendsAgain) return 'run again to send them again, or set onUnknown: "accept" if they are in it';
  if (onUnknown === "accept") return 'run again if they are in it, or set onUnknown: "resend" to send them again';
  const again = onUnknown === "resend" ? "declare them as they were" : '"resend"';
  return `set onUnknown: "accept" if they are in it, or ${again} to send them again`;
}

function partlyDone(standing: Standing, stopped: JourneysError): JourneysError {
  const unsent = standing.parts.filter(({ outcome }) => outcome === "unsent");
  return new JourneysError({
    code: "partly-done",
    what: stopped.parts.what,
    now: `${acceptedText(standing)}; not sent: ${whoIn(unsent)}`,
    next: `${stopped.parts.next ?? "correct the cause"}; the next run sends only the parts not sent yet`,
  });
}

function acceptedText({ parts }: Standing): string {
  const accepted = parts.filter(({ outcome }) => outcome === "accepted" || outcome === "assumed");
  return accepted.length ? `entered: ${whoIn(accepted)}` : "nobody was entered for certain";
}

function engineGone(resource: string): JourneysError {
  return new JourneysError({
    code: "engine-gone",
    resource,
    what: "nobody waits for it any more; no further part was sent",
    next: "run again",
  });
}
