// People who move from one resource of a program to another, through engine, provider process and HTTP: whichever of both waits
// for the other one, nobody is deleted and created anew, since an opt-out could be lost with the old contact.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { engagelab } from "../../provider";
import { type Emulator, startEmulator } from "../../provider/emulator";
import { Ground } from "./ground";

vi.setConfig({ testTimeout: 60_000 });

/** Which of both is registered only once the other one is done. */
const orders = ["neither waits", "the new one waits", "the old one waits"] as const;
const moves = [
  ["set", "set"],
  ["set", "file"],
  ["set", "contact"],
  ["contact", "set"],
] as const;
const cases = moves.flatMap(([first, second]) =>
  orders.map((order, index) => ({ order, first, second, id: `${first}-${second}-${index}` })),
);
type Case = (typeof cases)[number];

let emulator: Emulator;
let ground: Ground;
/** Where everybody is declared: with the first resource or the second one. */
let at: "first" | "second";
let mover = true;

const address = (id: string, who: string) => `${who}.${id}@canary.example`;

/** One of a case's two resources. A contact has nobody to be but the mover; a set has others. */
function declare(each: Case, which: "first" | "second", dependsOn: pulumi.Resource[]): pulumi.Resource | undefined {
  const name = `${each.id}-${which}`;
  const moving = mover && at === which ? [{ email: address(each.id, "mover"), name: "Canary" }] : [];
  if (each[which] === "contact") {
    return moving.length
      ? new engagelab.Contact(name, { ...moving[0]!, forceDestroy: true }, { dependsOn })
      : undefined;
  }
  const members = [{ email: address(each.id, `stays.${which}`), name: "Canary" }, ...moving];
  const rules = { onRemoval: "delete", forceDestroy: true } as const;
  if (each[which] === "set") return new engagelab.ContactSet(name, { members, ...rules }, { dependsOn });
  const file = `${name}.csv`;
  writeFileSync(join(ground.folder, file), `email,name\n${members.map((m) => `${m.email},${m.name}\n`).join("")}`);
  return new engagelab.ContactSet(name, { source: { file }, ...rules }, { dependsOn });
}

beforeAll(async () => {
  emulator = await startEmulator();
  ground = await Ground.open({
    sharing: emulator,
  });
  ground.more = () => {
    for (const each of cases) {
      const fresh = at;
      const old = fresh === "first" ? "second" : "first";
      const [early, late] = each.order === "the old one waits" ? ([fresh, old] as const) : ([old, fresh] as const);
      const one = declare(each, early, []);
      declare(each, late, each.order === "neither waits" || !one ? [] : [one]);
    }
  };
});
afterAll(async () => {
  await ground?.close();
  await emulator?.close();
});

const ids = () => cases.map(({ id }) => emulator.engagelab.contact(address(id, "mover")).id);
const deleted = () => emulator.engagelab.deletions().length;

test("there and back, in every order: everybody keeps their contact", async () => {
  at = "first";
  expect(await ground.up()).toMatchObject({ ok: true });
  const before = ids();
  for (const next of ["second", "first"] as const) {
    at = next;
    const moved = await ground.up();
    expect(moved.failure).toBeUndefined();
    expect(deleted()).toBe(0);
    expect(ids()).toEqual(before);
  }
  expect(await ground.up()).toMatchObject({ ok: true, changed: 0 });
});

test("who is declared nowhere any more goes", async () => {
  mover = false;
  expect(await ground.up()).toMatchObject({ ok: true });
  expect(deleted()).toBe(cases.length);
  expect(JSON.stringify([ground.events, await ground.stack.export()])).not.toMatch(/canary/i);
});
