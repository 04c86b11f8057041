import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Reply } from '../support/client.ts'
import { type Office, startOffice } from '../support/office.ts'
import recorded from '../support/recorded-shapes.json' with { type: 'json' }

/*
 * `recorded-shapes.json` holds facts about answers of the real service, taken from the recordings that Nango publishes
 * with its integration templates: the names of their properties and what types their values have, nothing else.
 */

type Facts = Record<string, string>
const RECORDED = recorded as Record<string, Facts>

/** Why we leave something out, by line and path. */
const EXCEPTIONS: readonly (readonly [line: RegExp, path: RegExp, why: string])[] = [
  [/^DELETE \/calendars\/\{id\}/, /^calendar\.(?!id$|name$|locationId$)/, 'the inner life of the hosted calendar'],
  [/calendars/, /teamMembers\[\]|openHours\[\]|\.(widgetSlug|eventType|description)$/, 'as the calendar was made'],
  [/calendars/, /openHours$/, 'an empty object there where nothing is set, a list in the documents'],
  [/calendars/, /appointmentMeta/, 'nothing tells us'],
  [/messages/, /\bactivity\b|\.(from|to)$/, 'of an activity, which the hosted product writes by itself'],
  [/^(GET|PUT) \/conversations\/\{id\}/, /lastMessage(Type|Date)/, 'texts here, which the documents say'],
  [/^PUT \/conversations/, /^(?!success$|conversation\.id$|traceId$)/, 'as GET'],
  [/contacts\/search$/, /additional(Emails|Phones)\[\]/, 'lists of texts here, as in all other answers'],
  [/contacts\/search$/, /(dndSettings|inboundDndSettings|ttributionSource)\b./, 'as the contact was made'],
  [/opportunities\/search/, /relations\[\]\.(type|createdAt)$/, 'where there are several'],
  [/opportunities\/search/, /attributed$/, 'nothing tells us'],
  [/users/, /users\[\]|(^|\.)phone$/, 'as the user was made'],
  [/workflows/, /\[\]/, 'as they are'],
]

const isExcepted = (line: string, path: string) =>
  EXCEPTIONS.some(([lines, paths]) => lines.test(line) && paths.test(path))

/** What is at a path: every value that a list has there. */
function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  const [step, ...rest] = path
  if (step === undefined) return [value]
  const name = step.replace('[]', '')
  const inner = (value as Record<string, unknown> | null)?.[name]
  if (!step.endsWith('[]')) return valuesAt(inner, rest)
  return Array.isArray(inner) ? inner.flatMap((element) => valuesAt(element, rest)) : [undefined]
}

const typeOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value)

/** Names that are missing, and values of another type. */
function differences(line: string, body: unknown): string[] {
  return Object.entries(RECORDED[line] as Facts).flatMap(([path, types]) => {
    if (isExcepted(line, path)) return []
    const values = valuesAt(body, path.split('.'))
    const found = [...new Set(values.map(typeOf))]
    const allowed = [...types.split('|'), ...(types === 'null' ? ['string'] : [])]
    const wrong = found.filter((type) => !allowed.includes(type) && !(type === 'object' && types === 'list'))
    return wrong.length === 0 ? [] : [`${path}: ${wrong.join(', ')} in place of ${types}`]
  })
}

let office: Office
const replies = new Map<string, Reply>()
before(async () => {
  office = await startOffice()
  await askAll()
})
after(() => office?.[Symbol.asyncDispose]())

/** Asks for every recorded line once, in an order that makes what the next ones need. */
async function askAll(): Promise<void> {
  const { client, here, location, server, agencyToken } = office
  const keep = (line: string, reply: Reply) => {
    assert.ok(reply.status < 300, `${line}: ${JSON.stringify(reply.body)}`)
    replies.set(line, reply)
    return reply.body
  }
  const get = async (line: string, path: string) => keep(line, await client.get(path))
  const post = async (line: string, path: string, body: object) => keep(line, await client.post(path, body))
  const put = async (line: string, path: string, body: object) => keep(line, await client.put(path, body))
  const remove = async (line: string, path: string, body?: object) => keep(line, await client.delete(path, body))
  const query = `locationId=${location.id}`

  const person = { firstName: 'Ada', lastName: 'Byron', country: 'US', tags: ['vip'], source: 'Fair' }
  const { contact } = await post('POST /contacts/', '/contacts/', {
    ...here,
    ...person,
    email: 'ada@real.example',
    phone: '+12025550100',
  })
  const id: string = contact.id
  await get('GET /contacts/{id}', `/contacts/${id}`)
  await put('PUT /contacts/{id}', `/contacts/${id}`, { lastName: 'Lovelace' })
  await post('POST /contacts/upsert', '/contacts/upsert', { ...here, email: 'ada@real.example', lastName: 'King' })
  await get('GET /contacts/search/duplicate', `/contacts/search/duplicate?${query}&email=ada@real.example`)
  await post('POST /contacts/{id}/tags', `/contacts/${id}/tags`, { tags: ['new'] })
  await remove('DELETE /contacts/{id}/tags', `/contacts/${id}/tags`, { tags: ['new'] })
  await post('POST /contacts/{id}/notes', `/contacts/${id}/notes`, { body: '<p>Call in the morning</p>' })
  await get('GET /contacts/{id}/notes', `/contacts/${id}/notes`)
  const due = { title: 'Call', dueDate: '2026-10-25T11:00:00Z', completed: false, body: 'At nine' }
  const { task } = await post('POST /contacts/{id}/tasks', `/contacts/${id}/tasks`, due)
  await put('PUT /contacts/{id}/tasks/{id}', `/contacts/${id}/tasks/${task.id}`, { completed: true })
  await get('GET /contacts/{id}/tasks', `/contacts/${id}/tasks`)
  await remove('DELETE /contacts/{id}/tasks/{id}', `/contacts/${id}/tasks/${task.id}`)

  const { workflow } = (await client.post('/workflows/', { ...here, name: 'Welcome' })).body
  await get('GET /workflows/', `/workflows/?${query}`)
  await post('POST /contacts/{id}/workflow/{id}', `/contacts/${id}/workflow/${workflow.id}`, {})
  await remove('DELETE /contacts/{id}/workflow/{id}', `/contacts/${id}/workflow/${workflow.id}`)

  const at = `/locations/${location.id}`
  const { customField } = await post('POST /locations/{id}/customFields', `${at}/customFields`, {
    name: 'Size',
    dataType: 'TEXT',
  })
  await get('GET /locations/{id}/customFields', `${at}/customFields`)
  await get('GET /locations/{id}/customFields/{id}', `${at}/customFields/${customField.id}`)
  await put('PUT /locations/{id}/customFields/{id}', `${at}/customFields/${customField.id}`, { name: 'Height' })
  await remove('DELETE /locations/{id}/customFields/{id}', `${at}/customFields/${customField.id}`)
  const phone = { name: 'Phone', value: '1' }
  const { customValue } = await post('POST /locations/{id}/customValues', `${at}/customValues`, phone)
  await get('GET /locations/{id}/customValues', `${at}/customValues`)
  await get('GET /locations/{id}/customValues/{id}', `${at}/customValues/${customValue.id}`)
  await put('PUT /locations/{id}/customValues/{id}', `${at}/customValues/${customValue.id}`, phone)
  await remove('DELETE /locations/{id}/customValues/{id}', `${at}/customValues/${customValue.id}`)

  const address = { address: '1 High St', city: 'Dover', state: 'DE', postalCode: '1', website: 'https://a.example' }
  const details = { companyId: office.companyId, ...address, country: 'US', phone: '+12025550199' }
  const changed = await server.client(agencyToken).put(at, details)
  assert.equal(changed.status, 200, JSON.stringify(changed.body))
  await get('GET /locations/{id}', at)

  const stages = [{ name: 'New' }, { name: 'Won' }]
  const { pipeline } = (
    await client.post('/opportunities/pipelines', {
      ...here,
      name: 'Sales',
      stages: stages.map((stage) => ({ ...stage, showInFunnel: true, showInPieChart: true })),
      showInFunnel: true,
      showInPieChart: true,
    })
  ).body
  await get('GET /opportunities/pipelines', `/opportunities/pipelines?${query}`)
  const wanted = { ...here, pipelineId: pipeline.id, name: 'Wedding', status: 'open', contactId: id, monetaryValue: 5 }
  const { opportunity } = await post('POST /opportunities/', '/opportunities/', wanted)
  await get('GET /opportunities/{id}', `/opportunities/${opportunity.id}`)
  await put('PUT /opportunities/{id}', `/opportunities/${opportunity.id}`, { name: 'Great wedding' })
  await post('POST /opportunities/search', '/opportunities/search', here)
  await post('POST /contacts/search', '/contacts/search', { ...here, pageLimit: 10 })
  await remove('DELETE /opportunities/{id}', `/opportunities/${opportunity.id}`)

  const { calendar } = await post('POST /calendars/', '/calendars/', { ...here, name: 'Talk', calendarType: 'event' })
  await get('GET /calendars/', `/calendars/?${query}`)
  await get('GET /calendars/{id}', `/calendars/${calendar.id}`)
  await put('PUT /calendars/{id}', `/calendars/${calendar.id}`, { name: 'Long talk' })
  const booked = await post('POST /calendars/events/appointments', '/calendars/events/appointments', {
    ...here,
    calendarId: calendar.id,
    contactId: id,
    startTime: '2026-12-01T10:00:00Z',
    endTime: '2026-12-01T11:00:00Z',
    address: 'Here',
    ignoreFreeSlotValidation: true,
  })
  const event = `/calendars/events/appointments/${booked.id}`
  await put('PUT /calendars/events/appointments/{id}', event, { title: 'Talk with Ada' })
  await get('GET /calendars/events/appointments/{id}', event)
  const during = `startTime=${Date.parse('2026-11-30')}&endTime=${Date.parse('2026-12-03')}`
  await get('GET /calendars/events', `/calendars/events?${query}&calendarId=${calendar.id}&${during}`)
  await remove('DELETE /calendars/events/{id}', `/calendars/events/${booked.id}`)
  await remove('DELETE /calendars/{id}', `/calendars/${calendar.id}`)

  const said = { type: 'SMS', contactId: id, message: 'Hello' }
  const sent = await post('POST /conversations/messages', '/conversations/messages', said)
  const talk = `/conversations/${sent.conversationId}`
  await get('GET /conversations/{id}/messages', `${talk}/messages`)
  await get('GET /conversations/messages/{id}', `/conversations/messages/${sent.messageId}`)
  await get('GET /conversations/{id}', talk)
  await get('GET /conversations/search', `/conversations/search?${query}`)
  await put('PUT /conversations/{id}', talk, { ...here, unreadCount: 0 })
  await remove('DELETE /conversations/{id}', talk)

  const made = await server.client(agencyToken).post('/users/', {
    companyId: office.companyId,
    firstName: 'Grace',
    lastName: 'Hopper',
    email: 'grace@real.example',
    password: 'x',
    type: 'account',
    role: 'user',
    locationIds: [location.id],
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  await get('GET /users/', `/users/?${query}`)
  await get('GET /users/{id}', `/users/${made.body.id}`)
  await remove('DELETE /contacts/{id}', `/contacts/${id}`)
}

test('every recorded line is asked for', () => {
  assert.deepEqual(
    Object.keys(RECORDED).filter((line) => !replies.has(line)),
    [],
  )
})

for (const line of Object.keys(RECORDED))
  test(`${line} answers the names and types that the real service answers`, () => {
    assert.deepEqual(differences(line, replies.get(line)?.body), [])
  })

test('what people and sub-accounts are allowed is said area by area', () => {
  const { permissions } = (replies.get('GET /users/{id}') as Reply).body
  const { permissions: features } = (replies.get('GET /locations/{id}') as Reply).body.location
  for (const [all, least] of [
    [permissions, 48],
    [features, 40],
  ] as const) {
    assert.ok(Object.keys(all).length >= least)
    for (const [name, value] of Object.entries(all)) assert.equal(typeof value, 'boolean', name)
  }
})
