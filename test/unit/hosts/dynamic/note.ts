/** A resource small enough to see through, on the same seam as the real ones: notes in a map that stands for a platform. */
import { z } from "zod";
import type { JourneysError, Problem } from "../../../../provider/core/errors";
import { PROVIDER_KEY, passedKeys } from "../../../../provider/core/passed";
import type { Change, Context, Planned, Resource } from "../../../../provider/core/resource";
import { equal, isUnknown, type JsonObject } from "../../../../provider/core/values";
import { adapt } from "../../../../provider/hosts/dynamic/adapter";
import { Host } from "../../../../provider/hosts/dynamic/host";

const inputs = z.strictObject({
  text: z.string().min(1),
  book: z.string().optional(),
  hidden: z.string().optional(),
  mood: z.enum(["good", "bad"]).optional(),
});
type Inputs = z.infer<typeof inputs>;

export interface State {
  noteId: string;
  echo: JsonObject;
  token: string;
  drift?: string;
  odd?: unknown;
}

/** How the platform behaves, and what it was asked. */
export class Platform {
  readonly notes = new Map<string, JsonObject>();
  readonly calls: string[] = [];
  readonly contexts: Context[] = [];
  fails?: () => never;
  halfDone?: JourneysError;
  refusal?: JourneysError;
  warnings: string[] = [];
  odd?: unknown;
  hold?: Promise<void>;
}

export function noteResource(platform: Platform): Resource<Inputs, State> {
  const call = async (name: string, context: Context) => {
    platform.calls.push(name);
    platform.contexts.push(context);
    await platform.hold;
    platform.fails?.();
  };
  const stateOf = (id: string, note: JsonObject): State => ({
    noteId: id,
    echo: note,
    token: `token-of-${id}`,
    odd: platform.odd,
  });
  return {
    kind: "test-note",
    token: "journeys:test:Note",
    description: "A note.",
    inputs,
    outputs: z.object({ noteId: z.string(), echo: z.json(), token: z.string() }),
    secretOutputs: ["token"],
    echoOutputs: ["echo"],
    stateVersion: 1,
    upgrade: (state) => {
      if (state.stateVersion === 0) throw new Error("state of no release");
      return state as unknown as State;
    },
    describe: (declared) => `note ${JSON.stringify(isUnknown(declared.text) ? "?" : declared.text)}`,
    check: (declared): Problem[] =>
      declared.text === "forbidden" ? [{ path: ["text"], reason: "may not be forbidden" }] : [],
    plan: (desired, prior): Planned => {
      if (platform.refusal) return { refusal: platform.refusal };
      if (!prior)
        return { plan: { verb: "create", changes: [], steps: [{ name: "create" }], warnings: platform.warnings } };
      const changes = changesOf(prior.state.echo, desired, prior.state.drift);
      const verb = changes.some(({ replaces }) => replaces) ? "replace" : changes.length ? "update" : "none";
      return { plan: { verb, changes, steps: changes.length ? [{ name: "write" }] : [], warnings: platform.warnings } };
    },
    create: async (desired, context) => {
      await call("create", context);
      const id = `n${platform.notes.size + 1}`;
      platform.notes.set(id, desired as JsonObject);
      return { id, state: stateOf(id, desired as JsonObject), failure: platform.halfDone };
    },
    update: async (id, _prior, desired, context) => {
      await call("update", context);
      platform.notes.set(id, desired as JsonObject);
      return { id, state: stateOf(id, desired as JsonObject), failure: platform.halfDone };
    },
    read: async (id, prior, context) => {
      await call("read", context);
      const note = platform.notes.get(id);
      if (!note) return undefined;
      const drifted = !equal(note, prior.echo);
      return {
        id,
        state: { ...prior, ...(drifted && { drift: String(note.text) }) },
        ...(drifted && { inputs: note }),
        failure: platform.halfDone,
      };
    },
    delete: async (id, _prior, context) => {
      await call("delete", context);
      platform.notes.delete(id);
    },
    appliedInputs: (state) => state.echo,
  };
}

function changesOf(applied: JsonObject, desired: Inputs, drift: string | undefined): Change[] {
  const changes: Change[] = [];
  for (const key of ["text", "book", "hidden", "mood"] as const) {
    const before = key === "text" && drift !== undefined ? drift : applied[key];
    const after = desired[key];
    if (equal(before, after)) continue;
    const kind = before === undefined ? "add" : after === undefined ? "delete" : "update";
    changes.push({ path: [key], kind, before, after, replaces: key === "book" });
  }
  return changes;
}

export const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/journeys/test:Note::first";
export const MARKER = 'exports.handler = () => require("pulumi-journeys/dynamic/test-note");';

/** Inputs as a program's class sends them. */
export function sent(declared: object, more: { urn?: string; secretPaths?: string[] } = {}): JsonObject {
  return {
    ...(declared as JsonObject),
    [passedKeys.urn]: more.urn ?? URN,
    [passedKeys.secretPaths]: more.secretPaths ?? [],
    [passedKeys.portableDigest]: "d1",
    [PROVIDER_KEY]: MARKER,
  };
}

/** A host for one note resource, with what it printed. */
export function noteHost(platform = new Platform(), engineAddress?: string) {
  const printed: string[] = [];
  const host = new Host((text) => printed.push(text), engineAddress);
  const provider = adapt(noteResource(platform), host);
  return { platform, host, provider, printed };
}

export async function configured(platform?: Platform, engineAddress?: string) {
  const made = noteHost(platform, engineAddress);
  await made.provider.configure({ config: { get: () => undefined } });
  return made;
}

/** Outputs as the engine keeps them: the host adds the provider's text, the engine unwraps secrets when it sends. */
export function kept(outs: JsonObject): JsonObject {
  const plain = Object.entries(outs).map(([key, value]) => {
    const marked = value as { value?: JsonObject } | null;
    return [
      key,
      marked && typeof marked === "object" && "4dabf18193072939515e22adb298388d" in marked ? marked.value : value,
    ];
  });
  return { ...Object.fromEntries(plain), [PROVIDER_KEY]: MARKER };
}
