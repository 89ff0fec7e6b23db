import type { Json, Platform } from "../exchange";
import { settle } from "../switches";
import type { World } from "../world";
import { Account } from "./account";
import { createAuthentication } from "./auth";
import { createBehind, type EditableJourney, type JourneyBehind, journeyBehind } from "./behind";
import { gatewayError } from "./errors";
import { gatewayEndpoints } from "./gateway";
import { peopleEndpoints } from "./people";
import { sightingEndpoints } from "./sightings";
import { statisticsEndpoints } from "./statistics";
import { type PushwooshSwitches, pushwooshSwitchTable } from "./switches";
import { createView, findJourney, type PushwooshView } from "./view";

/** Acts in the platform's own builder. */
export interface PushwooshBehind {
  /** A journey by id or title. */
  journey(idOrTitle: string): JourneyBehind;
  /** Creates a draft; returns its id. */
  createJourney(journey: Partial<EditableJourney> & { title: string; params: Json }): string;
}

/** The Pushwoosh half of the emulator. */
export interface Pushwoosh {
  readonly platform: Platform;
  readonly view: PushwooshView;
  /** @param changed Called after each act, so that the file is kept up to date. */
  readonly behind: (changed: () => void) => PushwooshBehind;
}

export function createPushwoosh(
  world: World,
  switches: PushwooshSwitches | undefined,
  tokens: readonly string[] | undefined,
): Pushwoosh {
  const settled = settle("pushwoosh", pushwooshSwitchTable, switches);
  const account = new Account(world, settled);
  return {
    platform: {
      name: "pushwoosh",
      endpoints: [
        ...gatewayEndpoints(account),
        ...peopleEndpoints(account),
        ...sightingEndpoints(account),
        ...statisticsEndpoints(account),
      ],
      serves: (path) => path.startsWith("/api/"),
      unknownRoute: (allowed) =>
        allowed.length > 0 ? gatewayError(12, "Method Not Allowed") : gatewayError(5, "Not Found"),
      authenticate: createAuthentication(settled.auth, tokens),
      save: () => account.save(),
      restore: (saved) => account.restore(saved),
      clear: () => account.clear(),
    },
    view: createView(account),
    behind: (changed) => ({
      journey: (idOrTitle) => journeyBehind(account, findJourney(account, idOrTitle), changed),
      createJourney: (journey) => {
        const { id } = createBehind(account, journey);
        changed();
        return id;
      },
    }),
  };
}
