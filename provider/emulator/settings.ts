import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EngagelabAccount, regionPath } from "./engagelab/accounts";

/** A stack's configuration for a program under test, as `deploy` of `pulumi-journeys/testing` takes it. */
export type EmulatorConfig = Record<string, string | { value: string; secret: true }>;

/**
 * Where the platforms are, credentials that are accepted, no limits, and a record folder which nobody else uses: records of
 * a test in the program's own folder would tell the next run of journeys that no emulator has any more.
 */
export function settingsFor(
  url: string,
  [token = "any"]: readonly string[] = [],
  [account]: readonly EngagelabAccount[] = [],
): { config: EmulatorConfig; recordFolder: string } {
  const { apiUser, apiKey, region } = { region: "sg" as const, apiUser: "any", apiKey: "any", ...account };
  const recordFolder = join(tmpdir(), `journeys-records-${randomUUID()}`);
  const config: EmulatorConfig = {
    "journeys:pushwooshApiToken": { value: token, secret: true },
    "journeys:pushwooshJourneyUrl": url,
    "journeys:pushwooshApiUrl": url,
    "journeys:engagelabApiUser": apiUser,
    "journeys:engagelabApiKey": { value: apiKey, secret: true },
    "journeys:engagelabUrl": `${url}${regionPath[region]}`,
    "journeys:recordFolder": recordFolder,
  };
  for (const limit of ["requestRate", "requestConcurrency", "engagelabRate", "engagelabConcurrency"])
    config[`journeys:${limit}`] = "0";
  return { config, recordFolder };
}
