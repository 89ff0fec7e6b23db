import type { Call, Platform } from "../exchange";
import { settle } from "../switches";
import type { World } from "../world";
import { Accounts, type EngagelabAccount } from "./accounts";
import { contactBehind, type EngagelabBehind, findContact } from "./behind";
import { contactRoutes } from "./contact-routes";
import { authenticationError } from "./errors";
import { fieldRoutes } from "./field-routes";
import { quotaRoutes } from "./quota";
import { toEndpoints } from "./route";
import { type EngagelabSwitches, engagelabSwitchTable } from "./switches";
import { tagRoutes } from "./tag-routes";
import { Throttle } from "./throttle";
import { createView, type EngagelabView } from "./view";

/** The contact half of the emulator. */
export interface Engagelab {
  readonly platform: Platform;
  /** @param changed Called after each seeding or act, so that the file is kept up to date. */
  readonly view: (url: string, changed: () => void) => EngagelabView;
  readonly behind: (changed: () => void) => EngagelabBehind;
}

export function createEngagelab(
  world: World,
  switches: EngagelabSwitches | undefined,
  accepted: readonly EngagelabAccount[] | undefined,
): Engagelab {
  const settled = settle("engagelab", engagelabSwitchTable, switches);
  const accounts = new Accounts(world, settled, accepted);
  const throttle = new Throttle();
  const routes = [...contactRoutes(world, settled), ...tagRoutes(settled), ...fieldRoutes(), ...quotaRoutes()];
  return {
    platform: {
      name: "engagelab",
      endpoints: toEndpoints(accounts, routes),
      serves: (path) => /^(\/tr)?\/v1\//.test(path),
      unknownRoute: (allowed) => (allowed.length > 0 ? { status: 405 } : { status: 404, text: "not found" }),
      authenticate: (call: Call) => {
        const account = accounts.of(call);
        return account ? throttle.admit(account) : authenticationError(settled);
      },
      save: () => accounts.save(),
      restore: (saved) => accounts.restore(saved),
      clear: () => {
        accounts.clear();
        throttle.clear();
      },
    },
    view: (url, changed) => createView(accounts, url, changed),
    behind: (changed) => ({
      contact: (emailOrId, listId) => {
        const { account, contact } = findContact(accounts, emailOrId, listId);
        return contactBehind(account, contact.id, changed);
      },
    }),
  };
}
