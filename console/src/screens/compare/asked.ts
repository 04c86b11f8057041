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

/** The comparison that an address means, and what its sides are called; `isReady`: the address names both sides. */
export function useComparison(state: CompareState) {
  const mode = modeOf(state)
  const { snapshot = '', from, to, version, location = '', locations = [] } = state
  const [first = '', second = ''] = locations
  const isOfSnapshot = mode !== 'locations'
  const isReady = isOfSnapshot ? snapshot !== '' && (mode === 'versions' || location !== '') : second !== ''
  const sides = mode === 'versions' ? { from, to } : { version, locationId: location }
  const ofSnapshot = useQuery({
    ...reads('snapshots.diff', { snapshotId: snapshot, ...sides }),
    enabled: isReady && isOfSnapshot,
  })
  const ofLocations = useQuery({
    ...reads('fleet.compare', { locationIds: [first, second] }),
    enabled: isReady && !isOfSnapshot,
  })
  const { data, error, isPending, refetch } = isOfSnapshot ? ofSnapshot : ofLocations
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
