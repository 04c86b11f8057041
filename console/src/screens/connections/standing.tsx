import type { Output } from '../../api/call.ts'
import { Tone, type ToneName } from '../../parts/tone.tsx'
import { texts } from './texts.ts'

export type Connection = Output<'connections.list'>['connections'][number]
export type Whole = Output<'connections.get'>['connection']
export type Row = Output<'connections.rows'>['rows'][number]
export type Run = Output<'connections.runs'>['runs'][number]
export type Version = Output<'connections.versions'>['versions'][number]
export type Definition = Whole['definition']

const TONES: Record<keyof typeof texts.standing, ToneName> = {
  draft: 'calm',
  test: 'info',
  live: 'good',
  failing: 'bad',
  paused: 'change',
  needs_authorisation: 'bad',
}

export function StandingTone({ connection: { state, failingSince } }: { connection: Connection }) {
  const word = state === 'live' && failingSince !== null ? 'failing' : state
  const { label, hint } = texts.standing[word]
  return (
    <Tone tone={TONES[word]} hint={hint}>
      {label}
    </Tone>
  )
}

const ROW_TONES: Partial<Record<Row['state'], ToneName>> = {
  created: 'good',
  updated: 'change',
  failed: 'bad',
  waiting: 'info',
  kept: 'change',
  reverted: 'good',
}

/** `isDry`: it was only looked at. */
export const stateText = (state: Row['state'], isDry: boolean): string =>
  (isDry && (texts.rows.would as Partial<Record<Row['state'], string>>)[state]) || texts.rows.states[state]

export function RowTone({ state, isDry }: Pick<Row, 'state'> & { isDry: boolean }) {
  return <Tone tone={ROW_TONES[state] ?? 'calm'}>{stateText(state, isDry)}</Tone>
}

const PLACES = {
  contact: { to: '/app/locations/$locationId/records/$kind/$recordId', kind: 'contacts' },
  invoice: { to: '/app/locations/$locationId/records/$kind/$recordId', kind: 'invoices' },
  location: { to: '/app/locations/$locationId', kind: null },
} as const

/** Where what a row has written is; null: nowhere. */
export function toRecord({ locationId, definition }: Whole, { state, recordId }: Row) {
  const isThere = ['created', 'updated', 'unchanged', 'kept'].includes(state)
  if (recordId === null || !isThere) return null
  const { to, kind } = PLACES[definition.mapping.object]
  const params = kind === null ? { locationId: recordId } : { locationId, kind, recordId }
  return { to: to as never, params: params as never }
}

export const ofConnection = ({ id, locationId }: Pick<Connection, 'id' | 'locationId'>) => ({
  connectionId: id,
  ...(locationId !== null && { locationId }),
})

export const toConnection = ({ id, locationId }: Pick<Connection, 'id' | 'locationId'>) => ({
  to: '/app/connections/$connectionId' as never,
  params: { connectionId: id } as never,
  search: { location: locationId ?? undefined } as never,
})
