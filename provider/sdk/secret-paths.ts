/** Which parts of the arguments are secret: the engine sends their values plain, so the provider has to be told. */
import * as pulumi from "@pulumi/pulumi";
import { formatPath, type Path } from "../core/values";

/** The paths of all secret Outputs in the arguments, sorted. */
export async function secretPaths(args: object): Promise<string[]> {
  const found: string[] = [];
  await collect(args, [], found);
  return found.sort();
}

async function collect(value: unknown, path: Path, found: string[]): Promise<void> {
  if (value === null || typeof value !== "object") return;
  if (pulumi.Output.isInstance(value)) {
    // An Output is flat: a secret anywhere inside makes the whole of it one.
    if (await pulumi.isSecret(value)) found.push(formatPath(path));
    return;
  }
  if (value instanceof Promise) return collect(await value, path, found);
  if (pulumi.Resource.isInstance(value)) return;
  if (Array.isArray(value)) {
    await Promise.all(value.map((member, index) => collect(member, [...path, index], found)));
    return;
  }
  await Promise.all(Object.entries(value).map(([key, member]) => collect(member, [...path, key], found)));
}
