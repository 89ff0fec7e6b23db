/** A list of two thousand people: sent in batches, edited row by row, and not emptied by accident. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "pulumi-journeys/testing";
import { failedWith, Telling, told } from "./telling.mts";

const ROWS = 2000;

export async function sets(engine: Engine): Promise<Telling["findings"]> {
  const tell = await Telling.open(
    engine,
    "contact-set",
    {
      "journeys:engagelabApiUser": "demo",
      "journeys:engagelabApiKey": { value: "demo-key", secret: true },
      "journeys:engagelabRate": 0,
    },
    {},
  );
  const { folder } = tell.example;
  const file = join(folder, "customers.csv");
  try {
    const list = spawnSync(process.execPath, ["make-customers.mjs", String(ROWS)], { cwd: folder, encoding: "utf8" });
    writeFileSync(file, list.stdout);
    await send(tell);
    await shrink(tell, file);
    return tell.findings;
  } finally {
    await tell.close();
  }
}

async function send(tell: Telling): Promise<void> {
  const { engagelab } = tell.emulator;
  const preview = await tell.act("Preview: a file of 2,000 people", "preview");
  tell.expect(
    "the preview counts members and calls, and makes none",
    told(preview, "upsert 2,000 members: 2,000 added (2 calls)") && preview.calls.length === 0,
  );
  const first = await tell.act("Up: all of them", "up");
  const upserts = first.writes.filter((name) => name === "contact.upsert");
  tell.expect("2,000 contacts in two upserts", engagelab.count() === ROWS && upserts.length === 2);
  tell.expect("no address is printed", !tell.named(["@example.com"]));
  const again = await tell.act("Up again", "up");
  tell.expect("a second up makes no call at all", again.result.ok && again.calls.length === 0);

  tell.example.edit("customers.csv", "joan.costa.2@example.com,Joan Costa,", "joan.costa.2@example.com,Joan C. Costa,");
  const edited = await tell.act("One row of the file changes", "up");
  tell.expect("one upsert, of one member", edited.writes.join() === "contact.upsert" && told(edited, "1 changed"));
}

async function shrink(tell: Telling, file: string): Promise<void> {
  const { engagelab } = tell.emulator;
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  writeFileSync(file, `${lines.slice(0, ROWS / 2).join("\n")}\n`);
  const refused = await tell.act("The file is cut off in the middle", "up");
  tell.expect(
    "a mass removal is refused before any call, with the number that would allow it",
    failedWith(refused, "set allowDeletions: 1001") && refused.calls.length === 0,
  );

  tell.emulator.behind.contact("joan.costa.2@example.com").unsubscribe();
  writeFileSync(file, `${[...lines.slice(0, 2), ...lines.slice(5)].join("\n")}\n`);
  const removed = await tell.act("Three people leave the file; one of them has opted out meanwhile", "up");
  tell.expect("two contacts are deleted", engagelab.deletions().length === 2 && engagelab.count() === ROWS - 2);
  tell.expect(
    "the third is released: the opt-out stays",
    removed.result.ok && engagelab.contact("joan.costa.2@example.com").unsubscribedAt !== null,
  );
}
