import { useQuery } from '@tanstack/react-query'
import type { Output } from '../../api/call.ts'
import { reads } from '../../api/query.ts'
import { type CompareState, modeOf } from './address.ts'

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

/** Asks for the comparison that an address means: of all assets, or of one with both of its documents. */
function useAsked(state: CompareState, asset?: string) {
  const mode = modeOf(state)
  const { snapshot = '', from, to, version, location = '', locations = [] } = state
  const [first = '', second = ''] = locations
  const isOfSnapshot = mode !== 'locations'
  const isReady = isOfSnapshot ? snapshot !== '' && (mode === 'versions' || location !== '') : second !== ''
  const sides = mode === 'versions' ? { from, to } : { version, locationId: location }
  const ofSnapshot = useQuery({
    ...reads('snapshots.diff', { snapshotId: snapshot, ...sides, asset }),
    enabled: isReady && isOfSnapshot,
  })
  const ofLocations = useQuery({
    ...reads('fleet.compare', { locationIds: [first, second], asset }),
    enabled: isReady && !isOfSnapshot,
  })
  return { ...(isOfSnapshot ? ofSnapshot : ofLocations), mode, isReady }
}

/** One asset as both sides have it; `{}` stands for a side that does not. */
export function useDocuments(state: CompareState, { key }: { key: string }) {
  const { data, error, refetch } = useAsked(state, key)
  const { before, after } = data?.documents ?? {}
  return { documents: data?.documents && { before: before ?? {}, after: after ?? {} }, error, refetch }
}

/** The comparison that an address means, and what its sides are called; `isReady`: the address names both sides. */
export function useComparison(state: CompareState) {
  const { data, error, isPending, refetch, mode, isReady } = useAsked(state)
  const { from, to, version } = state
  return {
    mode,
    isReady,
    diff: data?.diff,
    error,
    isPending: isReady && isPending,
    refetch,
    sides: {
      before: mode === 'locations' ? 'First' : `Version ${(mode === 'versions' ? from : version) ?? 'before'}`,
      after: mode === 'versions' ? `Version ${to ?? 'newest'}` : mode === 'location' ? 'There now' : 'Second',
    },
  }
}
