/** Whether a resource differs from its goal, and whether only a new one can meet it. */
import type { Resource } from "./deployment.js";
import { compare, formatPath, type Path, parsePath, pathsMeet } from "./paths.js";
import type { Provider } from "./provider.js";
import type { Props } from "./values.js";

export interface Difference {
  changed: boolean;
  /** Properties which force a replacement. */
  replaceKeys: string[];
  /** Whether the provider wants the old one gone before it creates the new one. */
  deleteBeforeReplace: boolean;
}

/** The values of `DiffResponse.changes`. */
const verdict = { unknown: 0, none: 1, some: 2 };

/** Asks the provider. Where it doesn't know, the inputs are compared; it names no property then, so all that differ count. */
export async function differenceOf(
  provider: Provider,
  old: Resource,
  goal: Resource,
  inputs: Props,
): Promise<Difference> {
  const answer = await provider.diff(old, inputs, goal.ignoreChanges ?? []);
  let paths: Path[] = [...Object.keys(answer.detailedDiff), ...answer.diffs].map(parsePath);
  let changed = answer.changes === verdict.some;
  if (answer.changes === verdict.unknown) {
    paths = compare(old.inputs ?? {}, inputs).map(({ path }) => path);
    changed = paths.length > 0;
  }
  const { deleteBeforeReplace } = answer;
  if (!changed) return { changed: (old.initErrors ?? []).length > 0, replaceKeys: [], deleteBeforeReplace };
  const patterns = (goal.replaceOnChanges ?? []).map(parsePath);
  const asked = paths.filter((path) => patterns.some((pattern) => pathsMeet(pattern, path)));
  return { changed, replaceKeys: [...new Set([...answer.replaces, ...asked.map(formatPath)])], deleteBeforeReplace };
}
