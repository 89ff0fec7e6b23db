/**
 * What generated tests are drawn from. A night's search prints the seed it fails with (`npm run test:nightly`); that seed
 * is added here, so that every run tries it from then on.
 */
const kept = {
  "second run": [20260101],
  "point ids": [20260102, 200579259],
} as const satisfies Record<string, readonly number[]>;

/** The seeds every run tries; with JOURNEYS_SEED only that one. */
export function seedsOf(search: keyof typeof kept): readonly number[] {
  const { JOURNEYS_SEED } = process.env;
  return JOURNEYS_SEED ? [Number(JOURNEYS_SEED)] : kept[search];
}

/** Seeds nobody has tried; with JOURNEYS_SEED these same ones again. */
export function newSeeds(count: number): readonly number[] {
  const first = Number(process.env.JOURNEYS_SEED ?? Date.now() % 2 ** 31);
  return Array.from({ length: count }, (_, index) => (first + index) % 2 ** 31);
}
