import { listIn, numberIn, type RawSearch, textIn, wordIn } from '../../parts/address.ts'

export const POLICIES = ['merge', 'override', 'skip'] as const
export type Policy = (typeof POLICIES)[number]
export const TABS = ['groups', 'targets', 'warnings'] as const

/** `to`: ids, or `all`. `only`, `theirs`, `ours`: assets as `kind/lineage`, the last two with a policy of their own. */
export const pushAddress = (raw: RawSearch) => ({
  snapshot: textIn(raw.snapshot),
  version: numberIn(raw.version),
  to: listIn(raw.to),
  policy: wordIn(raw.policy, POLICIES),
  deletions: wordIn(String(raw.deletions), ['true', 'all'] as const),
  only: listIn(raw.only),
  ours: listIn(raw.ours),
  theirs: listIn(raw.theirs),
  tab: wordIn(raw.tab, TABS),
  action: textIn(raw.action),
  asset: textIn(raw.asset),
})

export type PushState = ReturnType<typeof pushAddress>

const named = (key: string) => {
  const [kind = '', lineage = ''] = key.split('/')
  return { kind, lineage }
}

/** What the plan and the push are asked for; null while the address does not say what goes where. */
export function toRequest({ snapshot, version, to, policy, deletions, only, ours = [], theirs = [] }: PushState) {
  if (snapshot === undefined || to === undefined) return null
  const policies = Object.fromEntries([
    ...ours.map((key) => [key, 'override'] as const),
    ...theirs.map((key) => [key, 'skip'] as const),
  ])
  return {
    snapshotId: snapshot,
    locationIds: to[0] === 'all' ? ('all' as const) : to,
    ...(version === undefined ? {} : { version }),
    ...(policy === undefined ? {} : { policy }),
    ...(deletions === undefined ? {} : { deletions: deletions === 'all' ? ('all' as const) : true }),
    ...(only === undefined ? {} : { only: only.map(named) }),
    ...(Object.keys(policies).length === 0 ? {} : { policies }),
  }
}
