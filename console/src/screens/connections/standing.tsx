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

export function RowTone({ state }: Pick<Row, 'state'>) {
  return <Tone tone={ROW_TONES[state] ?? 'calm'}>{texts.rows.states[state]}</Tone>
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
