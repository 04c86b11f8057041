import { parseSearchWith, stringifySearchWith, useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'

export type RawSearch = Record<string, unknown>

/** A number that would be written otherwise than it stands there (too long for one, `007`, `1e5`) is a text. */
function readValue(text: string): unknown {
  const value: unknown = JSON.parse(text)
  if (typeof value === 'number' && String(value) !== text) throw new SyntaxError('a text')
  return value
}

/** How the router reads addresses and writes them: a code that somebody brings comes through as it is. */
export const SEARCH = {
  parseSearch: parseSearchWith(readValue),
  stringifySearch: stringifySearchWith(JSON.stringify, readValue),
}

/** A text of the address; undefined where it is absent or empty. */
export const textIn = (raw: unknown): string | undefined =>
  typeof raw === 'string' && raw !== '' ? raw.slice(0, 500) : typeof raw === 'number' ? String(raw) : undefined

/** One of some words; undefined where it is none of them. */
export const wordIn = <W extends string>(raw: unknown, words: readonly W[]): W | undefined =>
  words.find((word) => word === raw)

/** A positive whole number; undefined where it is none. */
export const numberIn = (raw: unknown): number | undefined => {
  const number = Number(raw)
  return raw !== '' && Number.isSafeInteger(number) && number > 0 ? number : undefined
}

/** Several texts, as a list or parted by commas. */
export const listIn = (raw: unknown): string[] | undefined => {
  const list = (Array.isArray(raw) ? raw : String(raw ?? '').split(',')).filter((one) => typeof one === 'string' && one)
  return list.length === 0 ? undefined : (list as string[])
}

export const flagIn = (raw: unknown): true | undefined => (raw === true || raw === 'true' ? true : undefined)

/**
 * The state of a screen that stands in its address, and how to change a part of it (`undefined` takes a part out).
 * `replace` (the default): going back leaves the screen; `push`: going back undoes the change.
 */
export function useAddress<S extends object>(
  parse: (raw: RawSearch) => S,
): [S, (patch: Partial<S>, mode?: 'replace' | 'push') => void] {
  const raw = useSearch({ strict: false }) as RawSearch
  const navigate = useNavigate()
  const state = useMemo(() => parse(raw), [parse, raw])
  const change = useCallback(
    (patch: Partial<S>, mode: 'replace' | 'push' = 'replace') =>
      void navigate({
        to: '.',
        search: ((old: RawSearch) => ({ ...old, ...patch })) as never,
        replace: mode === 'replace',
        resetScroll: false,
      }),
    [navigate],
  )
  return [state, change]
}
