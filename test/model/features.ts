/** Rules that can be left out of a world, to look at the others alone. */
export const FEATURES = [
  'chains',
  'matches',
  'deletions',
  'rollback',
  'parts',
  'local',
  'texts',
  'cycles',
  'unique',
  'records',
  'only',
  'policies',
  'twoSnapshots',
  'planHash',
  'names',
  'settle',
  'dense',
] as const
/**
 * Every third world is dense: few kinds and few places, so that the same things meet again and again, with more
 * roll-backs and deletions. Such worlds find faults that wide ones miss.
 */
export const isDense = (seed: number) => seed % 3 === 0

export type Feature = (typeof FEATURES)[number]
