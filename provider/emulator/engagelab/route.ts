import type { Answer, Call, Endpoint, Targets } from "../exchange";
import { answerOrRefusal } from "../refusal";
import type { Account } from "./account";
import { type Accounts, regionPath, regions } from "./accounts";
import { authenticationError, createRefusal } from "./errors";

/** One method of the platform, told of the account that the call's credentials open. */
export interface Route {
  /** Name in journal, faults and hooks, such as `contact.upsert`. */
  readonly name: string;
  readonly method: Endpoint["method"];
  /** Path below the data centre's address. */
  readonly path: string;
  readonly targets?: (account: Account, call: Call) => Targets;
  readonly answer: (account: Account, call: Call) => Answer;
}

/** The routes as endpoints of every data centre. */
export function toEndpoints(accounts: Accounts, routes: readonly Route[]): Endpoint[] {
  const refusal = createRefusal(accounts.switches);
  return regions.flatMap((region) =>
    routes.map(({ name, method, path, targets, answer }) => ({
      name,
      method,
      path: regionPath[region] + path,
      refusal,
      targets: (call: Call) => {
        const account = accounts.of(call);
        return account && targets ? targets(account, call) : { ids: [], titles: [] };
      },
      answer: (call: Call) => {
        const account = accounts.of(call);
        return account ? answerOrRefusal(() => answer(account, call)) : authenticationError(accounts.switches);
      },
    })),
  );
}
