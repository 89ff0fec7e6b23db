/**
 * Functions that read contacts, each in two forms. The plain ones take plain values and resolve to plain values: nothing
 * in them is marked secret, so keep what they return out of stack outputs. The `…Output` forms take Outputs too and give
 * a secret Output, since contacts are people. All of them work in previews, since they only read. They use the stack's
 * configuration (`journeys:…`), then the environment.
 */
import * as pulumi from "@pulumi/pulumi";
import type { SettingName } from "../core/settings";
import type { EngagelabClient } from "../engagelab/api/client";
import type { ContactsClient } from "../engagelab/reading/client";
import type { ContactList, FoundContact, GetContactArgs, ListContactsArgs } from "../engagelab/reading/functions";
import { type Lifted, lift } from "./lift";

export type { ConditionArgs } from "../engagelab/api/condition";
export type { ContactsClient } from "../engagelab/reading/client";
export type { Progress, StreamOptions } from "../engagelab/reading/functions";
export type { Lifted } from "./lift";
export type { ContactList, FoundContact, GetContactArgs, ListContactsArgs };

// The platform's code is loaded at the first call, so that a program that only declares resources stays light.
const platform = async () => import("../engagelab/reading/index.js");

let shared: Promise<EngagelabClient> | undefined;

/** The process's client, with the program's configuration. */
async function client(): Promise<EngagelabClient> {
  shared ??= platform().then(({ openClient }) => openClient({ get: pulumi.runtime.getConfig }, process.env));
  return shared;
}

/**
 * One contact by id or address, or undefined if there is none. Returns plain values: address, phone, name and fields are
 * personal data and not marked secret.
 *
 * @throws JourneysError: what happened, what is true now, what to do next. So do all functions here.
 */
export async function getContact(args: GetContactArgs): Promise<FoundContact | undefined> {
  return (await platform()).getContact(await client(), args);
}

/** `getContact` for arguments that may be Outputs. The result is secret. */
export function getContactOutput(args: pulumi.Input<Lifted<GetContactArgs>>): pulumi.Output<FoundContact | undefined> {
  return lift(getContact, args, true);
}

/**
 * Contacts a condition holds for, the first 1,000 by default; `truncated` says whether there are more, all of which
 * `contacts` streams. Returns plain values: address, phone, name and fields are personal data and not marked secret.
 */
export async function listContacts(args: ListContactsArgs = {}): Promise<ContactList> {
  return (await platform()).listContacts(await client(), args);
}

/** `listContacts` for arguments that may be Outputs. The result is secret. */
export function listContactsOutput(args: pulumi.Input<Lifted<ListContactsArgs>> = {}): pulumi.Output<ContactList> {
  return lift(listContacts, args, true);
}

/**
 * A client whose method `contacts` streams everything, with a page in memory at a time. Close it when done.
 *
 * @param settings Settings that differ from the program's, such as `engagelabApiKey` for another account.
 */
export async function contacts(settings: Partial<Record<SettingName, string>> = {}): Promise<ContactsClient> {
  const { openClient, ContactsClient: Client } = await platform();
  const get = (key: string) => settings[key.replace("journeys:", "") as SettingName] ?? pulumi.runtime.getConfig(key);
  return new Client(openClient({ get }, process.env));
}
