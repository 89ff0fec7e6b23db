/** Members that come as objects: written out in the program, or lines of a JSON Lines file. */
import { validate } from "../../core/validate";
import { formatPath, type JsonObject } from "../../core/values";
import { declaredProblems } from "../contact/inputs";
import { encode } from "./content";
import { type MemberInputs, memberShape } from "./inputs";
import { type Common, type Reading, Rows, tagsOf } from "./rows";

/** Which inputs are personal, and so never shown: all there are. */
const everything = [[]] as const;

export function addMember(line: number, value: JsonObject, common: Common, rows: Rows): void {
  const wrong = memberShape.safeParse(value).success ? [] : validate(memberShape, value, everything);
  for (const { path, reason } of wrong) {
    // A name nobody knows may be anything, a person's too.
    const isUnknown = path.length === 1 && !(String(path[0]) in memberShape.shape);
    rows.fault(line, isUnknown ? "a member" : where(path), isUnknown ? unknownMember : reason);
  }
  if (wrong.length > 0) return;
  const member = value as unknown as MemberInputs;
  const problems = declaredProblems(member);
  for (const { path, reason } of problems) rows.fault(line, where(path), reason);
  const content = problems.length > 0 ? undefined : contentOf(member, common);
  rows.add(line, member.email, content);
}

const unknownMember = `is named otherwise than ${Object.keys(memberShape.shape).join(", ")}`;

/** A property's name comes from the file as well. */
function where(path: readonly (string | number)[]): string {
  return path[0] === "fields" && path.length > 1 ? "a property in fields" : formatPath(path);
}

function contentOf({ phone, name, fields, tags }: MemberInputs, common: Common): string {
  return encode({ phone, name, fields: { ...common.fields, ...fields }, tags: tagsOf(common, tags) });
}

export function readMembers(members: readonly MemberInputs[], common: Common): Reading {
  const rows = new Rows(
    (line) => `members[${line}]`,
    () => ["members"],
  );
  members.forEach((member, index) => {
    addMember(index, member as unknown as JsonObject, common, rows);
  });
  return rows.done();
}
