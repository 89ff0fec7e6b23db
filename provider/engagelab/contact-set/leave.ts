/** Contacts of members that left the list: deleted one by one, each after a look at it, by the rules of a single one. */
import type { JourneysError } from "../../core/errors";
import type { Context } from "../../core/resource";
import type { RemoteContact } from "../api/contact";
import { maskAddresses } from "../api/personal";
import { identityOf } from "../contact/address";
import { inTurn } from "../contact/in-turn";
import { KIND as CONTACT } from "../contact/ownership";
import { pace } from "../contact/pace";
import { registry } from "../contact/registry";
import { deleteConfirmed } from "../contact/remove";
import { sureOfAccount } from "./account";
import { Digester } from "./digests";
import { flag } from "./entry";
import { counted } from "./estimate";
import type { Packed } from "./packed";
import { eachListed } from "./whole-list";

/** Deletions between two lines of progress. */
const EVERY = 50;

export interface Departure {
  prior: Packed;
  /** Positions in the state of the members whose contacts are to be deleted. */
  positions: readonly number[];
  key: string;
  listId: number | undefined;
  forceDestroy: boolean;
  /** Whether they were consented to by number: then they don't count against journeys:engagelabMaxDeletions. */
  isConsented: boolean;
  resource: string;
  context: Context;
  /** Told of each member that is the set's no longer. */
  onGone: (position: number) => void;
}

/** What became of them. */
export interface Departed {
  deleted: number;
  /** Somebody else had deleted them. */
  missing: number;
  /** Kept after all: declared elsewhere, or opted out. */
  released: number;
  failures: JourneysError[];
}

/** Deletes until something goes wrong that would go wrong for the next one as well. */
export async function deleteLeaving(departure: Departure): Promise<Departed> {
  const { context, listId, resource, positions, prior } = departure;
  const departed: Departed = { deleted: 0, missing: 0, released: 0, failures: [] };
  if (positions.length === 0) return departed;
  await sureOfAccount(listId, resource, context);
  // Whoever is taken over by another resource of this run is declared there first.
  await context.runtime.use(registry).settled(context.runtime.use(pace).quiet);
  const unnamed = positions.some((at) => prior.id(at) === "")
    ? await findUnnamed(departure)
    : new Map<number, string>();
  const work = (at: number) => deleteOne(departure, at, prior.id(at) || unnamed.get(at), departed);
  departed.failures.push(...(await inTurn(positions, work, context.signal)));
  return departed;
}

async function deleteOne(
  { prior, key, listId, forceDestroy, isConsented, resource, context, onGone }: Departure,
  at: number,
  id: string | undefined,
  departed: Departed,
): Promise<void> {
  const holder = id === undefined ? undefined : context.runtime.run.heldByOther(CONTACT, id, context.urn);
  if (id === undefined) onGone(at);
  else if (holder) release(`${maskAddresses(holder)} declares it`);
  else {
    const isSame = sameAddress(prior, at, key);
    const subject = { id, listId, isSame, isForced: forceDestroy, isCounted: !isConsented };
    const ended = await deleteConfirmed(subject, resource, context);
    if (typeof ended !== "string") release(ended.released);
    else {
      onGone(at);
      departed[ended] += 1;
      if (ended === "deleted" && departed.deleted % EVERY === 0) {
        context.log("info", `${counted(departed.deleted, "contact")} deleted`);
      }
    }
  }

  function release(reason: string): void {
    context.log("info", `the contact ${id} is released without a delete: ${reason}`);
    departed.released += 1;
    onGone(at);
  }
}

function sameAddress(prior: Packed, at: number, key: string): (contact: RemoteContact) => boolean {
  return (contact) => {
    const digester = new Digester(key, false);
    digester.address(identityOf(contact.email));
    return prior.address.equals(at, digester);
  };
}

/** Contacts a run that was cut off may have created and nobody knows the ids of: only the whole list shows them. */
async function findUnnamed({ prior, key, resource, context }: Departure): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  const digester = new Digester(key, false);
  const take = ({ id, email }: RemoteContact) => {
    digester.address(identityOf(email));
    const at = prior.find(digester);
    if (at !== undefined && prior.id(at) === "" && !prior.has(at, flag.adopted)) found.set(at, id);
  };
  await eachListed(take, resource, context);
  return found;
}
