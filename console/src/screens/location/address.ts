import { flagIn, type RawSearch, textIn, wordIn } from '../../parts/address.ts'

export const TABS = ['assets', 'broken'] as const
export const VIEWS = ['form', 'graph', 'json', 'history', 'usage'] as const
export type View = (typeof VIEWS)[number]

/** `make`: the form for a new one is open. */
export const listAddress = (raw: RawSearch) => ({ q: textIn(raw.q), make: flagIn(raw.make) })

export const locationAddress = (raw: RawSearch) => ({
  tab: wordIn(raw.tab, TABS),
  kind: textIn(raw.kind),
  q: textIn(raw.q),
})

/**
 * `change`: as this change left the asset. `step`: which step of a workflow is open. `at`: what the document names, in
 * the field that is to be changed.
 */
export const assetAddress = (raw: RawSearch) => ({
  view: wordIn(raw.view, VIEWS),
  change: textIn(raw.change),
  step: textIn(raw.step),
  at: textIn(raw.at),
})
