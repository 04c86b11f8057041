import { flagIn, listIn, numberIn, type RawSearch, textIn, wordIn } from '../../parts/address.ts'
import { STATE_NAMES } from '../fleet/address.ts'
import { readDecisions } from './decisions.ts'

export const POLICIES = ['merge', 'override', 'skip'] as const
export type Policy = (typeof POLICIES)[number]
export const TABS = ['groups', 'targets', 'warnings'] as const

/**
 * `to`: ids, or `all`; of all only those that `q`, `state`, `broken` (references lead nowhere) and `has` (a snapshot that
 * stands there) leave, and not those of `except`. `only`: assets as `kind/lineage`. `decide`: whose side stands in
 * conflicts (decisions.ts).
 */
export const pushAddress = (raw: RawSearch) => ({
  snapshot: textIn(raw.snapshot),
  version: numberIn(raw.version),
  to: listIn(raw.to),
  q: textIn(raw.q),
  state: wordIn(raw.state, STATE_NAMES),
  broken: flagIn(raw.broken),
  has: textIn(raw.has),
  except: listIn(raw.except),
  policy: wordIn(raw.policy, POLICIES),
  deletions: wordIn(String(raw.deletions), ['true', 'all'] as const),
  only: listIn(raw.only),
  decide: listIn(raw.decide),
  tab: wordIn(raw.tab, TABS),
  action: textIn(raw.action),
  asset: textIn(raw.asset),
  find: textIn(raw.find),
})

export type PushState = ReturnType<typeof pushAddress>

const named = (key: string) => {
  const [kind = '', lineage = ''] = key.split('/')
  return { kind, lineage }
}

/** Which of all are meant: the server finds them, however many they are. */
function ofAll({ q, state, broken, has, except }: PushState) {
  const filter = {
    ...(q && { query: q }),
    ...(state && { state }),
    ...(broken && { hasBroken: true }),
    ...(has && { snapshotId: has }),
  }
  return {
    locationIds: 'all' as const,
    ...(Object.keys(filter).length === 0 ? {} : { filter }),
    ...(except === undefined ? {} : { except }),
  }
}

/** What the plan and the push are asked for; null while the address does not say what goes where. */
export function toRequest(state: PushState) {
  const { snapshot, version, to, policy, deletions, only } = state
  if (snapshot === undefined || to === undefined) return null
  const decisions = readDecisions(state.decide)
  return {
    snapshotId: snapshot,
    ...(to[0] === 'all' ? ofAll(state) : { locationIds: to }),
    ...(version === undefined ? {} : { version }),
    ...(policy === undefined ? {} : { policy }),
    ...(deletions === undefined ? {} : { deletions: deletions === 'all' ? ('all' as const) : true }),
    ...(only === undefined ? {} : { only: only.map(named) }),
    ...(decisions.length === 0 ? {} : { decisions }),
  }
}
