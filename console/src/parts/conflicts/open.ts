import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { call } from '../../api/call.ts'
import { queryClient } from '../../api/query.ts'
import type { Conflict, Decision } from './groups.ts'

const PAGE = 1000

/**
 * All conflicts of a snapshot that wait for somebody, or those that one push has left. Undefined until they are known to
 * the last one: what is equal is decided for all who have it, not for those that have come so far.
 */
export function useOpenConflicts(
  snapshotId: string,
  { pushId, enabled = true }: { pushId?: string | undefined; enabled?: boolean },
): { conflicts: Conflict[] | undefined; error: Error | null; refetch: () => void } {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['snapshots.conflicts', snapshotId],
    enabled,
    queryFn: ({ pageParam, signal }) =>
      call('snapshots.conflicts', { snapshotId, limit: PAGE, ...(pageParam && { after: pageParam }) }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.after,
  })
  useEffect(() => {
    if (enabled && hasNextPage && !isFetchingNextPage && error === null) void fetchNextPage()
  }, [enabled, hasNextPage, isFetchingNextPage, error, fetchNextPage])
  const conflicts = useMemo(
    () =>
      data === undefined || hasNextPage
        ? undefined
        : data.pages
            .flatMap((page) => page.conflicts)
            .filter((conflict) => pushId === undefined || conflict.pushId === pushId),
    [data, hasNextPage, pushId],
  )
  return { conflicts, error, refetch: () => void refetch() }
}

const NONE: ReadonlyMap<string, Decision> = new Map()

/** What somebody has decided of a snapshot's conflicts and not carried out: another tab or page loses nothing of it. */
export function useDecided(snapshotId: string) {
  const key = ['decided', snapshotId]
  const { data = NONE } = useQuery({
    queryKey: key,
    queryFn: () => NONE,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  })
  return [data, (next: ReadonlyMap<string, Decision>) => void queryClient.setQueryData(key, next)] as const
}
