import type { Place } from './model.ts'

/** Which version of a snapshot was pushed last, asset by asset: a push of single assets says nothing of the others. */

/** The version of the last push of a snapshot that was about a lineage. */
export const pushedOf = (place: Place, snapshot: string, incoming: string): number | undefined =>
  place.pushed.get(`${snapshot} ${incoming}`) ?? place.pushed.get(snapshot)

/** `only`: the push was about these alone. */
export function notePushed(
  { pushed }: Place,
  { snapshot, version, only }: { snapshot: string; version: number; only: readonly string[] | null },
): void {
  for (const key of only === null ? [...pushed.keys()] : []) if (key.startsWith(`${snapshot} `)) pushed.delete(key)
  for (const key of only?.map((one) => `${snapshot} ${one}`) ?? [snapshot]) pushed.set(key, version)
}

export const wasPushed = ({ pushed }: Place, snapshot: string): boolean =>
  [...pushed.keys()].some((key) => key === snapshot || key.startsWith(`${snapshot} `))
