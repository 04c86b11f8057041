import targets from '../../api/connection-targets.json' with { type: 'json' }
import { valueText } from '../../parts/json-view.tsx'
import type { Row, Whole } from './standing.tsx'
import { texts } from './texts.ts'

type Fields = Readonly<Record<string, string>>
const FIELDS = targets.fields as Record<string, Fields>
const CUSTOM = 'customFields.'

/** Our fields, by what items become or as what a line has: what each is called. */
export const fieldsOf = (object: string): Fields => FIELDS[object] ?? {}

/** Without them nothing can be written. */
export const isNeeded = (object: string, field: string): boolean =>
  ((targets.needed as Record<string, string[]>)[object] ?? []).includes(field)

/** What a place in a mapping, or in what it made, is called. */
export function fieldLabel(object: string, at: string): string {
  const [, line, inLine = ''] = /^lines\[(\d+)\]\.?(.*)$/.exec(at) ?? []
  if (line !== undefined) return texts.rows.line(Number(line) + 1, fieldsOf('line')[inLine] ?? inLine)
  if (at === 'externalId') return texts.rows.id
  if (at === 'keys') return ''
  return fieldsOf(object)[at] ?? (at.startsWith(CUSTOM) ? at.slice(CUSTOM.length).replaceAll('_', ' ') : at)
}

/** The last fault of a connection, with our field by its name. */
export const faultText = ({ lastError, definition }: Whole): string | null =>
  lastError?.replace(/^[\w.[\]]+(?=: )/, (at) => fieldLabel(definition.mapping.object, at)) ?? null

const LOST = /^What comes has changed: .*?Nothing of it was written\.(?= Change the mapping)/s

/** What the server says of fields that are gone, without what it advises programs to do; null: it says something else. */
export const lostText = (said: string | null): string | null => LOST.exec(said ?? '')?.[0] ?? null

/** What a row is about, by what the mapping made of it; empty: nobody knows. */
export function nameOf({ mapped }: Row): string {
  const { values = {} } = (mapped ?? {}) as { values?: Record<string, unknown> }
  const said = (...fields: string[]) =>
    fields
      .map((field) => values[field])
      .filter(Boolean)
      .join(' ')
  return said('firstName', 'lastName') || said('name') || said('number') || said('email') || said('phone')
}

/** Where a row stood: in a file by its line, elsewhere by its place among what came. */
export const placeText = ({ place, arrivalId }: Row, { way }: Whole): string =>
  way === 'file' && arrivalId === null ? texts.rows.ofFile(place) : texts.rows.open(place)

/** What is wrong with one place of a mapping; keys are fields of ours, too. */
export function problemText(object: string, { at, message }: { at: string; message: string }): string {
  const told =
    at === 'keys'
      ? message.replace(/(?<=: empty are ).+$/, (keys) =>
          keys
            .split(', ')
            .map((key) => fieldLabel(object, key))
            .join(', '),
        )
      : message
  return [fieldLabel(object, at), told].filter(Boolean).join(': ')
}

/** Why a row became what it did, in one text. */
export const whyOf = ({ state, reason, problems, leftAlone }: Row, object: string): string =>
  [
    reason,
    ...problems.map((problem) => problemText(object, problem)),
    // All of it stays.
    ...(state === 'kept' ? leftAlone.map(({ to, because }) => problemText(object, { at: to, message: because })) : []),
  ]
    .filter(Boolean)
    .join(' · ')

/** A value as people read it. */
export const shownValue = (value: unknown): string =>
  Array.isArray(value) && value.every((one) => typeof one !== 'object') ? value.join(', ') : valueText(value)
