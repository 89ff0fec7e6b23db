/**
 * Whether a condition holds for a contact as it was read. How the platform matches is its own affair, so before anybody
 * is deleted the same is found out here, in the narrowest reading: letter case counts, but never in favour of a delete.
 * Pure.
 */
import { invalidInput, type Problem } from "../../core/errors";
import type { Condition } from "../api/condition";
import type { RemoteContact } from "../api/contact";
import { EXACT_DIGITS, fieldText } from "../contact/compare";
import { reservedFields } from "../contact/inputs";

type Item = Condition["items"][number];
type Operator = Item["operator"];

/** What a contact has of a field: nothing, one text or, of tags, several. */
type Values = (contact: RemoteContact) => readonly string[];

/** System properties, as the platform's documentation spells them. */
const systemFields: ReadonlyMap<string, Values> = new Map<string, Values>([
  ["Email", ({ email }) => [email]],
  ["Phone", ({ phone }) => present(phone)],
  ["Name", ({ name }) => present(name)],
  ["tag", ({ tags }) => tags ?? []],
  ["domain", ({ email }) => [email.slice(email.lastIndexOf("@") + 1)]],
]);
/** In addresses letter case never tells people apart. */
const ignoringCase: ReadonlySet<string> = new Set(["Email", "domain"]);
const orderings: ReadonlySet<Operator> = new Set([">", ">=", "<", "<="]);

/** @throws JourneysError `invalid-input` for a condition that is none, or that can't be checked here */
export function matcher({ relation, items }: Condition): (contact: RemoteContact) => boolean {
  const problems = items.flatMap((item, index) => problemsOf(item, index));
  if (items.length === 0) problems.push({ path: ["where"], reason: "must say which contacts are meant" });
  if (problems.length > 0) throw invalidInput("contacts purge", problems);
  const tests = items.map(testOf);
  return (contact) => {
    // Where only ids of tags are shown, nothing that is asked of tags can be known.
    if (!contact.tags && items.some(({ field }) => field === "tag")) return false;
    return relation === "or" ? tests.some((test) => test(contact)) : tests.every((test) => test(contact));
  };
}

function problemsOf({ field, operator, value }: Item, index: number): Problem[] {
  const path = ["where", index];
  const system = [...systemFields.keys()].find((name) => name.toLowerCase() === field.toLowerCase());
  if (system !== undefined && system !== field) {
    return [{ path, reason: `the platform's documentation spells this field ${system}` }];
  }
  if (system === undefined && reservedFields.includes(field.toLowerCase())) {
    return [{ path, reason: `how contacts compare by this field isn't documented, so it can't be checked here` }];
  }
  if (value.trim() === "" && operator !== "exist") return [{ path, reason: "needs something to compare with" }];
  if (!orderings.has(operator)) return [];
  if (system !== undefined) return [{ path, reason: `${operator} says nothing of ${system}` }];
  if (numberIn(value) !== undefined) return [];
  return [
    { path, reason: `${operator} can be checked here for numbers only: nothing shows how a property writes dates` },
  ];
}

function testOf({ field, operator, value }: Item): (contact: RemoteContact) => boolean {
  const values = systemFields.get(field) ?? propertyOf(field);
  const some = (test: (text: string) => boolean) => (contact: RemoteContact) => values(contact).some(test);
  const none = (test: (text: string) => boolean) => (contact: RemoteContact) => !values(contact).some(test);
  const exactly = ignoringCase.has(field) ? lower : (text: string) => text;
  // A phone number is no number, and no name is.
  const isSame = systemFields.has(field) ? () => false : isSameNumber;
  switch (operator) {
    case "==":
      return some((text) => exactly(text) === exactly(value) || (isSame(text, value) && isPlainNumber(text, value)));
    case "!=":
      return none((text) => lower(text) === lower(value) || isSame(text, value));
    case "contain":
      return some((text) => exactly(text).includes(exactly(value)));
    case "does not contain":
      return none((text) => lower(text).includes(lower(value)));
    case "exist":
      return some((text) => text !== "");
    default:
      return some((text) => isOrdered(operator, numberIn(text), numberIn(value)));
  }
}

function propertyOf(name: string): Values {
  return ({ fields }) => (Object.hasOwn(fields, name) ? [fieldText(fields[name])] : []);
}

function isOrdered(operator: Operator, one: number | undefined, other: number | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  if (operator === ">") return one > other;
  if (operator === ">=") return one >= other;
  return operator === "<" ? one < other : one <= other;
}

/** The platform may write a number in a format of its own. */
function isSameNumber(one: string, other: string): boolean {
  const number = numberIn(one);
  return number !== undefined && number === numberIn(other);
}

/** A code with zeros in front is no number, nor is one with more digits than a number holds. */
function isPlainNumber(...texts: string[]): boolean {
  return texts.every((text) => !/^\s*[-+]?0\d/.test(text) && text.replace(/\D/g, "").length <= EXACT_DIGITS);
}

function numberIn(text: string): number | undefined {
  return /^[-+]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}

function lower(text: string): string {
  return text.toLowerCase();
}

function present(text: string): string[] {
  return text === "" ? [] : [text];
}
