import { asObject } from "../exchange";
import type { Account } from "./account";
import type { Contact } from "./contact";
import { invalid } from "./errors";
import { type FilterField, filterField } from "./filter-fields";

/** A filter, ready to be asked about contacts. */
export interface Condition {
  matches(contact: Contact): boolean;
  /** The addresses that can match at all, where the filter names nothing but whole addresses. */
  readonly addresses: readonly string[] | undefined;
}

type Test = (contact: Contact) => boolean;

const mostItems = 10;
const operators = ["==", "!=", ">", ">=", "<", "<=", "exist", "contain", "does not contain"] as const;
type Operator = (typeof operators)[number];

/** Reads the `condition` of a body. Undefined when there is none, or none that says anything: it holds for all. */
export function readCondition(account: Account, body: unknown): Condition | undefined {
  const value = asObject(body ?? {});
  if (!value) throw invalid("request body must be a JSON object");
  if (value.condition === undefined || value.condition === null) return undefined;
  const condition = asObject(value.condition);
  if (!condition) throw invalid("condition must be an object");
  const { relation, items = [] } = condition;
  if (!Array.isArray(items)) throw invalid("condition.items must be an array");
  if (items.length === 0) return undefined;
  if (items.length > mostItems) throw invalid(`condition.items must have at most ${mostItems} entries`);
  if (relation !== "and" && relation !== "or") throw invalid("condition.relation must be and or or");
  const read = items.map((item) => readItem(account, item));
  const isAny = relation === "or" || read.length === 1;
  const areAddresses = isAny && read.every(({ address }) => address !== undefined);
  return {
    matches: (contact) =>
      relation === "or" ? read.some(({ test }) => test(contact)) : read.every(({ test }) => test(contact)),
    addresses: areAddresses ? read.map(({ address }) => address ?? "") : undefined,
  };
}

function readItem(account: Account, value: unknown): { test: Test; address?: string } {
  const { field_name: name, op, value: wanted } = asObject(value) ?? {};
  if (typeof name !== "string" || typeof op !== "string" || typeof wanted !== "string") {
    throw invalid("field_name, op and value of an item must be strings");
  }
  if (!isOperator(op) || (op === "==" && account.switches.equals === "refused")) throw invalid(`unknown op ${op}`);
  const field = filterField(account, name);
  if (!field) throw invalid(`unknown field ${name}`);
  const test = createTest(field, op, wanted);
  if (!test) throw invalid(`op ${op} with this value does not apply to field ${name}`);
  return op === "==" && field.isAddress ? { test, address: wanted } : { test };
}

function isOperator(op: string): op is Operator {
  return (operators as readonly string[]).includes(op);
}

/** The test an item stands for; undefined where the operator or the value makes no sense for the field. */
function createTest(field: FilterField, op: Operator, wanted: string): Test | undefined {
  if (op === "exist") return (contact) => field.values(contact).some((value) => value !== "");
  if (op === "contain" || op === "does not contain") {
    const { fold } = field;
    if (!fold) return undefined;
    const part = fold(wanted);
    const contains: Test = (contact) => field.values(contact).some((value) => fold(value).includes(part));
    return op === "contain" ? contains : (contact) => !contains(contact);
  }
  return field.rank ? compareRanks(field, field.rank, op, wanted) : compareTexts(field, op, wanted);
}

function compareTexts(field: FilterField, op: Operator, wanted: string): Test | undefined {
  if (op !== "==" && op !== "!=") return undefined;
  const fold = field.fold ?? ((text: string) => text);
  const whole = fold(wanted);
  const equals: Test = (contact) => field.values(contact).some((value) => fold(value) === whole);
  return op === "==" ? equals : (contact) => !equals(contact);
}

function compareRanks(
  field: FilterField,
  rank: (text: string) => number,
  op: Operator,
  wanted: string,
): Test | undefined {
  const bound = rank(wanted);
  if (Number.isNaN(bound)) return undefined;
  const holds = {
    "==": (value: number) => value === bound,
    "!=": (value: number) => value === bound,
    ">": (value: number) => value > bound,
    ">=": (value: number) => value >= bound,
    "<": (value: number) => value < bound,
    "<=": (value: number) => value <= bound,
  }[op as "==" | "!=" | ">" | ">=" | "<" | "<="];
  const test: Test = (contact) => field.values(contact).some((value) => holds(rank(value)));
  return op === "!=" ? (contact) => !test(contact) : test;
}
