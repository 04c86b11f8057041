import { type QueryKey, useQueries } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'

interface Part {
  rows: unknown[]
  /** How many there are in all. */
  total: number
}

interface Pages<P extends Part> {
  /** Of the whole list: what it is asked for, without the page. */
  key: QueryKey
  pageSize: number
  /** Rows from `skip` on, and what else is said of the whole list. */
  fetch: (skip: number, signal: AbortSignal) => Promise<P>
  /** Asked again so often while it is looked at; undefined: not by itself. */
  everyMs?: number | undefined
}

/** Rows this near are asked for before they come into sight: a page that comes late is drawn all at once. */
const AHEAD = 100

/**
 * A list that is read page by page wherever somebody looks, for `VirtualTable`: the first page and those in sight, or
 * near.
 * `isPending`: nothing is known yet, not even how long it is. `newest`: the page that came last.
 */
export function usePages<P extends Part>({ key, pageSize, fetch, everyMs }: Pages<P>) {
  const [[firstPage, lastPage], look] = useState([0, 0])
  const numbers = [
    ...new Set([0, ...Array.from({ length: lastPage - firstPage + 1 }, (_, index) => firstPage + index)]),
  ]
  const queries = useQueries({
    queries: numbers.map((page) => ({
      queryKey: [...key, page],
      queryFn: ({ signal }: { signal: AbortSignal }) => fetch(page * pageSize, signal),
      ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
    })),
  })
  const loaded = new Map(numbers.map((page, index) => [page, queries[index]?.data]))
  const newest = queries
    .filter(({ data }) => data !== undefined)
    .sort((one, other) => other.dataUpdatedAt - one.dataUpdatedAt)[0]?.data
  // While another order or filter is on its way the table stays as long as it was.
  const known = useRef<P>(undefined)
  if (newest !== undefined) known.current = newest
  const onRange = useCallback(
    (first: number, last: number) => {
      const end = Math.max((known.current?.total ?? 0) - 1, last)
      const range: [number, number] = [
        Math.floor(Math.max(0, first - AHEAD) / pageSize),
        Math.floor(Math.min(end, last + AHEAD) / pageSize),
      ]
      look((old) => (old[0] === range[0] && old[1] === range[1] ? old : range))
    },
    [pageSize],
  )
  return {
    count: known.current?.total ?? 0,
    newest: known.current,
    rowAt: (index: number): P['rows'][number] | undefined =>
      loaded.get(Math.floor(index / pageSize))?.rows[index % pageSize],
    onRange,
    isPending: newest === undefined && !known.current?.total,
    isEmpty: newest?.total === 0,
    error: queries.find(({ error }) => error !== null)?.error ?? null,
    refetch: () => void Promise.all(queries.map((query) => query.refetch())),
  }
}
