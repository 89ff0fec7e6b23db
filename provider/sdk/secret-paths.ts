/** Which parts of the arguments are secret: the engine sends their values plain, so the provider has to be told. */
import * as pulumi from "@pulumi/pulumi";
import { formatPath, type Path } from "../core/values";

/**
 * The paths of all secret Outputs in the arguments, sorted; nothing where there are none. Arguments without any Output,
 * which most are, cost no promise.
 */
export function secretPaths(args: object): Promise<string[]> | undefined {
  const pending: Promise<string[]>[] = [];
  collect(args, [], pending);
  if (pending.length === 0) return undefined;
  return Promise.all(pending).then((found) => found.flat().sort());
}

function collect(value: unknown, path: Path, pending: Promise<string[]>[]): void {
  if (value === null || typeof value !== "object") return;
  if (pulumi.Output.isInstance(value)) {
    // An Output is flat: a secret anywhere inside makes the whole of it one.
    pending.push(pulumi.isSecret(value).then((secret) => (secret ? [formatPath(path)] : [])));
  } else if (value instanceof Promise) {
    pending.push(value.then((settled) => collected(settled, path)));
  } else if (pulumi.Resource.isInstance(value)) {
    return;
  } else if (Array.isArray(value)) {
    value.forEach((member, index) => {
      collect(member, [...path, index], pending);
    });
  } else {
    for (const key of Object.keys(value)) collect((value as Record<string, unknown>)[key], [...path, key], pending);
  }
}

async function collected(value: unknown, path: Path): Promise<string[]> {
  const pending: Promise<string[]>[] = [];
  collect(value, path, pending);
  return (await Promise.all(pending)).flat();
}
