/** What one call of the engine works with, put together from the properties that came over its wire. */
import { JourneysError } from "../../core/errors";
import { type Masking, masking } from "../../core/mask";
import { nameOf, type Passed, readPassed, withoutPassed } from "../../core/passed";
import type { AnyResource, Context } from "../../core/resource";
import type { JsonObject, Path } from "../../core/values";
import { dynamicError } from "./failure";
import type { Host } from "./host";

export interface Call {
  host: Host;
  resource: AnyResource;
  /** Inputs as declared; empty in a read or delete. */
  desired: JsonObject;
  /** The saved state in today's form; empty in a check or create. */
  state: object;
  passed: Passed;
  /** What the saved state was last passed: under an alias its URN differs. */
  passedBefore: Passed;
  context: Context;
  mask: Masking;
  /** `journey "Welcome series"`. */
  name: string;
}

interface Properties {
  state?: JsonObject;
  desired?: JsonObject;
}

/** Makes the call, and turns whatever it throws into one readable text. */
export async function inCall<T>(
  host: Host,
  resource: AnyResource,
  properties: Properties,
  work: (call: Call) => Promise<T> | T,
): Promise<T> {
  let call: Call | undefined;
  try {
    call = open(host, resource, properties);
    return await work(call);
  } catch (error) {
    const plain = readPassed(properties.desired ?? properties.state ?? {});
    throw dynamicError(error, call?.name ?? nameOf(plain.urn) ?? resource.kind, call?.mask ?? ((text) => text));
  }
}

function open(host: Host, resource: AnyResource, properties: Properties): Call {
  const { runtime } = host;
  const passedBefore = readPassed(properties.state ?? {});
  const passed = properties.desired ? readPassed(properties.desired) : passedBefore;
  const desired = withoutPassed(properties.desired ?? {});
  const state = properties.state ? stateOf(resource, withoutPassed(properties.state)) : {};
  const always = (resource.secretInputs ?? []).map((name) => [name]);
  const secretPaths = union(union(passed.secretPaths, passedBefore.secretPaths), always);
  const applied = () => (properties.state ? resource.appliedInputs(state) : {});
  const mask = masking(secretPaths.length ? [desired, applied()] : [], secretPaths);
  const about = { secretPaths, name: nameOf(passed.urn) };
  const name = resource.describe(properties.desired ? desired : applied(), about);
  const context = { ...about, runtime, ...contextOf(host, passed, mask, name) };
  return { host, resource, desired, state, passed, passedBefore, context, mask, name };
}

/** The saved state in today's form. A newer release may mean something else by the same words: it isn't guessed at. */
function stateOf(resource: AnyResource, saved: JsonObject): object {
  const { stateVersion } = saved;
  if (typeof stateVersion !== "number" || stateVersion <= resource.stateVersion) return resource.upgrade(saved);
  throw new JourneysError({
    code: "newer-state",
    what: `its saved state has version ${stateVersion}; this release of pulumi-journeys reads versions up to ${resource.stateVersion}`,
    now: "nothing was sent and nothing is changed",
    next: "install the release that wrote it, or a newer one",
  });
}

function contextOf(host: Host, { urn, portableDigest }: Passed, mask: Masking, resource: string) {
  return {
    urn,
    portableDigest,
    log: (severity: "info" | "warning", message: string) => {
      host.say(mask(`${resource}: ${severity === "warning" ? "warning: " : ""}${message}`));
    },
  };
}

function union(paths: readonly Path[], more: readonly Path[]): readonly Path[] {
  if (!more.length) return paths;
  const known = new Set(paths.map((path) => JSON.stringify(path)));
  return [...paths, ...more.filter((path) => !known.has(JSON.stringify(path)))];
}
