/** What is kept of a journey, and what follows from it: the belief every plan starts from. Pure. */
import { z } from "zod";
import { canonicalJson, digest, type Json, type JsonObject } from "../../core/values";
import { type Definition, normalise } from "./definition";
import { type JourneyInputs, type JourneyStatus, journeyStatus } from "./inputs";
import type { Action } from "./lifecycle";
import { definitionOf } from "./points";
import type { PointIds } from "./wire";

/** The permanent sub-path of the dynamic provider; also names the resource in records. */
export const KIND = "pushwoosh-journey";

export const STATE_VERSION = 1;

export const statusSource = z.enum(["answered", "listed", "assumed", "unknown"]);
export type StatusSource = z.infer<typeof statusSource>;

const open = z.record(z.string(), z.json());

/** What a program can read. The state holds more, for later plans: see `JourneyState`. */
export const journeyOutputs = z.object({
  journeyId: z.string().describe("UUID of the journey."),
  title: z.string().describe("Title as last applied or read."),
  applicationCode: z.string().describe("Application the journey belongs to."),
  status: journeyStatus.describe("Lifecycle state as far as it is known."),
  statusSource: statusSource.describe(
    "Where `status` comes from: an answer of the platform, the undocumented list, an assumption, or nowhere.",
  ),
  pointIds: z.record(z.string(), z.string()).describe("Logical point name to point UUID."),
  createdAt: z.string().optional().describe("Creation time as answered, ISO 8601."),
  updatedAt: z.string().optional().describe("Last update as answered, ISO 8601."),
  appliedAt: z.string().describe("When the program was last applied, ISO 8601."),
  definitionDigest: z.string().describe("SHA-256 of the applied definition."),
  portableDigest: z.string().optional().describe("SHA-256 of the definition before environment values are filled in."),
  everRan: z.boolean().describe("Whether the journey ever ran; true also where that isn't known."),
  info: open.describe("What else the platform answered in `info`, untouched."),
  appliedInputs: z.string().describe("The inputs last applied, as JSON text."),
  stateVersion: z.number().describe("Version of this state's form."),
});

/** What stands between this state and certainty. Kept in the state's `memory`. */
export interface Memory {
  /** The key point UUIDs were derived from. */
  key: string;
  /** Whether `lastAnswer` was really answered, or is only what the program declared. */
  confirmed: boolean;
  /** A live definition somebody else made, seen in an answer and not yet agreed to. */
  outside?: Definition;
  /** We paused it for an edit and have not started it again: certainly, or perhaps. */
  pause?: "ours" | "perhaps";
  /** A lifecycle call whose outcome nobody knows. */
  uncertain?: Action;
  /** A replace that was sent, perhaps or certainly, and whose answer was never seen. */
  put?: "perhaps" | "done";
  /** Digest of the definition it sent, and marks of its values. */
  putDigest?: string;
  marks?: string[];
  /** What is to be put back before the journey may start again. */
  former?: Former;
}

/** A definition as it stood before a replace. */
export interface Former {
  definition: Definition;
  applied: JourneyInputs;
  pointIds: PointIds;
}

export interface JourneyState {
  journeyId: string;
  title: string;
  applicationCode: string;
  status: JourneyStatus;
  statusSource: StatusSource;
  pointIds: PointIds;
  createdAt?: string;
  updatedAt?: string;
  appliedAt: string;
  definitionDigest: string;
  portableDigest?: string;
  everRan: boolean;
  info: JsonObject;
  appliedInputs: string;
  /** The definition last answered by the platform, as JSON text in logical names. */
  lastAnswer: string;
  memory: JsonObject;
  /** The newest record this state covers. */
  stamp: string;
  stateVersion: number;
}

/** The belief a plan starts from: the saved state, or a newer record. */
export interface Believed {
  id: string;
  status: JourneyStatus;
  source: StatusSource;
  everRan: boolean;
  /** The inputs last applied. */
  applied: JourneyInputs;
  /** The definition last answered, or last declared where `confirmed` is false. */
  baseline: Definition;
  confirmed: boolean;
  key: string;
  pointIds: PointIds;
  /** Marks of what our own records say we sent. */
  marks: ReadonlySet<string>;
  outside?: Definition;
  pause?: "ours" | "perhaps";
  /** The pause stems from an earlier run that was cut off. */
  interrupted: boolean;
  uncertain?: Action;
  /** A replace of this operation, or of one that was cut off. */
  put?: "perhaps" | "done";
  /** Digest of the definition that replace sent. */
  putDigest?: string;
  /** The definition as an answer in this run showed it. */
  live?: Definition;
  /** The pause of this operation was refused. */
  pauseRefused?: boolean;
  /** What stood there before this operation's replace, to be put back if the replace turns out bad. */
  former?: Former;
  /** The former definition has to be put back. */
  putBack?: boolean;
  /** A record is newer than the saved state. */
  newerRecord: boolean;
  info: JsonObject;
  createdAt?: string;
  updatedAt?: string;
}

/** Nothing is known to be sent beyond what was applied. */
export const noPut = { put: undefined, putDigest: undefined, marks: new Set<string>() } as const;

export function believe(state: JourneyState): Believed {
  const memory = state.memory as unknown as Memory;
  return {
    id: state.journeyId,
    status: state.status,
    source: state.statusSource,
    everRan: state.everRan,
    applied: JSON.parse(state.appliedInputs),
    baseline: JSON.parse(state.lastAnswer),
    confirmed: memory.confirmed,
    key: memory.key,
    pointIds: state.pointIds,
    marks: new Set(memory.marks ?? []),
    outside: memory.outside,
    pause: memory.pause,
    interrupted: memory.pause !== undefined,
    uncertain: memory.uncertain,
    put: memory.put,
    putDigest: memory.putDigest,
    former: memory.former,
    putBack: memory.former !== undefined,
    newerRecord: false,
    info: state.info,
    createdAt: state.createdAt,
    updatedAt: state.updatedAt,
  };
}

/** The state that says what is believed now. */
export function toState(believed: Believed, stamp: string, now: string, portableDigest?: string): JourneyState {
  const { applied } = believed;
  const unseen = believed.put === "perhaps" || believed.putDigest !== undefined;
  const memory: Memory = {
    key: believed.key,
    confirmed: believed.confirmed,
    outside: believed.outside,
    pause: believed.pause,
    uncertain: believed.uncertain,
    ...(unseen && { put: believed.put, putDigest: believed.putDigest, marks: [...believed.marks].sort() }),
    ...(believed.putBack && { former: believed.former }),
  };
  return {
    journeyId: believed.id,
    title: applied.title,
    applicationCode: applied.applicationCode,
    status: believed.status,
    statusSource: believed.source,
    pointIds: believed.pointIds,
    createdAt: believed.createdAt,
    updatedAt: believed.updatedAt,
    appliedAt: now,
    definitionDigest: definitionDigest(definitionOf(applied)),
    portableDigest,
    everRan: believed.everRan,
    info: believed.info,
    appliedInputs: canonicalJson(applied),
    lastAnswer: canonicalJson(believed.baseline),
    memory: memory as unknown as JsonObject,
    stamp,
    stateVersion: STATE_VERSION,
  };
}

/** The same for definitions that say the same. */
export function definitionDigest(definition: Definition): string {
  return digest(normalise(definition) ?? null);
}

/** `info` members that have an output of their own, or that repeat the definition. */
const ownOutputs = new Set(["uuid", "title", "status", "params", "created_at", "updated_at"]);

export function furtherInfo(info: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(info).filter(([key]) => !ownOutputs.has(key))) as Record<string, Json>;
}
