/** Generated journeys and edits from seeds that nobody has tried; a seed that fails is kept in `seeds.ts`. */
import { describe, test } from "vitest";
import { expectIdsToStay, treatments } from "../unit/pushwoosh/journey/point-ids";
import { behaviours, expectToSettle } from "../unit/pushwoosh/journey/second-run";
import { newSeeds } from "../unit/pushwoosh/journey/seeds";

describe.each(newSeeds(Number(process.env.JOURNEYS_SEEDS ?? 20)))("seed %d", (seed) => {
  test.concurrent.each(behaviours)("a second run is empty: $name", (behaviour) => expectToSettle(behaviour, seed, 25));
  test.concurrent.each(treatments)("the ids of points are $name", (treatment) =>
    expectIdsToStay(treatment, seed, { journeys: 20, edits: 30 }),
  );
});
