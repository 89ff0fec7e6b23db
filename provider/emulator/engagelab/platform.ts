import type { Platform } from "../exchange";
import { settle } from "../switches";
import type { World } from "../world";
import { type EngagelabSwitches, engagelabSwitchTable } from "./switches";

/** The contact half of the emulator. */
export interface Engagelab {
  readonly platform: Platform;
}

export function createEngagelab(_world: World, switches: EngagelabSwitches | undefined): Engagelab {
  settle("engagelab", engagelabSwitchTable, switches);
  return {
    platform: {
      name: "engagelab",
      endpoints: [],
      serves: (path) => path.startsWith("/v1/"),
      unknownRoute: (allowed) => (allowed.length > 0 ? { status: 405 } : { status: 404, text: "not found" }),
      authenticate: () => undefined,
      save: () => null,
      restore: () => {},
      clear: () => {},
    },
  };
}
