import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { queryClient } from '../../api/query.ts'
import { useEveryPage, usePagesOf } from '../next-pages.ts'
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
  const pages = usePagesOf(
    'snapshots.conflicts',
    { snapshotId, limit: PAGE },
    { rows: (page) => page.conflicts, enabled },
  )
  useEveryPage(pages, enabled)
  const { rows, first, hasMore, error, refetch } = pages
  const isWhole = first !== undefined && !hasMore
  const conflicts = useMemo(
    () => (isWhole ? rows.filter((conflict) => pushId === undefined || conflict.pushId === pushId) : undefined),
    [rows, isWhole, pushId],
  )
  return { conflicts, error, refetch }
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
