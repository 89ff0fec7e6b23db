import { existsSync, mkdirSync } from "node:fs";
import { expect, it } from "vitest";
import { type Emulator, type EmulatorConfig, startEmulator } from "../../../provider/emulator/index";

const settingOf = (config: EmulatorConfig, key: string): string => {
  const entry = config[`journeys:${key}`] ?? "";
  return typeof entry === "string" ? entry : entry.value;
};

async function accepts({ config }: Emulator): Promise<number[]> {
  const journey = await fetch(`${settingOf(config, "pushwooshJourneyUrl")}/api/v3/journeygateway/unknown/statistics`, {
    headers: { authorization: `Api ${settingOf(config, "pushwooshApiToken")}` },
  });
  const credential = `${settingOf(config, "engagelabApiUser")}:${settingOf(config, "engagelabApiKey")}`;
  const quota = await fetch(`${settingOf(config, "engagelabUrl")}/v1/account/quota`, {
    headers: { authorization: `Basic ${Buffer.from(credential).toString("base64")}` },
  });
  return [journey.status, quota.status];
}

it("gives a program under test addresses and credentials that it accepts, and no limits", async () => {
  const narrow = {
    tokens: ["canary-token"],
    accounts: [{ apiUser: "anna", apiKey: "canary-key", listId: 7, region: "tr" as const }],
  };
  for (const options of [{}, narrow]) {
    const emulator = await startEmulator(options);
    const [journey, quota] = await accepts(emulator);
    expect(journey).not.toBe(401);
    expect(quota).toBe(200);
    for (const limit of ["requestRate", "requestConcurrency", "engagelabRate", "engagelabConcurrency"])
      expect(settingOf(emulator.config, limit)).toBe("0");
    const open = Object.entries(emulator.config).filter(([, value]) => typeof value === "string");
    expect(JSON.stringify(open)).not.toContain("canary");
    await emulator.close();
  }
});

it("has a record folder of its own, which goes with what it is about", async () => {
  const [one, two] = [await startEmulator(), await startEmulator()];
  const folder = settingOf(one.config, "recordFolder");
  expect(folder).not.toBe(settingOf(two.config, "recordFolder"));
  for (const end of [one.reset, one.close]) {
    mkdirSync(folder);
    await end();
    expect(existsSync(folder)).toBe(false);
  }
  await two.close();
});
