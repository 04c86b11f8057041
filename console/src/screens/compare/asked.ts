import { useQuery } from '@tanstack/react-query'
import type { Output } from '../../api/call.ts'
import { reads } from '../../api/query.ts'
import { useEveryPage, usePagesOf } from '../../parts/next-pages.ts'
import { type CompareState, modeOf } from './address.ts'
import { texts } from './texts.ts'

export type Diff = Output<'snapshots.diff'>['diff']

/** Versions of a snapshot, the newest first, and which two an address means that does not say: the newest and the one before. */
export function useVersions({ snapshot, from, to }: CompareState) {
  const { data } = useQuery({
    ...reads('snapshots.versions', { snapshotId: snapshot ?? '' }),
    enabled: snapshot !== undefined,
  })
  const versions = data?.versions ?? []
  const newest = versions[0]?.version
  return { versions, from: from ?? (newest === undefined ? undefined : Math.max(1, newest - 1)), to: to ?? newest }
}

/**
 * Asks for the comparison that an address means: of all assets, or of one with both of its documents. What has been
 * asked for before is shown though it is not asked for now.
 */
function useAsked(state: CompareState, { asset, isAsked = true }: { asset?: string; isAsked?: boolean } = {}) {
  const mode = modeOf(state)
  const { snapshot = '', from, to, version, location = '', locations: [first, second] = ['', ''] } = state
  const isOfSnapshot = mode !== 'locations'
  const isReady = isOfSnapshot
    ? snapshot !== '' && (mode === 'versions' || location !== '')
    : first !== '' && second !== ''
  const sides = mode === 'versions' ? { from, to } : { version, locationId: location }
  const ofSnapshot = useQuery({
    ...reads('snapshots.diff', { snapshotId: snapshot, ...sides, asset }),
    enabled: isAsked && isReady && isOfSnapshot,
  })
  const ofLocations = useQuery({
    ...reads('fleet.compare', { locationIds: [first, second], asset }),
    enabled: isAsked && isReady && !isOfSnapshot,
  })
  return { ...(isOfSnapshot ? ofSnapshot : ofLocations), mode, isReady }
}

/**
 * One asset as both sides have it; `{}` stands for a side that does not. `met`: what differs in what a push would take
 * for it, where none has brought it; null where nothing would be.
 */
export function useDocuments(
  state: CompareState,
  { key, change }: { key: string; change: string },
  { isAsked }: { isAsked: boolean },
) {
  const { data, error, refetch } = useAsked(state, { asset: key, isAsked })
  const { before, after } = data?.documents ?? {}
  return {
    documents: data?.documents && { before: before ?? {}, after: after ?? {} },
    met: change === 'removed' && after ? (data?.diff.changed.flatMap(({ fields }) => fields) ?? []) : null,
    error,
    refetch,
  }
}

/** Conflicts of a plan that are asked for at a time. */
const PAGE = 1000

/**
 * What collides between a version and a sub-account: the client has changed it since it was pushed, and the version
 * changes it too. The plan of a push knows it. `total`: how many, known before all of them are.
 */
export function useConflicts(state: CompareState) {
  const { snapshot = '', version, location = '', only } = state
  const pages = usePagesOf(
    'snapshots.plan',
    { snapshotId: snapshot, version, locationIds: [location], action: 'conflict', limit: PAGE },
    {
      enabled: modeOf(state) === 'location' && snapshot !== '' && location !== '',
      rows: ({ plan }) => plan.targets.flatMap((target) => target.assets),
      next: ({ plan: { after } }) => (after === null ? null : { after }),
    },
  )
  useEveryPage(pages, only === 'conflict')
  const { rows: assets, first, error, refetch } = pages
  return { assets, total: first?.plan.totals.conflict ?? 0, error, refetch, isPending: first === undefined }
}

/** What a sub-account is called; undefined while that is not known. */
function useName(locationId: string | undefined): string | undefined {
  const { data } = useQuery({
    ...reads('locations.get', { locationId: locationId ?? '' }),
    enabled: Boolean(locationId),
  })
  return data?.location.name
}

/** The comparison that an address means, and what its sides are called; `isReady`: the address names both sides. */
export function useComparison(state: CompareState) {
  const { data, error, isPending, refetch, mode, isReady } = useAsked(state)
  const { versions, from, to } = useVersions(state)
  const [first, second] = [useName(state.locations?.[0]), useName(state.locations?.[1])]
  const one = mode === 'versions' ? from : (state.version ?? versions[0]?.version)
  return {
    mode,
    isReady,
    diff: data?.diff,
    error,
    isPending: isReady && isPending,
    refetch,
    sides: {
      before: mode === 'locations' ? (first ?? '…') : texts.side(one),
      after: mode === 'versions' ? texts.side(to) : mode === 'location' ? texts.there : (second ?? '…'),
    },
  }
}
