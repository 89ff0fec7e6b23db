/** What the program wants of one resource: a registration, turned into the entry it leads to. */
import type { Resource } from "./deployment.js";
import type { RegisterResourceRequest } from "./protocol.js";
import { type Settings, StepError } from "./run.js";
import { createUrn, isProvider } from "./urn.js";

export interface Goal {
  /** The entry as it shall be, with the inputs as the program gave them; `provider`, `id` and `outputs` are still missing. */
  resource: Resource;
  /** Former URNs under which the state may know the resource. */
  aliases: string[];
  /** Undefined: the provider decides. */
  deleteBeforeReplace: boolean | undefined;
}

/** Throws if the registration asks for something the engine doesn't do; `parent` is the parent's entry. (The SDK itself hands `protect` down.) */
export function goalOf(request: RegisterResourceRequest, settings: Settings, parent: Resource | undefined): Goal {
  const urn = createUrn(settings.stack, settings.project, request.parent, request.type, request.name);
  refuseUnsupported(request);
  const options = {
    parent: request.parent,
    dependencies: request.dependencies,
    propertyDependencies: propertyDependencies(request),
    protect: request.protect,
    retainOnDelete: request.retainOnDelete ?? parent?.retainOnDelete,
    additionalSecretOutputs: request.additionalSecretOutputs,
    ignoreChanges: request.ignoreChanges,
    replaceOnChanges: request.replaceOnChanges,
    customTimeouts: timeouts(request),
  };
  return {
    resource: { urn, custom: request.custom, type: request.type, inputs: request.object ?? {}, ...compact(options) },
    aliases: request.aliasUrns,
    deleteBeforeReplace: request.deleteBeforeReplaceDefined ? request.deleteBeforeReplace : undefined,
  };
}

function refuseUnsupported(request: RegisterResourceRequest): void {
  const refuse = (what: string): never => {
    throw new StepError(
      `"${request.name}" (${request.type}) ${what}. The local engine doesn't do that, and nothing was sent; the Pulumi CLI does.`,
    );
  };
  if (request.remote) refuse("is a component of another package");
  if (request.replacementTrigger) refuse("has the option replacementTrigger");
  if (isProvider(request.type)) refuse("is an explicit provider");
  if (request.packageRef) refuse("belongs to a parameterized package");
  if (request.importId) {
    throw new StepError(
      `"${request.name}" (${request.type}) has the option import, which dynamic resources can't have: Pulumi doesn't tell their provider what to read.`,
    );
  }
}

/** Without what is empty or false: Pulumi writes no such fields. */
export function compact<T extends object>(fields: T): Partial<T> {
  const filled = Object.entries(fields).filter(([, value]) => {
    if (value === undefined || value === false || value === "") return false;
    return typeof value !== "object" || value === null || Object.keys(value).length > 0;
  });
  return Object.fromEntries(filled) as Partial<T>;
}

function propertyDependencies(request: RegisterResourceRequest): Record<string, string[]> {
  const entries = Object.entries(request.propertyDependencies).map(([key, { urns }]) => [key, urns]);
  return compact(Object.fromEntries(entries));
}

function timeouts({ customTimeouts }: RegisterResourceRequest): Record<string, number> {
  const entries = Object.entries(compact({ ...customTimeouts }));
  return Object.fromEntries(entries.map(([key, duration = ""]) => [key, seconds(duration)]));
}

const units: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001, us: 1e-6, µs: 1e-6, ns: 1e-9 };

/** Reads a duration as Go writes it: `5m`, `1h30m`. */
function seconds(duration: string): number {
  let sum = 0;
  const rest = duration.replaceAll(/(\d+(?:\.\d+)?)(h|ms|us|µs|ns|m|s)/g, (_, amount, unit) => {
    sum += Number(amount) * (units[unit] ?? 0);
    return "";
  });
  if (rest === "") return sum;
  throw new StepError(`"${duration}" in customTimeouts is not a duration like "5m" or "1h30m".`);
}
