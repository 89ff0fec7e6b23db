/** Contacts: created in batches, changed, and an opt-out that is respected. */
import type { Engine } from "pulumi-journeys/testing";
import { Telling } from "./telling.mts";

export async function contacts(engine: Engine): Promise<Telling["findings"]> {
  const tell = await Telling.open(
    engine,
    "contacts",
    {
      "journeys:engagelabApiUser": "demo",
      "journeys:engagelabApiKey": { value: "demo-key", secret: true },
      "journeys:engagelabRate": 0,
    },
    {},
  );
  const { engagelab } = tell.emulator;
  try {
    const first = await tell.act("Up: a tag and three contacts", "up");
    tell.expect(
      "three contacts carry the tag",
      engagelab.contacts().filter(({ tags }) => tags.includes("newsletter")).length === 3,
    );
    tell.expect("in one upsert", first.writes.filter((name) => name === "contact.upsert").length === 1);
    tell.expect("no address is printed", !tell.named(["@example.com"]));

    const again = await tell.act("Up again", "up");
    tell.expect("a second up changes nothing", again.result.ok && again.writes.length === 0);

    tell.example.edit("index.ts", 'name: "Grace"', 'name: "Grace H."');
    const edited = await tell.act("A name changes", "up");
    tell.expect("one upsert", edited.result.ok && edited.writes.join() === "contact.upsert");

    tell.emulator.behind.contact("joan@example.com").unsubscribe();
    tell.example.edit("index.ts", '  reader: { email: "joan@example.com", name: "Joan" },\n', "");
    const removed = await tell.act("A reader opts out, and is removed from the program", "up");
    tell.expect(
      "the contact is released, not deleted: its opt-out stays",
      removed.writes.length === 0 && engagelab.contact("joan@example.com").unsubscribedAt !== null,
    );
    return tell.findings;
  } finally {
    await tell.close();
  }
}
