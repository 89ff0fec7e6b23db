import { afterEach, describe, expect, test } from "vitest";
import { Config } from "../../../../provider/core/config";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../../provider/emulator";
import { EngagelabClient } from "../../../../provider/engagelab/api/client";
import { ContactsClient } from "../../../../provider/engagelab/reading/client";
import { getContact, listContacts } from "../../../../provider/engagelab/reading/functions";
import { errorOf } from "../bench";

let emulator: Emulator;
afterEach(() => emulator.close());

const people = Array.from({ length: 250 }, (_, index) => ({
  email: `person-${index}@example.com`,
  name: index % 2 ? "Odd" : "Even",
  tags: index % 10 ? [] : ["tenth"],
}));

async function start(engagelab: EmulatorOptions["engagelab"] = {}) {
  emulator = await startEmulator({ engagelab });
  const all: Record<string, string> = {
    engagelabApiUser: "user",
    engagelabApiKey: "key",
    engagelabUrl: emulator.url,
    engagelabRate: "0",
  };
  const ids = emulator.engagelab.seed(people);
  return { ids, client: new EngagelabClient(new Config({ get: (key) => all[key.replace("journeys:", "")] }, {})) };
}

describe("getContact", () => {
  test("by id and by address give the same, in plain values", async () => {
    const { client, ids } = await start();
    const byId = await getContact(client, { contactId: ids[130]! });
    expect(byId).toMatchObject({
      contactId: ids[130],
      email: "person-130@example.com",
      tagNames: ["tenth"],
      fields: {},
    });
    expect(await getContact(client, { email: "PERSON-130@example.com" })).toEqual(byId);
  });

  test("of nobody is undefined", async () => {
    const { client } = await start();
    expect(await getContact(client, { contactId: "8" })).toBeUndefined();
    expect(await getContact(client, { email: "nobody@example.com" })).toBeUndefined();
  });

  test("of an address that several have is not guessed", async () => {
    const { client } = await start({ emailIdentity: "case-sensitive" });
    emulator.engagelab.seed([{ email: "Person-7@example.com" }]);
    const error = await errorOf(getContact(client, { email: "person-7@example.com" }));
    expect(error.code).toBe("already-exists");
    expect(error.message).not.toContain("@");
  });

  test.each([
    [{}, /contactId: is required, or email/],
    [{ contactId: "1", email: "a@example.com" }, /not both/],
    [{ contactId: "delete" }, /a digit at least/],
    [{ contactId: "a/1" }, /letters and digits only/],
    [{ email: "canary" }, /email: must/],
  ])("refuses %j before any call", async (args, message) => {
    const { client } = await start();
    const error = await errorOf(getContact(client, args));
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("canary");
    expect(emulator.requests()).toBe(0);
  });
});

describe("listContacts", () => {
  test("says whether there are more", async () => {
    const { client } = await start();
    const some = await listContacts(client, { limit: 120 });
    expect(some.contacts).toHaveLength(120);
    expect(some.truncated).toBe(true);
    const rest = await listContacts(client, { limit: 1000, offset: 120 });
    expect(rest.contacts).toHaveLength(130);
    expect(rest.truncated).toBe(false);
    const all = [...some.contacts, ...rest.contacts].map(({ email }) => email);
    expect(new Set(all).size).toBe(250);
    expect((await listContacts(client, { limit: 250 })).truncated).toBe(false);
  });

  test.each([{}, { filteredTotal: "all" as const }])(
    "reads a condition to its end, whatever the total says",
    async (switches) => {
      const { client } = await start(switches);
      const { contacts } = await listContacts(client, {
        condition: { items: [{ field: "Name", operator: "==", value: "Odd" }] },
      });
      expect(contacts).toHaveLength(125);
    },
  );

  test("a condition's list with gaps is an error, and no shorter list", async () => {
    const { client } = await start({ listOrder: "shuffled" });
    const condition = { items: [{ field: "Name", operator: "==" as const, value: "Odd" }] };
    expect((await errorOf(listContacts(client, { condition }))).message).toMatch(/others may have been left out/);
    const tenth = { items: [{ field: "tag", operator: "==" as const, value: "tenth" }] };
    expect((await listContacts(client, { condition: tenth })).contacts).toHaveLength(25);
  });

  test.each([
    [{ limit: 0 }, /limit/],
    [{ offset: -1 }, /offset/],
    [{ condition: { items: [] } }, /condition\.items/],
    [{ condition: { items: [{ field: "Name", operator: "=" as "==", value: "x" }] } }, /operator/],
  ])("refuses %j before any call", async (args, message) => {
    const { client } = await start();
    expect((await errorOf(listContacts(client, args))).message).toMatch(message);
    expect(emulator.requests()).toBe(0);
  });
});

describe("the client streams", () => {
  test("everything, with progress", async () => {
    const { client } = await start();
    const contacts = new ContactsClient(client);
    const progress: unknown[] = [];
    let count = 0;
    for await (const contact of contacts.contacts({}, { onProgress: (each) => progress.push(each) })) {
      expect(contact.email).toBe(people[count]!.email);
      count += 1;
    }
    expect(count).toBe(250);
    expect(progress).toEqual([100, 200, 250].map((done) => ({ contacts: done, total: 250 })));
    await contacts.close();
  });

  test("and a list that ends too early is an error after what came", async () => {
    const { client } = await start({ listReach: 180 });
    let count = 0;
    const error = await errorOf(
      (async () => {
        for await (const _ of new ContactsClient(client).contacts()) count += 1;
      })(),
    );
    expect(count).toBe(180);
    expect(error.message).toMatch(/ended after 180 contacts, of 250/);
  });
});
