import { livingIn, type Place } from './model.ts'
import type { Options, Policy } from './request.ts'
import type { World } from './run.ts'

type Entries = readonly { kind: string; token: string; name: string }[]

export function drawOptions(
  { chance, features }: Pick<World, 'chance' | 'features'>,
  entries: Entries,
  place: Place,
): Options {
  const options: Options = { policy: 'merge', policies: [], deletions: false, matches: [], only: null }
  if (features.has('policies')) {
    options.policy = chance.weighted({ merge: 6, override: 2, skip: 1 })
    if (chance.is(0.2) && entries.length > 0) {
      const { kind, token } = chance.of(entries)
      options.policies.push({
        kind,
        ...(chance.is(0.5) ? { token } : {}),
        policy: chance.of<Policy>(['merge', 'override', 'skip']),
      })
    }
  }
  if (features.has('deletions')) options.deletions = chance.of([false, false, true, true, 'all'] as const)
  if (features.has('only') && chance.is(0.15)) options.only = chance.some(entries, 0.5).map(({ token }) => token)
  if (options.only?.length === 0) options.only = null
  const entry = chance.find(entries)
  if (
    features.has('matches') &&
    chance.is(0.15) &&
    entry !== undefined &&
    (options.only?.includes(entry.token) ?? true)
  ) {
    const named = new Set(entries.map(({ token }) => token))
    const free = livingIn(place, entry.kind).filter(({ token }) => !named.has(token))
    const own = chance.is(0.2) ? null : chance.find(free)?.token
    if (own !== undefined) options.matches.push({ incoming: entry.token, own })
  }
  // Somebody thinks better of it.
  const linked = entries.filter(({ token }) => place.aliases.has(token) && (options.only?.includes(token) ?? true))
  const wrong = features.has('matches') && chance.is(0.1) ? chance.find(linked) : undefined
  if (wrong !== undefined && options.matches.length === 0) options.matches.push({ incoming: wrong.token, own: null })
  return options
}
