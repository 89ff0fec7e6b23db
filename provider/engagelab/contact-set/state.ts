/** What is kept of a set: no address and no value of anybody. */
import { z } from "zod";
import type { Context } from "../../core/resource";
import { canonicalJson } from "../../core/values";
import { maskAddresses } from "../api/personal";
import { flag } from "./entry";
import type { SetInputs } from "./inputs";
import type { Packed } from "./packed";

export const KIND = "engagelab-contact-set";
export const STATE_VERSION = 1;

export const contactSetOutputs = z.object({
  setId: z.string().describe("Id of this set. It is ours: the platform knows contacts only."),
  memberCount: z.number().describe("How many members the set has."),
  adoptedCount: z.number().describe("How many of them existed before: they are released, not deleted."),
  unsubscribedCount: z.number().describe("How many of them opted out, as last seen; a refresh looks at all of them."),
  missingCount: z.number().describe("How many of them somebody else deleted, as last seen."),
  listId: z.number().optional().describe("The account's list, once a contact of it was seen."),
  accountSize: z.number().optional().describe("How many contacts the account has, as last seen."),
  memberDigests: z
    .string()
    .describe(
      "The members: digests of address and content under the set's key, contact ids, what is whose. No public contract.",
    ),
  key: z.string().describe("The key of the members' digests. No public contract. Secret."),
  appliedInputs: z.string().describe("The inputs last applied, as JSON text. Secret."),
  stamp: z.string().describe("The record this state covers."),
  stateVersion: z.number().describe("Version of this state's form."),
});

export type SetState = z.infer<typeof contactSetOutputs>;

/** The key opens the digests to guessing; inputs may hold people. */
export const secretOutputs = ["key", "appliedInputs"] as const;

/** What a state is made of. */
export interface Known {
  id: string;
  key: string;
  members: Packed;
  applied: SetInputs;
  listId?: number;
  accountSize?: number;
  stamp: string;
}

export function toState({ id, key, members, applied, listId, accountSize, stamp }: Known): SetState {
  return {
    setId: id,
    memberCount: members.count,
    adoptedCount: members.countOf(flag.adopted),
    unsubscribedCount: members.countOf(flag.unsubscribed),
    missingCount: members.countOf(flag.gone),
    ...(listId !== undefined && { listId }),
    ...(accountSize !== undefined && { accountSize }),
    memberDigests: members.encode(),
    key,
    appliedInputs: canonicalJson(applied),
    stamp,
    stateVersion: STATE_VERSION,
  };
}

export function appliedOf({ appliedInputs }: SetState): SetInputs {
  return JSON.parse(appliedInputs) as SetInputs;
}

/** Under which name a set's members are declared in this process. */
export function declarerOf({ urn, name }: Pick<Context, "urn" | "name">): string {
  return urn ?? name ?? "?";
}

/** `contact set "customers"`. A name that holds an address is refused at Check; until then it isn't repeated. */
export function setName({ name }: Pick<Context, "name">): string {
  return `contact set "${maskAddresses(name ?? "?")}"`;
}
