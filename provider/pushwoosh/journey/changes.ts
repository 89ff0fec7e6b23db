/** What a preview prints: what changed in the declaration, and the state where it differs. Pure. */
import type { Change } from "../../core/resource";
import { formatPath, isUnknown } from "../../core/values";
import { differences } from "./definition";
import { editOf } from "./edit";
import type { JourneyInputs } from "./inputs";
import { asWritten, definitionOf } from "./points";
import type { Believed } from "./state";

/** What changed in the declaration, and the state where it differs: what a preview prints. */
export function changesOf(desired: JourneyInputs, believed: Believed): Change[] {
  const { applied } = believed;
  const changes: Change[] = [];
  for (const key of ["applicationCode", ...optionKeys] as const) {
    const change = differences(applied[key], desired[key], [key]);
    changes.push(...(key === "applicationCode" ? change.map((each) => ({ ...each, replaces: true })) : change));
  }
  if (desired.status !== undefined && desired.status !== believed.status) {
    changes.push({ path: ["status"], kind: "update", before: believed.status, after: desired.status });
  } else if (desired.status !== applied.status) {
    changes.push(...differences(applied.status, desired.status, ["status"]));
  }
  const want = definitionOf(desired);
  const declared = differences(definitionOf(applied), want);
  const seen = believed.outside ?? believed.live;
  changes.push(...declared, ...notesOf(desired, applied));
  if (declared.length === 0 && seen && editOf(desired, believed).changed) changes.push(...differences(seen, want));
  const written = changes.map((change) => ({ ...change, path: asWritten(change.path, desired, applied) }));
  return written.sort((a, b) => (formatPath(a.path) < formatPath(b.path) ? -1 : 1));
}

const optionKeys = [
  "editWhileRunning",
  "overwriteOutsideEdits",
  "onFinished",
  "allowSameTitle",
  "forceDestroy",
  "mayBeDropped",
  "adoptStatus",
  "pointIds",
] as const;

/** `role` and `formerly` are never sent, but the next plan reads them from the state. */
function notesOf(desired: JourneyInputs, applied: JourneyInputs): Change[] {
  const notes = (inputs: JourneyInputs) =>
    Object.fromEntries(
      Object.entries(isUnknown(inputs.points) ? {} : inputs.points).map(([name, point]) => [
        name,
        { role: point.role, formerly: point.formerly },
      ]),
    );
  return differences(notes(applied), notes(desired), ["points"]);
}
