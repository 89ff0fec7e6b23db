import type { Call } from "../exchange";
import type { World } from "../world";
import { Account, type SavedAccount } from "./account";
import type { EngagelabSwitches } from "./switches";

/** The platform's data centres. */
export const regions = ["sg", "tr"] as const;
export type EngagelabRegion = (typeof regions)[number];

/** Credentials that are accepted, and the account they open. */
export interface EngagelabAccount {
  apiUser: string;
  apiKey: string;
  /** The account, by its `list_id`. Several credentials may open the same one. */
  listId: number;
  /** The one data centre that knows these credentials. Default `sg`. */
  region?: EngagelabRegion;
}

/** The account any credentials open while none are given. */
const anybodysListId = 40001;

/** Where the endpoints of a data centre lie under the emulator's address. */
export const regionPath: Record<EngagelabRegion, string> = { sg: "", tr: "/tr" };

/** The accounts of both data centres, and the way from credentials to them. */
export class Accounts {
  private readonly byListId = new Map<number, Account>();
  private readonly byCredentials: Map<string, Account> | undefined;
  private numbered = 0;

  constructor(
    private readonly world: World,
    readonly switches: Required<EngagelabSwitches>,
    accepted: readonly EngagelabAccount[] | undefined,
  ) {
    if (!accepted) {
      this.open(anybodysListId);
      return;
    }
    this.byCredentials = new Map();
    for (const { apiUser, apiKey, listId, region = "sg" } of accepted) {
      if (apiUser === "" || apiUser.includes(":") || apiKey === "") {
        throw new Error("An EngageLab account needs an apiUser without a colon and an apiKey.");
      }
      this.byCredentials.set(`${region} ${apiUser}:${apiKey}`, this.open(listId));
    }
  }

  all(): readonly Account[] {
    return [...this.byListId.values()];
  }

  /** The account of a `list_id`, or the first one. @throws Error if there is none. */
  get(listId?: number): Account {
    const account = listId === undefined ? this.all()[0] : this.byListId.get(listId);
    if (account) return account;
    throw new Error(`The emulator has no EngageLab account with the list_id ${listId}.`);
  }

  /** The account that a call's credentials open in its data centre. */
  of(call: Call): Account | undefined {
    const credentials = readCredentials(call.authorization);
    if (credentials === undefined) return undefined;
    if (!this.byCredentials) return this.get();
    const region = call.url.startsWith(`${regionPath.tr}/`) ? "tr" : "sg";
    return this.byCredentials.get(`${region} ${credentials}`);
  }

  clear(): void {
    for (const account of this.byListId.values()) account.clear();
  }

  save(): unknown {
    const accounts = Object.fromEntries([...this.byListId].map(([listId, account]) => [listId, account.save()]));
    return { numbered: this.numbered, accounts };
  }

  restore(saved: unknown): void {
    const { numbered, accounts } = saved as { numbered: number; accounts: Record<string, SavedAccount> };
    this.numbered = numbered;
    for (const [listId, state] of Object.entries(accounts)) this.open(Number(listId)).restore(state);
  }

  private open(listId: number): Account {
    const known = this.byListId.get(listId);
    if (known) return known;
    const account = new Account(listId, this.switches, this.world, () => this.nextId());
    this.byListId.set(listId, account);
    return account;
  }

  private nextId(): string {
    if (this.switches.ids === "hex") return this.world.hex(24);
    this.numbered += 1;
    return String(this.numbered);
  }
}

/** `user:key` from a header of the documented form: standard base64 with padding of UTF-8, nothing else. */
function readCredentials(authorization: string | undefined): string | undefined {
  const [, encoded] = /^Basic ([A-Za-z0-9+/]+={0,2})$/.exec(authorization ?? "") ?? [];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, "base64");
  const text = bytes.toString("utf8");
  const isExact = bytes.toString("base64") === encoded && Buffer.from(text).equals(bytes);
  return isExact && /^[^:]+:./s.test(text) ? text : undefined;
}
