import type { Call } from "../exchange";
import type { World } from "../world";
import type { Condition } from "./condition";
import type { Contact } from "./contact";
import { invalid } from "./errors";
import type { EngagelabSwitches } from "./switches";
import type { ContactTable } from "./table";

/** The contacts a condition holds for, in order of creation; without one the table's own rows, uncopied. */
export function select(table: ContactTable, condition: Condition | undefined): readonly Contact[] {
  if (!condition) return table.all();
  return candidates(table, condition).filter((contact) => condition.matches(contact));
}

/** Whole addresses are looked up; anything else is asked of every contact. */
function candidates(table: ContactTable, { addresses }: Condition): readonly Contact[] {
  if (!addresses) return table.all();
  const found = new Set(addresses.flatMap((address) => table.addressed(address)));
  return [...found].sort((one, other) => one.serial - other.serial);
}

export interface Range {
  readonly limit: number;
  readonly offset: number;
}

/** `limit` and `offset` of a query, within the range of the endpoint. */
export function readRange(
  { query }: Call,
  pageRange: "refused" | "clamped",
  { most, usual }: { most: number; usual: number } = { most: 100, usual: 10 },
): Range {
  const read = (name: string, least: number, greatest: number, preset: number): number => {
    const text = query[name];
    if (text === undefined) return preset;
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= greatest) return value;
    if (pageRange === "refused") throw invalid(`${name} is out of range`);
    return Number.isNaN(value) ? preset : Math.min(Math.max(value, least), greatest);
  };
  return { limit: read("limit", 1, most, usual), offset: read("offset", 0, Number.MAX_SAFE_INTEGER, 0) };
}

/** One page of a selection; `call` numbers the calls, as each may have an order of its own. */
export function readPage(
  selection: readonly Contact[],
  { limit, offset }: Range,
  switches: Required<EngagelabSwitches>,
  world: World,
  call: number,
): Contact[] {
  const size = selection.length;
  const end = Math.min(offset + limit, switches.listReach > 0 ? Math.min(size, switches.listReach) : size);
  const place = placing(size, switches.listOrder, world, call);
  const page: Contact[] = [];
  for (let index = offset; index < end; index += 1) page.push(selection[place(index)]!);
  return page;
}

/** From a place in the answer's order to the place in the order of creation. */
function placing(
  size: number,
  order: Required<EngagelabSwitches>["listOrder"],
  world: World,
  call: number,
): (index: number) => number {
  if (order === "oldest-first" || size === 0) return (index) => index;
  if (order === "newest-first") return (index) => size - 1 - index;
  // Stepping by a number that has no divisor in common with the size visits every place once.
  const shift = Math.floor(world.chance("order", call, "shift") * size);
  let step = 1 + Math.floor(world.chance("order", call, "step") * size);
  while (divisor(step, size) !== 1) step += 1;
  return (index) => (shift + index * step) % size;
}

function divisor(one: number, other: number): number {
  return other === 0 ? one : divisor(other, one % other);
}
