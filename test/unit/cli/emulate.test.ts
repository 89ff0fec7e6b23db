import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { emulateCommand, greeting, optionsOf } from "../../../provider/cli/emulate";
import { type EmulatorOptions, startEmulator, switches } from "../../../provider/emulator";
import { send } from "../emulator/client";

/** What the flags ask for, without starting anything. */
async function asked(...args: string[]): Promise<EmulatorOptions> {
  let options: EmulatorOptions | undefined;
  const command = emulateCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .action((_: unknown, given: Command) => {
      options = optionsOf(given);
    });
  await command.parseAsync(args, { from: "user" });
  return options!;
}

describe("journeys emulate", () => {
  const every = switches.flatMap(({ name, platform, option, values }) =>
    (values === "whole number" ? [0, 3] : values).map((value) => [`--${name}`, value, platform, option] as const),
  );

  test.each(every)("%s %s", async (flag, value, platform, option) => {
    const options = await asked(flag, String(value));
    expect(options[platform]).toEqual({ [option]: value });
    await (await startEmulator(options)).close();
  });

  test("takes every behaviour the EngageLab contract leaves open", () => {
    const names = switches.filter(({ platform }) => platform === "engagelab").map(({ option }) => option);
    expect(names).toEqual(
      expect.arrayContaining([
        ...["unknownId", "unknownDelete", "authStatus", "authMessage", "filteredTotal", "putScope", "putFields"],
        ...["emptyText", "nullValue", "putTags", "putAnswer", "upsertFields", "untouched", "untouchedTags"],
        ...["skippedTagsOfNew", "unknownTag", "undefinedField", "emailIdentity", "invalidEmail", "duplicateMember"],
        ...["pageRange", "textMatch", "equals", "systemNames", "unconditionalDelete", "listOrder", "listPath"],
        ...["listKey", "lagCalls", "lagMs", "lagScope", "callsPerMinute", "throttledAnswer", "ids"],
        ...["predefinedFields", "maxMembers", "maxBodyBytes"],
      ]),
    );
  });

  test("takes every behaviour the Pushwoosh contract leaves open, and is by default as that deems likeliest", () => {
    const defaults = switches
      .filter(({ platform }) => platform === "pushwoosh")
      .map((row) => [row.option, row.default]);
    expect(Object.fromEntries(defaults)).toMatchObject({
      ...{ transitions: "strict", refusalCode: "9-400", unpopulated: "omitted", unknownFields: "dropped" },
      ...{
        unknownNestedFields: "stored",
        pointIds: "kept",
        pointIdsAcrossJourneys: "accepted",
        putStatus: "unchanged",
      },
      ...{ int64: "numbers", uniqOpened: "absent", auth: "any", paramsPlace: "info", unknownStatistics: "404" },
      ...{ list: "off", listLagCalls: 0, listLagMs: 0, read: "off" },
    });
  });

  test("says how a stack gets to it, to the data centre of its first account", async () => {
    const emulator = await startEmulator(await asked("--account", "two:k2,list=2,region=tr"));
    expect(greeting(emulator).split("\n").slice(1)).toEqual([
      `  pulumi config set journeys:pushwooshJourneyUrl ${emulator.url}`,
      `  pulumi config set journeys:pushwooshApiUrl ${emulator.url}`,
      `  pulumi config set journeys:engagelabUrl ${emulator.url}/tr`,
      "",
    ]);
    await emulator.close();
  });

  test("several flags at once, of both platforms", async () => {
    const args = ["--seed", "7", "--engagelab-ids", "decimal", "--engagelab-lag-calls", "2", "--pushwoosh-list", "on"];
    expect(await asked(...args)).toMatchObject({
      seed: 7,
      engagelab: { ids: "decimal", lagCalls: 2 },
      pushwoosh: { list: "on" },
    });
  });

  test("accepts the credentials it was given, in their data centre, and no other", async () => {
    const options = await asked("--account", "one:k:1", "--account", "two:k2,list=2,region=tr");
    expect(options.accounts).toEqual([
      { apiUser: "one", apiKey: "k:1", listId: 40001, region: "sg" },
      { apiUser: "two", apiKey: "k2", listId: 2, region: "tr" },
    ]);
    const emulator = await startEmulator(options);
    const status = async (path: string, pair: string) => {
      const authorization = `Basic ${Buffer.from(pair).toString("base64")}`;
      return (await send(emulator, "GET", path, undefined, { authorization })).status;
    };
    expect(await status("/v1/account/quota", "one:k:1")).toBe(200);
    expect(await status("/tr/v1/account/quota", "two:k2")).toBe(200);
    expect(await status("/v1/account/quota", "two:k2")).toBe(401);
    await emulator.close();
  });

  test.each([
    [["--engagelab-unknown-id", "500"], /engagelab-unknown-id takes 200, 404, 404-text, null-result, not "500"/],
    [["--engagelab-lag-calls", "-1"], /takes a whole number/],
    [["--engagelab-lag-calls", ""], /takes a whole number/],
    [["--engagelab-nothing", "1"], /unknown option/],
    [["--account", "key"], /user:key/],
    [["--account", "user:key,region=us"], /user:key/],
    [["--fault", "kind=nothing"], /nothing/],
  ])("%j is told", async (args, message) => {
    await expect(asked(...args)).rejects.toThrow(message);
  });
});
