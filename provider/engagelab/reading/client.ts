/** What a program holds to read more contacts than a function returns, a page in memory at a time. */
import type { EngagelabClient } from "../api/client";
import {
  type FoundContact,
  type GetContactArgs,
  getContact,
  type ListContactsArgs,
  type StreamOptions,
  streamContacts,
} from "./functions";

/**
 * Reads to the end, one by one: `for await (const contact of client.contacts({ … })) …`. A failing page is an error
 * after the contacts before it were handed out, and so is a list that ends too early. Leaving the loop stops the reading.
 */
export class ContactsClient {
  readonly #client: EngagelabClient;

  constructor(client: EngagelabClient) {
    this.#client = client;
  }

  /** Every contact the condition holds for; all contacts without one. */
  contacts(
    args?: Pick<ListContactsArgs, "condition">,
    options?: StreamOptions,
  ): AsyncGenerator<FoundContact, void, undefined> {
    return streamContacts(this.#client, args, options);
  }

  /** One contact by id or address, or undefined if there is none. */
  contact(args: GetContactArgs): Promise<FoundContact | undefined> {
    return getContact(this.#client, args);
  }

  /** Closes the connections. */
  close(): Promise<void> {
    return this.#client.close();
  }
}
