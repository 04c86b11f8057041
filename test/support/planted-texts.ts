import assert from 'node:assert/strict'
import editors from '../../console/src/api/editors.json' with { type: 'json' }
import type { Client } from './client.ts'
import type { Actor, Story } from './stories.ts'

/** A text that would take the page over if anything in it were read as HTML, with words that run from right to left. */
export const PLANTED = `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>\u202eשלום`

const FREE = /^(name|title|label|description|subject|body|text|message|html|content|placeholder|note|value|alt)$/i
type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

/** The same with the planted text behind each text that people write, however deep. */
function planted(value: Json, name: string): Json {
  if (typeof value === 'string') return FREE.test(name) ? `${value} ${PLANTED}` : value
  if (Array.isArray(value)) return value.map((one) => planted(one, name))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, planted(one, key)]))
}

/**
 * Plants it in every asset of a location, field by field, by the operation that writes its kind; what a field does not
 * take (a name that must be short, a value from a list) stays as it was. The kinds it stands in now.
 */
export async function plantInAssets({ id: locationId, client }: Actor): Promise<Set<string>> {
  const kinds = new Set<string>()
  for (const [kind, { path, param, schema }] of Object.entries(editors)) {
    const list = await client.get(`/locations/${locationId}/assets?kind=${kind}&limit=100`)
    for (const { id } of (list.body.assets ?? []) as { id: string }[]) {
      const { document } = (await client.get(`/locations/${locationId}/assets/${kind}/${id}`)).body.asset
      for (const name of Object.keys(schema.properties)) {
        const [before, after] = [document[name], planted(document[name] ?? null, name)]
        if (before === undefined || JSON.stringify(before) === JSON.stringify(after)) continue
        const address = path.replace(':locationId', locationId).replace(`:${param}`, id)
        const { status } = await client.put(address, { [name]: after })
        if (status < 300) kinds.add(kind)
      }
    }
  }
  return kinds
}

/**
 * Plants it in what people write day by day in a sub-account, of a contact, and in the names of people, tokens and apps:
 * the screens on which that stands.
 */
export async function plantInRecords({ agency }: Story, { id: locationId, client }: Actor, contactId: string) {
  const post = async (by: Client, path: string, body: object) => {
    const reply = await by.post(path, body)
    assert.ok(reply.status < 300, `${path}: ${JSON.stringify(reply.body)}`)
    return reply.body
  }
  await post(client, `/contacts/${contactId}/notes`, { body: PLANTED })
  await post(client, `/contacts/${contactId}/tasks`, { title: PLANTED, body: PLANTED, dueDate: DAY, completed: false })
  const { calendar } = await post(client, '/calendars/', { locationId, name: `Visits ${PLANTED}` })
  const { id: appointmentId } = await post(client, '/calendars/events/appointments', {
    locationId,
    calendarId: calendar.id,
    contactId,
    title: PLANTED,
    address: PLANTED,
    startTime: `${DAY.slice(0, 10)}T10:00:00Z`,
    endTime: `${DAY.slice(0, 10)}T11:00:00Z`,
    ignoreFreeSlotValidation: true,
  })
  await post(client, `/calendars/appointments/${appointmentId}/notes`, { body: PLANTED })
  const { conversationId } = await post(client, '/conversations/messages/inbound', {
    type: 'SMS',
    contactId,
    message: PLANTED,
  })
  const invoice = { locationId, invoice_id: PLANTED, number: PLANTED, name: PLANTED, notes: PLANTED }
  await post(client, '/invoices', { ...invoice, total: 9, status: 'sent', contact_id: contactId })
  const { invoices } = (await client.get(`/invoices?locationId=${locationId}`)).body
  const { companyId } = agency
  const of = (path: string) => `${path}?companyId=${companyId}`
  await post(agency.client, of('/people/'), { email: 'planted@people.example', name: PLANTED, role: 'viewer' })
  await post(agency.client, of('/tokens/'), { name: PLANTED, scopes: ['snapshots.readonly'] })
  const app = { name: PLANTED, scopes: ['contacts.readonly'], redirectUris: ['https://app.example.com/'] }
  await post(agency.client, of('/apps/'), app)
  const records = `/locations/${locationId}/records`
  return [
    {
      name: 'week of an appointment',
      path: `${records}?kind=appointments&calendar=${calendar.id}&week=${DAY.slice(0, 10)}`,
    },
    { name: 'appointment', path: `${records}/appointments/${appointmentId}` },
    { name: 'thread', path: `${records}/conversations/${conversationId}` },
    { name: 'invoice', path: `${records}/invoices/${invoices[0].id}` },
  ]
}

/** A Monday. */
const DAY = '2026-12-07T12:00:00Z'
