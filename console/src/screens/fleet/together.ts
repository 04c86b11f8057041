/** What one request or one push did, as `fleet.changes` tells it. */
interface Change {
  actor: string
  changes: number
  kinds: Record<string, number>
  sample: { locationId: string; kind: string; entityId: string }[]
}

/** What one person did, maybe in several goes. */
export type Told<C> = C & { times: number }

/** The one thing that all of it was about; null where it was about several, or not all of it is known. */
function only({ changes, sample }: Change): string | null {
  const things = new Set(sample.map(({ locationId, kind, entityId }) => `${locationId}/${kind}/${entityId}`))
  const [one = null] = things
  return things.size === 1 && changes === sample.length ? one : null
}

/** What somebody did to one thing again and again is told once, where nothing else came between. */
export function toTold<C extends Change>(changes: readonly C[]): Told<C>[] {
  const told: Told<C>[] = []
  for (const change of changes) {
    const thing = only(change)
    const last = told.at(-1)
    if (last !== undefined && thing !== null && last.actor === change.actor && only(last) === thing) last.times++
    else told.push({ ...change, kinds: thing === null ? change.kinds : kindOf(change), times: 1 })
  }
  return told
}

/** One thing is one, however often it was changed at once. */
const kindOf = ({ kinds }: Change) => Object.fromEntries(Object.keys(kinds).map((kind) => [kind, 1]))
