import assert from 'node:assert/strict'
import type { Db } from '../../src/db/pool.ts'
import type { Client, Reply } from './client.ts'
import { askAppToken, type JournalEvent, Reader, SUBSCRIPTIONS } from './journal.ts'
import { startStory } from './stories.ts'

/** Types by their plural: number, and the property that says what an object is called. */
const TYPES = {
  contacts: ['0-1', 'firstname'],
  companies: ['0-2', 'name'],
  deals: ['0-3', 'dealname'],
  tickets: ['0-5', 'subject'],
  tasks: ['0-27', 'hs_task_subject'],
  notes: ['0-46', 'hs_note_body'],
  meetings: ['0-47', 'hs_meeting_title'],
  calls: ['0-48', 'hs_call_title'],
  emails: ['0-49', 'hs_email_subject'],
  invoices: ['0-53', 'hs_number'],
  appointments: ['0-421', 'hs_appointment_name'],
} as const
export type Plural = keyof typeof TYPES

/** A portal, and a program that knows of its associations what the journal tells, and nothing else. */
export interface AssociationStory extends AsyncDisposable {
  portal: Client
  locationId: string
  db: Db
  made(type: Plural, name: string): Promise<string>
  /** `contacts/6001`, `companies/7001`: by the number of a type, or plainly. */
  tied(from: string, to: string, typeId?: number): Promise<void>
  /** The number of a label between contacts and companies, as seen from the contacts. */
  label(label: string): Promise<number>
  /** A primary company stays associated, as one of several. */
  notPrimary(contactId: string, companyId: string): Promise<void>
  /** From here on these objects are looked at, and no others. */
  look(at: readonly (readonly [Plural, string])[]): void
  /**
   * What the journal has told since this was asked for the last time, as `+ 0-1/6001>0-2/7001 279`: nothing that is known
   * comes, nothing goes that is not known, and in the end the program knows what reading says.
   */
  told(): Promise<string[]>
}

export async function startAssociationStory(): Promise<AssociationStory> {
  const story = await startStory()
  const { client: portal, id: locationId } = story.empty
  const app = story.server.client((await askAppToken(story.server, story.demo.app)).body.access_token)
  const { portalId } = story.demo.locations[2] as { portalId: number }
  const actions = ['ASSOCIATION_ADDED', 'ASSOCIATION_REMOVED']
  for (const [objectTypeId] of Object.values(TYPES))
    await well(app.post(SUBSCRIPTIONS, { portalId, subscriptionType: 'ASSOCIATION', objectTypeId, actions }))
  const reader = new Reader(app)
  const known = new Set<string>()
  const objects = new Map<string, Set<string>>()
  const isLookedAt = (tie: string) =>
    [...objects].some(([typeId, ids]) => ids.values().some((id) => tie.startsWith(`${typeId}/${id}>`)))

  async function made(type: Plural, name: string): Promise<string> {
    return (await well(portal.post(`/crm/v3/objects/${type}`, { properties: { [TYPES[type][1]]: name } }))).id
  }

  async function tied(from: string, to: string, typeId?: number): Promise<void> {
    const path = `/crm/v4/objects/${from}/associations`
    if (typeId === undefined) await well(portal.put(`${path}/default/${to}`))
    else {
      const associationCategory = typeId < 1000 ? 'HUBSPOT_DEFINED' : 'USER_DEFINED'
      await well(portal.put(`${path}/${to}`, [{ associationCategory, associationTypeId: typeId }]))
    }
  }

  /** All that comes before an association which is made now. */
  async function events(): Promise<JournalEvent[]> {
    const mark = await made('contacts', 'Mark')
    await tied(`contacts/${mark}`, `companies/${await made('companies', 'Mark')}`)
    const isMark = ({ fromObjectId, toObjectId }: JournalEvent) => [fromObjectId, toObjectId].includes(Number(mark))
    const found: JournalEvent[] = []
    while (found.filter(isMark).length < 4) found.push(...(await reader.rest()))
    return found.filter((event) => !isMark(event))
  }

  async function truth(): Promise<string[]> {
    const ties: string[] = []
    for (const [from, ids] of objects)
      for (const [to] of Object.values(TYPES)) {
        const inputs = [...ids].map((id) => ({ id }))
        const { results } = await well(portal.post(`/crm/v4/associations/${from}/${to}/batch/read`, { inputs }))
        for (const one of results)
          for (const { toObjectId, associationTypes } of one.to)
            for (const { typeId } of associationTypes) ties.push(`${from}/${one.from.id}>${to}/${toObjectId} ${typeId}`)
      }
    return ties.toSorted()
  }

  return {
    portal,
    locationId,
    db: story.server.app.platform.db,
    made,
    tied,
    async label(label) {
      const body = { label, name: label.toLowerCase() }
      const { results } = await well(portal.post('/crm/v4/associations/contacts/companies/labels', body))
      return results[0].typeId
    },
    async notPrimary(contactId, companyId) {
      const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 }]
      const inputs = [{ from: { id: contactId }, to: { id: companyId }, types }]
      await well(portal.post('/crm/v4/associations/contacts/companies/batch/labels/archive', { inputs }))
    },
    look(at) {
      objects.clear()
      for (const [type, id] of at) objects.set(TYPES[type][0], (objects.get(TYPES[type][0]) ?? new Set()).add(id))
    },
    async told() {
      const told = (await events()).map(({ action, ...event }) => {
        const [from, to] = ['from', 'to'].map((end) => `${event[`${end}ObjectTypeId`]}/${event[`${end}ObjectId`]}`)
        const tie = `${from}>${to} ${event.associationTypeId}`
        const isNew = action === 'ASSOCIATION_ADDED'
        assert.equal(known.has(tie), !isNew, `${action} ${tie}`)
        if (isNew) known.add(tie)
        else known.delete(tie)
        return `${isNew ? '+' : '-'} ${tie}`
      })
      assert.deepEqual([...known].filter(isLookedAt).toSorted(), await truth())
      return told
    },
    [Symbol.asyncDispose]: () => story[Symbol.asyncDispose](),
  }
}

/** The answer of a call that must succeed. */
export async function well(reply: Promise<Reply>): Promise<Reply['body']> {
  const { status, body } = await reply
  assert.ok(status < 300, `${status} ${JSON.stringify(body)}`)
  return body
}
