/** Notes whom the program declares as soon as it knows, for whoever is about to delete somebody: see `engagelab/declared`. */
import * as pulumi from "@pulumi/pulumi";
import { Config } from "../core/config";
import type { JsonObject } from "../core/values";
import { type Announcement, Announcer, personDigest } from "../engagelab/declared/announced";

/** By the connection to the engine: one process may run several programs, or one several times. */
const announcers = new WeakMap<object, Announcer>();

export function announcingPerson<Args extends { email: pulumi.Input<string> }>(
  args: Args,
  urn: pulumi.Input<string>,
): Args {
  const { email } = args;
  // What isn't as it must be is left to the provider, which says so.
  if (email === undefined) return args;
  return { ...args, email: noting(email, urn, (known) => ({ people: digests([known]) })) };
}

interface Listed {
  members?: pulumi.Input<pulumi.Input<{ email: pulumi.Input<string> }>[]>;
  source?: pulumi.Input<object>;
  sourceDigest?: pulumi.Input<string | undefined>;
}

export function announcingMembers<Args extends Listed>(args: Args, urn: pulumi.Input<string>): Args {
  const { members, source } = args;
  if (members) {
    const people = (known: unknown) => digests(Array.isArray(known) ? known.map((member) => member?.email) : []);
    return { ...args, members: noting(members, urn, (known) => ({ people: people(known) })) };
  }
  if (!source) return args;
  // The digest is waited for by the engine as well, and has nothing in it that the source's own marks could get lost of.
  const noted = noting(source, urn, (known) => ({ source: known as JsonObject }));
  const sourceDigest = pulumi.all([args.sourceDigest, noted]).apply(([digest]) => digest);
  return { ...args, sourceDigest };
}

/** The value as it was given, noted once it is known. */
function noting<T>(
  value: pulumi.Input<T>,
  urn: pulumi.Input<string>,
  note: (value: unknown) => Omit<Announcement, "urn">,
): pulumi.Output<T> {
  const announcer = announcerOfRun();
  const given = pulumi.output(value) as pulumi.Output<T>;
  if (!announcer) return given;
  return pulumi.all([given, urn]).apply(([known, name]) => {
    tell(announcer, { urn: name, ...note(known) });
    return known;
  }) as pulumi.Output<T>;
}

function tell(announcer: Announcer, announcement: Announcement): void {
  try {
    announcer.tell(announcement);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new pulumi.RunError(
      `${announcement.urn.split("::").at(-1)}: whom this program declares can't be noted in the folder for temporary files ` +
        `(${code ?? message}), and without that people who move between resources could be deleted. Nothing was sent for it. ` +
        "Make that folder writable, or set TMPDIR to one that is, and run again.",
    );
  }
}

/** Without a key nobody can be deleted either. */
function digests(emails: readonly unknown[]): string[] {
  const config = new Config({ get: pulumi.runtime.getConfig }, process.env);
  if (!config.has("engagelabApiKey")) return [];
  const key = config.text("engagelabApiKey");
  return emails.flatMap((email) => (typeof email === "string" ? [personDigest(key, email)] : []));
}

/** Undefined in a test with mocks. */
function announcerOfRun(): Announcer | undefined {
  const engine = pulumi.runtime.getEngine() as { getChannel?: () => { getTarget(): string } } | undefined;
  if (!engine?.getChannel) return undefined;
  const known = announcers.get(engine) ?? new Announcer(engine.getChannel().getTarget());
  announcers.set(engine, known);
  return known;
}
