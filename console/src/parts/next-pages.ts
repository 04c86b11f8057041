import { keepPreviousData, type QueryKey, useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo } from 'react'
import { call, type Input, type OperationName, type Output } from '../api/call.ts'

interface Part<P, R> {
  page: P
  rows: readonly R[]
}

interface Asked<P, R, A> {
  /** Of the whole list: what it is asked for, without the page. */
  key: QueryKey
  fetch: (after: A | null, signal: AbortSignal) => Promise<Part<P, R>>
  /** What the next page is asked for by; null: these are all. */
  next: (last: P, pages: readonly P[]) => A | null
  enabled?: boolean
  /** All that have come are asked for again so often; undefined: not by themselves. */
  everyMs?: number | undefined
  /** What is shown stays until what is asked for instead of it has come. */
  keepsOld?: boolean
}

/** A list that is read onwards from its beginning, one page after the other. */
export interface NextPages<R> {
  /** Of all pages that have come; the same array until there are others. */
  rows: readonly R[]
  /** Nothing has come yet, not even a refusal. */
  isPending: boolean
  isEmpty: boolean
  error: Error | null
  refetch: () => void
  hasMore: boolean
  isLoadingMore: boolean
  loadMore: () => void
}

/** `first`: the page that came first, with what it says of the whole list. `isOld`: what is shown was asked for before. */
export function useNextPages<P, R, A>({ key, fetch, next, enabled, everyMs, keepsOld }: Asked<P, R, A>) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => fetch(pageParam as A | null, signal),
    initialPageParam: null as A | null,
    getNextPageParam: (last, all) =>
      next(
        last.page,
        all.map(({ page }) => page),
      ),
    ...(enabled === undefined ? {} : { enabled }),
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
    ...(keepsOld ? { placeholderData: keepPreviousData } : {}),
  })
  const { data, error, fetchNextPage, refetch } = query
  const rows = useMemo(() => data?.pages.flatMap((part) => part.rows) ?? [], [data])
  return {
    rows,
    first: data?.pages[0]?.page,
    isPending: query.isPending,
    isEmpty: data !== undefined && rows.length === 0,
    isOld: query.isPlaceholderData,
    error,
    refetch: useCallback(() => void refetch(), [refetch]),
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: useCallback(() => void fetchNextPage(), [fetchNextPage]),
  }
}

interface Of<N extends OperationName, R>
  extends Pick<Asked<Output<N>, R, Partial<Input<N>>>, 'enabled' | 'everyMs' | 'keepsOld'> {
  rows: (page: Output<N>) => readonly R[]
  /** What is asked for besides, for the next page; by default what the answer calls `after`. */
  next?: (last: Output<N>, pages: readonly Output<N>[]) => Partial<Input<N>> | null
  /** For operations about one location that take none in their input. */
  locationId?: string
  /** What the list has been read for: where it is something else, it is read anew. */
  stamp?: string | undefined
}

const byAfter = (last: object): object | null => ('after' in last && last.after !== null ? { after: last.after } : null)

/** The pages of an operation. */
export function usePagesOf<N extends OperationName, R>(
  name: N,
  input: Input<N>,
  { rows, next = byAfter as never, locationId, stamp, ...how }: Of<N, R>,
) {
  return useNextPages<Output<N>, R, Partial<Input<N>>>({
    ...how,
    key: [name, 'pages', input, locationId ?? null, stamp ?? null],
    next,
    fetch: async (after, signal) => {
      const page = await call(name, { ...input, ...after }, { signal, ...(locationId && { locationId }) })
      return { page, rows: rows(page) }
    },
  })
}

/** Asks for one page after the other until all are there. */
export function useEveryPage(
  { hasMore, isLoadingMore, error, loadMore }: Omit<NextPages<unknown>, 'rows'>,
  isWanted = true,
): void {
  useEffect(() => {
    if (isWanted && hasMore && !isLoadingMore && error === null) loadMore()
  }, [isWanted, hasMore, isLoadingMore, error, loadMore])
}
