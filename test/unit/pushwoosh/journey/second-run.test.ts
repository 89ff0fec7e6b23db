/**
 * 300 journeys, each behaviour of the platform that its documentation leaves open, one at a time: the second run has
 * nothing to do, also after a refresh; or the first one ended with an error the documentation of that behaviour explains.
 */
import { describe, test } from "vitest";
import { behaviours, expectToSettle } from "./second-run";
import { seedsOf } from "./seeds";

const each = Math.ceil(300 / behaviours.length);

describe.each(seedsOf("second run"))(
  `seed %d, ${each} journeys for each of ${behaviours.length} behaviours`,
  (seed) => {
    test.concurrent.each(behaviours)("$name", (behaviour) => expectToSettle(behaviour, seed, each));
  },
);
