// What states of released versions hold. None of it may ever change or go: a state written today must be read by every
// later release. A new kind, or a new key of a state, adds a line here.
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { PROVIDER_KEY, passedKeys } from "../../../provider/core/passed";
import { startEmulator } from "../../../provider/emulator";
import { declarations } from "../../../provider/sdk/declarations";
import { dynamicType, providerText } from "../../../provider/sdk/dynamic";
import { DynamicProcess } from "./dynamic-process";

const require = createRequire(__filename);

const frozen = [
  {
    kind: "pushwoosh-journey",
    token: "journeys:pushwoosh:Journey",
    type: "pulumi-nodejs:dynamic/journeys/pushwoosh:Journey",
    provider: 'exports.handler = () => require("pulumi-journeys/dynamic/pushwoosh-journey");',
    stateVersion: 1,
  },
  {
    kind: "pushwoosh-journey-entry",
    token: "journeys:pushwoosh:JourneyEntry",
    type: "pulumi-nodejs:dynamic/journeys/pushwoosh:JourneyEntry",
    provider: 'exports.handler = () => require("pulumi-journeys/dynamic/pushwoosh-journey-entry");',
    stateVersion: 1,
  },
  {
    kind: "pushwoosh-user-removal",
    token: "journeys:pushwoosh:UserRemoval",
    type: "pulumi-nodejs:dynamic/journeys/pushwoosh:UserRemoval",
    provider: 'exports.handler = () => require("pulumi-journeys/dynamic/pushwoosh-user-removal");',
    stateVersion: 1,
  },
  {
    kind: "engagelab-contact",
    token: "journeys:engagelab:Contact",
    type: "pulumi-nodejs:dynamic/journeys/engagelab:Contact",
    provider: 'exports.handler = () => require("pulumi-journeys/dynamic/engagelab-contact");',
    stateVersion: 1,
  },
  {
    kind: "engagelab-contact-set",
    token: "journeys:engagelab:ContactSet",
    type: "pulumi-nodejs:dynamic/journeys/engagelab:ContactSet",
    provider: 'exports.handler = () => require("pulumi-journeys/dynamic/engagelab-contact-set");',
    stateVersion: 1,
  },
  {
    kind: "engagelab-contact-tag",
    token: "journeys:engagelab:ContactTag",
    type: "pulumi-nodejs:dynamic/journeys/engagelab:ContactTag",
    provider: 'exports.handler = () => require("pulumi-journeys/dynamic/engagelab-contact-tag");',
    stateVersion: 1,
  },
  {
    kind: "engagelab-contact-field",
    token: "journeys:engagelab:ContactField",
    type: "pulumi-nodejs:dynamic/journeys/engagelab:ContactField",
    provider: 'exports.handler = () => require("pulumi-journeys/dynamic/engagelab-contact-field");',
    stateVersion: 1,
  },
] as const;

describe("permanent contracts", () => {
  test.each(frozen)("$kind: type, text and sub-path", ({ kind, token, type, provider }) => {
    expect(dynamicType(token)).toBe(type);
    expect(providerText(kind)).toBe(provider);
    const exported = require(`pulumi-journeys/dynamic/${kind}`);
    for (const method of ["configure", "check", "diff", "create", "read", "update", "delete"]) {
      expect(exported[method]).toBeTypeOf("function");
    }
  });

  test.each(frozen)("$kind: declared under its names", ({ kind, token, stateVersion }) => {
    const all = Object.values(declarations).flatMap((module) => module.map(({ resource }) => resource));
    expect(all.find((resource) => resource.kind === kind)).toMatchObject({ token, stateVersion });
  });

  test("every declared resource is in this list, with a file of its own", () => {
    const all = Object.values(declarations).flatMap((module) => module.map(({ resource }) => resource.kind));
    expect(frozen.map(({ kind }) => kind)).toEqual(all);
    const files = readdirSync("provider/hosts/dynamic").filter((name) => /^(pushwoosh|engagelab)-/.test(name));
    expect(files.sort()).toEqual(all.map((kind) => `${kind}.ts`).sort());
  });

  test("what the class passes", () => {
    expect(PROVIDER_KEY).toBe("__provider");
    expect(passedKeys).toEqual({
      urn: "__ownUrn",
      secretPaths: "__secretPaths",
      portableDigest: "__portableDigest",
    });
  });

  test("the keys of a journey's state", async () => {
    const emulator = await startEmulator();
    const host = await DynamicProcess.start("@pulumi/pulumi");
    try {
      await host.configure({ "journeys:pushwooshJourneyUrl": emulator.url, "journeys:pushwooshApiToken": "t" });
      const { properties } = await host.create({
        title: "Welcome",
        applicationCode: "AAAAA-BBBBB",
        points: {},
        __ownUrn: `urn:pulumi:dev::shop::${frozen[0].type}::welcome`,
        __secretPaths: [],
        __portableDigest: "d1",
        __provider: frozen[0].provider,
      });
      expect(Object.keys(properties).sort()).toEqual([
        "__ownUrn",
        "__portableDigest",
        "__provider",
        "__secretPaths",
        "applicationCode",
        "appliedAt",
        "appliedInputs",
        "createdAt",
        "definitionDigest",
        "everRan",
        "info",
        "journeyId",
        "lastAnswer",
        "memory",
        "pointIds",
        "portableDigest",
        "stamp",
        "stateVersion",
        "status",
        "statusSource",
        "title",
        "updatedAt",
      ]);
    } finally {
      await host.close();
      await emulator.close();
    }
  });

  test("the keys of the states of an entry and a removal, whose people are secret", async () => {
    const emulator = await startEmulator();
    const points = [{ uuid: "e", point_data: { start_by_api: {} } }];
    const journeyId = emulator.behind.createJourney({ title: "T", params: { application_code: "A-B" }, points });
    emulator.behind.journey(journeyId).start();
    const host = await DynamicProcess.start("@pulumi/pulumi");
    const create = async (index: number, inputs: object) => {
      const { type, provider } = frozen[index]!;
      const passed = { __ownUrn: `urn:pulumi:dev::shop::${type}::people`, __provider: provider };
      return (await host.create({ ...inputs, ...passed })).properties;
    };
    try {
      await host.configure({ "journeys:pushwooshJourneyUrl": emulator.url, "journeys:pushwooshApiToken": "t" });
      const entry = await create(1, { journeyId, users: ["canary-1"], __secretPaths: ["users"] });
      expect(Object.keys(entry).sort()).toEqual([
        "__ownUrn",
        "__provider",
        "__secretPaths",
        "appliedInputs",
        "enteredAt",
        "entryId",
        "journeyId",
        "key",
        "outcome",
        "parts",
        "peopleEntered",
        "requestIds",
        "stamp",
        "stateVersion",
      ]);
      const removal = await create(2, { userIds: ["canary-1"], journeyIds: [journeyId], __secretPaths: ["userIds"] });
      expect(Object.keys(removal).sort()).toEqual([
        "__ownUrn",
        "__provider",
        "__secretPaths",
        "appliedInputs",
        "peopleRemoved",
        "removalId",
        "removedAt",
        "stateVersion",
      ]);
      for (const { appliedInputs, ...plain } of [entry, removal]) {
        expect(JSON.stringify(plain)).not.toContain("canary");
        expect(Object.keys(appliedInputs as object)).toContain("4dabf18193072939515e22adb298388d");
      }
      expect(emulator.pushwoosh.entries()).toHaveLength(1);
      expect(emulator.pushwoosh.removals()).toHaveLength(1);
    } finally {
      await host.close();
      await emulator.close();
    }
  });

  test("the keys of the states of a contact, a tag and a property; a contact's person is secret and never shown", async () => {
    const emulator = await startEmulator();
    const host = await DynamicProcess.start("@pulumi/pulumi");
    const passed = (kind: string) => {
      const { type, provider } = frozen.find((each) => each.kind === kind)!;
      return { __ownUrn: `urn:pulumi:dev::shop::${type}::own`, __provider: provider };
    };
    const create = async (kind: string, inputs: object) =>
      (await host.create({ ...inputs, ...passed(kind) })).properties;
    const person = {
      email: "canary@canary.example",
      phone: "canary-1",
      name: "Canary C.",
      fields: { Gender: "canary-2" },
    };
    try {
      await host.configure({
        "journeys:engagelabUrl": emulator.url,
        "journeys:engagelabApiUser": "user",
        "journeys:engagelabApiKey": "canary-key",
        "journeys:engagelabRate": "0",
      });
      const inputs = { ...person, tags: ["vip"], ...passed("engagelab-contact") };
      expect((await host.check({}, inputs)).failures).toEqual([]);
      const contact = await create("engagelab-contact", inputs);
      expect(Object.keys(contact).sort()).toEqual([
        "__ownUrn",
        "__provider",
        "adopted",
        "appliedInputs",
        "contactId",
        "createdAt",
        "email",
        "fields",
        "listId",
        "name",
        "owned",
        "phone",
        "stamp",
        "stateVersion",
        "tagNames",
      ]);
      const { email, phone, name, fields, appliedInputs, ...plain } = contact;
      for (const secret of [email, phone, name, fields, appliedInputs]) {
        expect(Object.keys(secret as object)).toContain("4dabf18193072939515e22adb298388d");
      }
      expect(JSON.stringify(plain)).not.toMatch(/canary/i);
      const members = [{ email: "canary.member@canary.example", name: "Canary Member" }];
      const { key, appliedInputs: declared, ...set } = await create("engagelab-contact-set", { members });
      expect(Object.keys(set).sort()).toEqual([
        "__ownUrn",
        "__provider",
        "accountSize",
        "adoptedCount",
        "listId",
        "memberCount",
        "memberDigests",
        "missingCount",
        "setId",
        "stamp",
        "stateVersion",
        "unsubscribedCount",
      ]);
      for (const secret of [key, declared]) {
        expect(Object.keys(secret as object)).toContain("4dabf18193072939515e22adb298388d");
      }
      expect(JSON.stringify(set)).not.toMatch(/canary/i);
      expect(Object.keys(await create("engagelab-contact-tag", { name: "vip2" })).sort()).toEqual([
        "__ownUrn",
        "__provider",
        "adopted",
        "appliedInputs",
        "createdAt",
        "name",
        "stamp",
        "stateVersion",
        "tagId",
      ]);
      expect(Object.keys(await create("engagelab-contact-field", { name: "Level", type: "text" })).sort()).toEqual([
        "__ownUrn",
        "__provider",
        "adopted",
        "appliedInputs",
        "fieldId",
        "name",
        "stamp",
        "stateVersion",
      ]);
      expect(host.stdout).toContain('create contact "own"');
      expect(host.stdout + host.stderr).not.toMatch(/canary/i);
    } finally {
      await host.close();
      await emulator.close();
    }
  });
});
