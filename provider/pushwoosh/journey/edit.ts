/** Whether a definition has to be replaced: what differs from what is declared, and what others changed. Pure. */
import type { Change } from "../../core/resource";
import { isUnknown, type Path, parsePath, startsWith, valueAt } from "../../core/values";
import {
  type Definition,
  differences,
  leafPaths,
  merge,
  missing,
  outsideEdits,
  restsOnUnknown,
  strayLeaves,
} from "./definition";
import type { JourneyInputs } from "./inputs";
import { asWritten, definitionOf } from "./points";
import { type Believed, definitionDigest } from "./state";

export interface Edit {
  changed: boolean;
  /** The change may exist only because a value isn't known yet. */
  onlyUnknown: boolean;
  /** Paths somebody else changed. */
  outside: Path[];
  /** Points of an adopted journey whose UUID isn't known. */
  unmatched: string[];
  paths: Path[];
}

/** Whether the definition has to be replaced, and what stands in the way. */
export function editOf(desired: JourneyInputs, believed: Believed): Edit {
  const want = definitionOf(desired);
  const applied = definitionOf(believed.applied);
  const allowed = (desired.mayBeDropped ?? []).filter((path) => !isUnknown(path)).map(parsePath);
  const declared = differences(applied, want);
  const seen = believed.live ?? believed.outside;
  const theirs = seen ? outsideEdits(seen, believed.baseline, want, believed) : [];
  const known = seen ?? believed.baseline;
  const lacking = missing(want, known, allowed);
  const left = leftovers(declared, known, want);
  // A run that was cut off may have sent what nobody wants any more.
  const stray = believed.live ? strayLeaves(believed.live, merge(want, applied, believed.baseline), believed) : [];
  const freed = declared
    .map(({ path }) => path)
    .filter((path) => allowed.some((prefix) => startsWith(path, prefix)))
    .filter((path) => differences(valueAt(known, path), valueAt(want, path)).length > 0);
  let changed = lacking.length + left.length + freed.length + stray.length > 0;
  if (!believed.live && believed.put === "perhaps") changed = true;
  if (!believed.live && believed.put === "done" && believed.putDigest)
    changed = definitionDigest(want) !== believed.putDigest;
  // As long as nothing is sent, what the platform or somebody added stays, if later edits keep it too.
  const kept = seen && !changed && theirs.length > 0 ? merge(want, applied, seen) : undefined;
  const isKept = (path: Path) => valueAt(believed.baseline, path) === undefined && valueAt(kept, path) !== undefined;
  const outside = kept ? theirs.filter((path) => !isKept(path)) : theirs;
  changed ||= outside.length > 0;
  const unmatched = Object.keys(applied.points).filter(
    (name) => !believed.pointIds[name] && Object.hasOwn(want.points, name),
  );
  const written = (paths: readonly Path[]) => paths.map((path) => asWritten(path, desired, believed.applied));
  return {
    changed,
    onlyUnknown: changed && declared.length > 0 && declared.every(restsOnUnknown),
    outside: written(outside),
    unmatched,
    paths: written([...lacking, ...left, ...freed, ...stray]),
  };
}

/** Values the program once set and no longer does, where they are still there. */
function leftovers(declared: readonly Change[], known: Definition, want: Definition): Path[] {
  const dropped = declared.filter(({ kind }) => kind === "delete").flatMap(leafPaths);
  if (dropped.length === 0) return [];
  const surplus = differences(known, want)
    .filter(({ kind }) => kind === "delete")
    .flatMap(leafPaths);
  return dropped.filter((path) => surplus.some((each) => startsWith(each, path)));
}
