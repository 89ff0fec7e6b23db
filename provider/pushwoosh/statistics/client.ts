/** What a program holds to read more than a function returns: streams of everything, a page in memory at a time. */
import type { Bounce, BounceArgs } from "../api/bounces";
import type { PushwooshClient } from "../api/client";
import type { RecipientArgs, RecipientClick } from "../api/links";
import type { LogArgs, LogEvent } from "../api/log";
import type { Message, MessageArgs } from "../api/messages";
import type { StreamOptions } from "./pages";
import { streamBounces, streamClicks, streamLog, streamMessages } from "./streams";

type Stream<Item> = AsyncGenerator<Item, void, undefined>;

/**
 * Reads to the end, item by item: `for await (const event of statistics.messageLog({ … })) …`. Wrong arguments are an
 * error at once; a failing page is one after the items before it were handed out. Leaving the loop stops the reading.
 */
export class StatisticsClient {
  readonly #client: PushwooshClient;

  constructor(client: PushwooshClient) {
    this.#client = client;
  }

  /** Every sent message that fits. */
  messages(args: MessageArgs, options?: StreamOptions): Stream<Message> {
    return streamMessages(this.#client, args, options);
  }

  /** Every event of the message log that fits. `hwid` and `userId` are personal data. */
  messageLog(args: LogArgs, options?: StreamOptions): Stream<LogEvent> {
    return streamLog(this.#client, args, options);
  }

  /** Every click that fits. `hwid` is the recipient's address: personal data. */
  linkClicksByRecipient(args: RecipientArgs, options?: StreamOptions): Stream<RecipientClick> {
    return streamClicks(this.#client, args, options);
  }

  /** Every bounce and complaint that fits. `email` is personal data. */
  bouncedEmails(args: BounceArgs, options?: StreamOptions): Stream<Bounce> {
    return streamBounces(this.#client, args, options);
  }

  /** Closes the connections. */
  close(): Promise<void> {
    return this.#client.close();
  }
}
