import { numberIn, type RawSearch, textIn, wordIn } from '../../parts/address.ts'

export const MODES = ['versions', 'location', 'locations'] as const
export type Mode = (typeof MODES)[number]
/** An asset field by field, or as a picture where its kind has one. */
export const VIEWS = ['fields', 'picture'] as const
export const MARKS = ['added', 'changed', 'removed'] as const
/** Which assets are listed; `conflict`: what a push of the version would leave to somebody to decide there. */
export const ONLY = [...MARKS, 'conflict'] as const

/** Two of something, of which either may be chosen first: an empty text stands for the other one. */
const pairIn = (raw: unknown): [string, string] | undefined => {
  const [first, second] = (Array.isArray(raw) ? raw : String(raw ?? '').split(',')).map((one) => textIn(one) ?? '')
  return first || second ? [first ?? '', second ?? ''] : undefined
}

export const compareAddress = (raw: RawSearch) => ({
  mode: wordIn(raw.mode, MODES),
  snapshot: textIn(raw.snapshot),
  from: numberIn(raw.from),
  to: numberIn(raw.to),
  version: numberIn(raw.version),
  location: textIn(raw.location),
  locations: pairIn(raw.locations),
  only: wordIn(raw.only, ONLY),
  kind: textIn(raw.kind),
  asset: textIn(raw.asset),
  view: wordIn(raw.view, VIEWS),
  q: textIn(raw.q),
})

export type CompareState = ReturnType<typeof compareAddress>

/** Which comparison an address means: what it names says so where it does not say it itself. */
export const modeOf = ({ mode, location, locations }: CompareState): Mode =>
  mode ?? (locations !== undefined ? 'locations' : location !== undefined ? 'location' : 'versions')
