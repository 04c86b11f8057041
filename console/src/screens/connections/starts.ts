import type { Output } from '../../api/call.ts'
import { pollOf } from './source/poll.tsx'
import type { Connection, Definition } from './standing.tsx'

export type Preset = Output<'connections.presets'>['presets'][number]
type Way = Connection['way']

const from = (to: string, path: string) => ({ to, from: { path } })

/** What a connection begins with: the names that most programs have for these. Others are chosen from what comes. */
const MAPPINGS: Record<Definition['mapping']['object'], Definition['mapping']> = {
  contact: {
    object: 'contact',
    fields: [
      from('firstName', 'first_name'),
      from('lastName', 'last_name'),
      from('email', 'email'),
      from('phone', 'phone'),
    ],
    filters: [],
    externalId: { path: 'id' },
    keys: ['externalId', 'email', 'phone'],
    conflicts: 'source',
  },
  invoice: {
    object: 'invoice',
    fields: [
      from('number', 'number'),
      from('total', 'total'),
      from('status', 'status'),
      from('currency', 'currency'),
      from('customerId', 'customer_id'),
      from('dueDate', 'due_date'),
    ],
    filters: [],
    externalId: { path: 'id' },
    keys: ['externalId', 'number'],
    conflicts: 'source',
  },
  location: {
    object: 'location',
    fields: [
      from('name', 'name'),
      from('phone', 'phone'),
      from('address', 'address'),
      from('city', 'city'),
      from('country', 'country'),
    ],
    filters: [],
    externalId: { path: 'id' },
    keys: ['externalId'],
    conflicts: 'source',
  },
}

/** Chosen field by field: what the way needs to begin with. */
export const ownDefinition = (object: Definition['mapping']['object'], way: Way, url: string): Definition => ({
  source: way === 'poll' ? { poll: pollOf(url) } : way === 'mail' ? { mail: { fields: [] } } : {},
  mapping: MAPPINGS[object],
})

/** As the preset has it, sent or fetched; `isSigned`: what is not signed is refused. */
export function presetDefinition(
  { definition: { source, mapping } }: Preset,
  { way, url, isSigned }: { way: Way; url: string; isSigned: boolean },
): Definition {
  const { verify, ...rest } = source
  if (way === 'poll') return { source: { ...rest, poll: pollOf(url) }, mapping }
  return { source: verify === undefined ? rest : { ...rest, verify: isSigned ? verify : { kind: 'address' } }, mapping }
}
