import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../../provider/emulator";
import { engagelab } from "../../../provider/index";

const registered = new Map<string, pulumi.runtime.MockResourceArgs>();
let emulator: Emulator;

beforeEach(async () => {
  registered.clear();
  emulator = await startEmulator();
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        registered.set(args.name, args);
        return { id: `${args.name}-id`, state: args.inputs };
      },
      call: () => ({}),
    },
    "shop",
    "dev",
  );
  pulumi.runtime.setAllConfig({
    "journeys:engagelabUrl": emulator.url,
    "journeys:engagelabApiUser": "user",
    "journeys:engagelabApiKey": "key",
    "journeys:engagelabRate": "0",
  });
});
afterEach(() => emulator.close());

const secretMark = "4dabf18193072939515e22adb298388d";
const resolved = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

test("Contact: what is personal is a secret input, whatever the program says", async () => {
  const args = { email: "ada@example.com", phone: "1", name: "Ada", fields: { Age: 7 }, tags: ["vip"] };
  await resolved(new engagelab.Contact("ada", args).urn);
  const { inputs, type } = registered.get("ada")!;
  expect(type).toBe("pulumi-nodejs:dynamic/journeys/engagelab:Contact");
  expect(inputs.__secretPaths).toEqual(["email", "fields", "name", "phone"]);
  for (const name of ["email", "phone", "name", "fields"]) expect(Object.keys(inputs[name])).toContain(secretMark);
  expect(inputs.tags).toEqual(["vip"]);
  expect(inputs.__provider).toBe('exports.handler = () => require("pulumi-journeys/dynamic/engagelab-contact");');
});

test("ContactTag and ContactField register plainly; none can be imported", async () => {
  await resolved(new engagelab.ContactTag("vip", { name: "vip" }).urn);
  await resolved(new engagelab.ContactField("level", { name: "Level", type: "text" }).urn);
  expect(registered.get("vip")).toMatchObject({ inputs: { name: "vip" } });
  expect(registered.get("level")?.type).toBe("pulumi-nodejs:dynamic/journeys/engagelab:ContactField");
  expect(() => new engagelab.Contact("x", { email: "ada@example.com" }, { import: "1" })).toThrow(/adoptExisting/);
});

describe("reading", () => {
  test("plain forms give plain values, Output forms secrets", async () => {
    const [contactId] = emulator.engagelab.seed([{ email: "ada@example.com", name: "Ada" }]);
    expect(await engagelab.getContact({ email: "ADA@example.com" })).toMatchObject({ contactId, name: "Ada" });
    const listed = await engagelab.listContacts();
    expect(listed).toMatchObject({ contacts: [{ contactId }], truncated: false });
    const one = engagelab.getContactOutput({ contactId: pulumi.output(contactId!) });
    const all = engagelab.listContactsOutput({ limit: 1 });
    expect(await resolved(one)).toMatchObject({ contactId });
    expect(await resolved(all)).toEqual(listed);
    expect([await pulumi.isSecret(one), await pulumi.isSecret(all)]).toEqual([true, true]);
  });

  test("a client streams everything, with settings of its own", async () => {
    emulator.engagelab.seed(Array.from({ length: 120 }, (_, index) => ({ email: `p${index}@example.com` })));
    const client = await engagelab.contacts({ engagelabUrl: emulator.url });
    let count = 0;
    for await (const _ of client.contacts()) count += 1;
    expect(count).toBe(120);
    await client.close();
  });
});

test("what isn't as it must be gets to the provider, which says so", async () => {
  await resolved(new engagelab.Contact("nobody", {} as engagelab.ContactArgs).urn);
  expect(registered.get("nobody")?.inputs).not.toHaveProperty("email");
  const members = { email: "ada@example.com" } as unknown as engagelab.ContactMember[];
  await resolved(new engagelab.ContactSet("odd", { members }).urn);
  expect(registered.get("odd")?.inputs.members).toHaveProperty("value", { email: "ada@example.com" });
});
