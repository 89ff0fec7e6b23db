/** Making a tag, or taking note of one that is there: a contact that carried it may have made it. */
import { JourneysError } from "../../core/errors";
import type { OperationRecord } from "../../core/record";
import type { Context, Outcome } from "../../core/resource";
import { canonicalJson } from "../../core/values";
import { engagelab } from "../api/client";
import { createTag, type RemoteTag } from "../api/tags";
import { KIND, STATE_VERSION, type TagInputs, type TagState, tagName } from "./inputs";
import { named, tagList } from "./list";

export async function create(desired: TagInputs, context: Context): Promise<Outcome<TagState>> {
  const { records, run } = context.runtime;
  const resource = tagName(desired.name);
  const find = () =>
    records.creates(KIND, context.urn, undefined, desired.name).filter(({ header }) => header.title === desired.name);
  const earlier = (await records.settled(find, resource)).filter(({ id }) => id === undefined || !run.isKept(KIND, id));
  const record = records.start({ kind: KIND, operation: "create", urn: context.urn, title: desired.name });
  const tags = await context.runtime.use(tagList).all();
  const existing = tags && named(tags, desired.name);
  const open = earlier.find(({ unresolved }) => unresolved);
  if (!tags && open) throw unresolved(resource, open);
  const isOurs = earlier.some(({ id, unresolved }) => (id === undefined ? unresolved : id === existing?.id));
  const made = existing ? { tag: existing, adopted: !isOurs } : await make(desired, record, context);
  if (existing && isOurs) {
    await record.begin("create", { id: existing.id });
    await record.end("answered");
  }
  await record.finish();
  for (const old of earlier) records.drop(old);
  return { id: made.tag.id, state: stateOf(desired, made.tag, made.adopted, record.stamp, context) };
}

export function stateOf(
  desired: TagInputs,
  tag: RemoteTag,
  adopted: boolean,
  stamp: string,
  { runtime, urn }: Context,
): TagState {
  runtime.run.claim(KIND, tag.id, urn);
  return {
    tagId: tag.id,
    name: tag.name,
    ...(tag.createdAt && { createdAt: tag.createdAt }),
    adopted,
    appliedInputs: canonicalJson(desired),
    stamp,
    stateVersion: STATE_VERSION,
  };
}

interface Made {
  tag: RemoteTag;
  adopted: boolean;
}

async function make(desired: TagInputs, record: OperationRecord, { runtime }: Context): Promise<Made> {
  const resource = tagName(desired.name);
  await record.begin("create");
  const answer = await createTag(runtime.use(engagelab), desired.name);
  if (answer.kind === "done") {
    const { tag } = answer;
    await record.end("answered", { id: tag.id });
    await runtime.use(tagList).note(tag);
    return { tag, adopted: isOld(tag, record) };
  }
  if (answer.kind === "unknown") {
    await record.end("unknown");
    await record.finish();
    const tags = await runtime.use(tagList).again();
    const tag = tags && named(tags, desired.name);
    if (tag) return { tag, adopted: false };
    throw tags ? notListedYet(resource, answer.error) : unresolved(resource, record, answer.error);
  }
  await record.end("refused");
  await record.finish();
  runtime.records.drop(record);
  const { error } = answer;
  if (answer.kind !== "refused" || error.code !== "refused") throw error.of(resource);
  throw new JourneysError({
    ...error.parts,
    resource,
    next: "if a tag of this name exists already and the platform doesn't list tags, it need not be declared: contacts carry tags by name",
  });
}

/** Instead of refusing a name that is taken, the platform may answer with the tag that has it. */
function isOld({ createdAt }: RemoteTag, record: OperationRecord): boolean {
  return createdAt !== undefined && Date.parse(createdAt) < Date.parse(record.header.time) - CLOCKS_DIFFER_MS;
}

const CLOCKS_DIFFER_MS = 600_000;

/** Where tags are listed, the list decides whether the next run makes it. */
function notListedYet(resource: string, cause: JourneysError): JourneysError {
  return new JourneysError({
    code: "create-unresolved",
    resource,
    what: `its create was sent and the outcome is not known: ${cause.parts.what}`,
    now: "the list of tags doesn't show it, so it was probably not made",
    next: "run again: it is looked for first, and made if it isn't there",
  });
}

function unresolved(resource: string, record: OperationRecord, cause?: JourneysError): JourneysError {
  return new JourneysError({
    code: "create-unresolved",
    resource,
    what: `its create was sent and the outcome is not known${cause ? `: ${cause.parts.what}` : ""}`,
    now: "the tag may or may not exist; the create is not repeated blindly",
    next: `look for the tag in EngageLab, delete it if it is there, then delete the record ${record.path} and run again`,
  });
}
