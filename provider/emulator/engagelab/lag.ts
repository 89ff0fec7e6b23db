import type { World } from "../world";
import type { Contact } from "./contact";
import type { EngagelabSwitches } from "./switches";
import { ContactTable } from "./table";

/** A write on its way to the reads. */
type Change = { readonly put: Contact } | { readonly remove: readonly Contact[] };

/** What reads get to see: the contacts themselves or, where a lag is set, what they were some calls or some time ago. */
export class Readings {
  private readonly late: ContactTable | undefined;
  private readonly pending: { change: Change; reads: number; time: number }[] = [];
  private reads = 0;

  constructor(
    private readonly live: ContactTable,
    private readonly world: World,
    private readonly switches: Required<EngagelabSwitches>,
  ) {
    if (switches.lagCalls > 0 || switches.lagMs > 0) this.late = new ContactTable();
  }

  /** The contacts one call of the list or the detail sees. */
  forCall(kind: "list" | "detail"): ContactTable {
    if (!this.late || (kind === "detail" && this.switches.lagScope === "list")) return this.live;
    this.catchUp(this.late);
    this.reads += 1;
    return this.late;
  }

  note(change: Change): void {
    if (this.late) this.pending.push({ change, reads: this.reads, time: this.world.now().getTime() });
  }

  /** Lets reads see everything at once: after seeding, for instance. */
  settle(): void {
    if (!this.late) return;
    this.pending.length = 0;
    this.late.clear();
    for (const contact of this.live.all()) this.late.put(contact);
  }

  private catchUp(late: ContactTable): void {
    const { lagCalls, lagMs } = this.switches;
    const now = this.world.now().getTime();
    const isDue = ({ reads, time }: { reads: number; time: number }) =>
      this.reads - reads >= lagCalls && now - time >= lagMs;
    const waiting = this.pending.findIndex((entry) => !isDue(entry));
    for (const { change } of this.pending.splice(0, waiting === -1 ? this.pending.length : waiting)) {
      if ("put" in change) late.put(change.put);
      else late.remove(change.remove);
    }
  }
}
