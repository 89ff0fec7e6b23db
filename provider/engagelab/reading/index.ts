/** Every way to read from EngageLab, as functions of a client. */
import { Config, type Settings } from "../../core/config";
import { EngagelabClient } from "../api/client";

export { ContactsClient } from "./client";
export { getContact, listContacts } from "./functions";

/** A client with these settings. Nothing is read of them, and nothing is opened, before the first call. */
export function openClient(settings: Settings, env: NodeJS.ProcessEnv): EngagelabClient {
  return new EngagelabClient(new Config(settings, env));
}
