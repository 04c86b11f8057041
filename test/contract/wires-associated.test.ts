import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { plainType } from '../../src/objects/index.ts'
import { loadObjectIds } from '../../src/store/records/index.ts'
import { type AssociationStory, type Plural, startAssociationStory, well } from '../support/association-story.ts'

/** Something that both wires know: by its id there, by its number here. */
interface Known {
  id: string
  number: string
}

let story: AssociationStory
let pipelineId: string
let calendarId: string

before(async () => {
  story = await startAssociationStory()
  const stages = [{ name: 'New' }]
  pipelineId = (await there('/opportunities/pipelines', { name: 'Weddings', stages })).pipeline.id
  const hours = [{ openHour: 9, openMinute: 0, closeHour: 17, closeMinute: 0 }]
  const openHours = [{ daysOfTheWeek: [0, 1, 2, 3, 4, 5, 6], hours }]
  calendarId = (await there('/calendars/', { name: 'Talk', slotDuration: 60, slotInterval: 60, openHours })).calendar.id
})
after(() => story?.[Symbol.asyncDispose]())

/** The other wire. */
const there = (path: string, body: object) => well(story.portal.post(path, { locationId: story.locationId, ...body }))

async function known(kind: string, id: string): Promise<Known> {
  const numbers = await loadObjectIds(story.db, story.locationId, [{ kind, id }])
  return { id, number: String(numbers.get(`${kind} ${id}`)) }
}
const contact = async () => known('contacts', (await there('/contacts/', { firstName: 'Ann' })).contact.id)
const business = async () => known('businesses', (await there('/businesses/', { name: 'Deo' })).buiseness.id)

const bare = (path: string, body: object) => well(story.portal.post(path, body))
let invoices = 0

/** What the other wire writes that names a contact: the types that it is here, and how its contact is another. */
const WRITES: Record<string, { types: Plural[]; make(contactId: string): Promise<string>; move?: Move }> = {
  opportunities: {
    types: ['deals'],
    make: async (contactId) =>
      (await there('/opportunities/', { pipelineId, name: 'Barn', status: 'open', contactId })).opportunity.id,
    move: (id, contactId) => there('/opportunities/upsert', { id, pipelineId, contactId }),
  },
  invoices: {
    types: ['invoices'],
    make: async (contact_id) => {
      const invoice_id = `invoice-${++invoices}`
      return (await there('/invoices', { invoice_id, total: 10, status: 'sent', contact_id })).id
    },
    move: (_, contact_id) =>
      there('/invoices', { invoice_id: `invoice-${invoices}`, total: 10, status: 'sent', contact_id }),
  },
  appointments: {
    types: ['appointments', 'meetings'],
    make: async (contactId) => {
      const startTime = new Date(Date.now() + 48 * 3_600_000).toISOString()
      const free = { ignoreFreeSlotValidation: true, ignoreDateRange: true }
      return (await there('/calendars/events/appointments', { calendarId, contactId, startTime, ...free })).id
    },
  },
  notes: { types: ['notes'], make: async (id) => (await bare(`/contacts/${id}/notes`, { body: 'Hello' })).note.id },
  tasks: {
    types: ['tasks'],
    make: async (id) => {
      const task = { title: 'Call', dueDate: '2026-10-25T11:00:00Z', completed: false }
      return (await bare(`/contacts/${id}/tasks`, task)).task.id
    },
  },
  messages: {
    types: ['calls'],
    make: async (contactId) => {
      const conversationId = (await there('/conversations/', { contactId })).conversation.id
      const call = {
        type: 'Call',
        conversationId,
        call: { to: '+12025550142', from: '+12025550143', status: 'completed' },
      }
      return (await bare('/conversations/messages/inbound', call)).messageId
    },
  },
}
type Move = (id: string, contactId: string) => Promise<unknown>

const NUMBERS: Partial<Record<Plural, string>> = {
  ...{ deals: '0-3', invoices: '0-53', appointments: '0-421', meetings: '0-47', notes: '0-46', tasks: '0-27' },
  calls: '0-48',
}

for (const [kind, { types, make, move }] of Object.entries(WRITES))
  test(`${kind} of a contact of the other wire are associated with it here`, async () => {
    const [ann, bob] = [await contact(), await contact()]
    await story.told()
    const one = await known(kind, await make(ann.id))
    story.look([
      ['contacts', ann.number],
      ['contacts', bob.number],
      ...types.map((type) => [type, one.number] as const),
    ])
    const between = (sign: string, { number }: Known) =>
      types
        .map((type) => [NUMBERS[type] as string, plainType(NUMBERS[type] as string, '0-1')] as const)
        .flatMap(([typeId, plain]) => [
          `${sign} ${typeId}/${one.number}>0-1/${number} ${plain.typeId}`,
          `${sign} 0-1/${number}>${typeId}/${one.number} ${plain.inverseTypeId}`,
        ])
    assert.deepEqual((await story.told()).toSorted(), between('+', ann).toSorted())
    for (const type of types) {
      const filters = [{ propertyName: 'associations.contact', operator: 'EQ', value: ann.number }]
      const found = await bare(`/crm/v3/objects/${type}/search`, { filterGroups: [{ filters }] })
      assert.deepEqual([found.total, found.results[0]?.id], [1, one.number], type)
      const read = await well(story.portal.get(`/crm/v3/objects/${type}/${one.number}?associations=contacts`))
      assert.equal(read.associations.contacts.results[0].id, ann.number)
    }
    if (move !== undefined) {
      // Who is associated with it already is told of no second time, and nothing is left when the field is empty.
      await story.tied(`${types[0]}/${one.number}`, `contacts/${bob.number}`)
      await story.told()
      await move(one.id, bob.id)
      assert.deepEqual((await story.told()).toSorted(), between('-', ann).toSorted())
      await well(story.portal.delete(`/crm/v4/objects/${types[0]}/${one.number}/associations/contacts/${bob.number}`))
      assert.deepEqual((await story.told()).toSorted(), between('-', bob).toSorted())
      return
    }
    await well(story.portal.delete(`/contacts/${ann.id}`))
    assert.deepEqual((await story.told()).toSorted(), between('-', ann).toSorted())
  })

test('the business of a contact is its primary company, also where it was one of several before', async () => {
  const [ann, first, second] = [await contact(), await business(), await business()]
  const moveTo = (businessId: string | null) => there('/contacts/bulk/business', { ids: [ann.id], businessId })
  const businessId = async () => (await well(story.portal.get(`/contacts/${ann.id}`))).contact.businessId
  story.look([
    ['contacts', ann.number],
    ['companies', first.number],
    ['companies', second.number],
  ])
  const told = async () =>
    (await story.told()).flatMap((one) => (one.includes(` 0-1/${ann.number}>`) ? one.replace(/ .*>/, ' ') : []))
  await moveTo(first.id)
  assert.deepEqual(await told(), [`+ 0-2/${first.number} 279`, `+ 0-2/${first.number} 1`])
  await story.tied(`contacts/${ann.number}`, `companies/${second.number}`)
  await story.tied(`contacts/${ann.number}`, `companies/${second.number}`, await story.label('Owner'))
  assert.equal(await businessId(), first.id)
  assert.equal((await told()).length, 2)
  await moveTo(second.id)
  assert.deepEqual(await told(), [`- 0-2/${first.number} 279`, `- 0-2/${first.number} 1`, `+ 0-2/${second.number} 1`])
  // Whose label stays, stays associated.
  await moveTo(null)
  assert.deepEqual(await told(), [`- 0-2/${second.number} 1`])
  await moveTo(second.id)
  assert.deepEqual(await told(), [`+ 0-2/${second.number} 1`])
  await story.tied(`contacts/${ann.number}`, `companies/${first.number}`, 1)
  assert.equal(await businessId(), first.id)
  await story.told()
  await moveTo(null)
  assert.deepEqual(await told(), [`- 0-2/${first.number} 279`, `- 0-2/${first.number} 1`])
})

/** An association of the other wire between contacts and these, and what it is here. */
async function association(key: string, secondObjectKey: string, [firstObjectLabel, secondObjectLabel]: string[]) {
  const ends = { firstObjectLabel, firstObjectKey: 'contact', secondObjectLabel, secondObjectKey }
  const { id } = await there('/associations/', { key, ...ends })
  const type = secondObjectKey === 'business' ? 'companies' : secondObjectKey
  const { results } = await well(story.portal.get(`/crm/v4/associations/contacts/${type}/labels`))
  const typeId: number = results.find((one: { label: string }) => one.label === secondObjectLabel).typeId
  const relate = async (first: Known, second: Known): Promise<string> =>
    (await there('/associations/relations', { associationId: id, firstRecordId: first.id, secondRecordId: second.id }))
      .id
  return { id, typeId, relate }
}

/** Relations of a record, there, as `association first second`. */
async function related({ id }: Known): Promise<string[]> {
  const query = `locationId=${story.locationId}&skip=0&limit=100`
  const { relations } = await well(story.portal.get(`/associations/relations/${id}?${query}`))
  return relations.map(
    (one: Record<string, string>) => `${one.associationId} ${one.firstRecordId} ${one.secondRecordId}`,
  )
}
const unrelate = (id: string) =>
  well(story.portal.delete(`/associations/relations/${id}?locationId=${story.locationId}`))

/** Of a contact, here: `company number: labels`. */
async function labelled({ number }: Known, type = 'companies'): Promise<string[]> {
  const { results } = await well(story.portal.get(`/crm/v4/objects/contacts/${number}/associations/${type}`))
  return results.map(
    (one: { toObjectId: string; associationTypes: { label: string | null; category: string }[] }) =>
      `${one.toObjectId}: ${one.associationTypes.map(({ label, category }) => `${category[0]} ${label}`).join(', ')}`,
  )
}

test('a relation of the other wire is an association with a label, told of when it comes and goes', async () => {
  const [ann, deo] = [await contact(), await business()]
  const { id, typeId, relate } = await association('guest_host', 'business', ['Guest', 'Host'])
  await story.told()
  story.look([
    ['contacts', ann.number],
    ['companies', deo.number],
  ])
  const relation = await relate(ann, deo)
  assert.deepEqual(await labelled(ann), [`${deo.number}: H null, U Host`])
  // It makes nobody a member of a business, and no business a primary one.
  assert.equal((await well(story.portal.get(`/contacts/${ann.id}`))).contact.businessId, undefined)
  const told = await story.told()
  assert.equal(told.length, 4)
  assert.ok(told.includes(`+ 0-1/${ann.number}>0-2/${deo.number} 279`))
  assert.ok(told.includes(`+ 0-1/${ann.number}>0-2/${deo.number} ${typeId}`))
  for (const one of [ann, deo]) assert.deepEqual(await related(one), [`${id} ${ann.id} ${deo.id}`])
  await unrelate(relation)
  assert.deepEqual((await story.told()).toSorted(), told.map((one) => one.replace('+', '-')).toSorted())
  assert.equal(
    (await story.portal.delete(`/associations/relations/${relation}?locationId=${story.locationId}`)).status,
    404,
  )
})

test('an association with a label is a relation of the other wire, and what is not labelled is none', async () => {
  const [ann, primary, second] = [await contact(), await business(), await business()]
  const { id, typeId } = await association('pays_paid', 'business', ['Pays', 'Paid'])
  story.look([['contacts', ann.number]])
  await story.tied(`contacts/${ann.number}`, `companies/${primary.number}`)
  assert.deepEqual(await related(ann), [])
  for (const { number } of [primary, second]) await story.tied(`contacts/${ann.number}`, `companies/${number}`, typeId)
  assert.deepEqual(await related(ann), [`${id} ${ann.id} ${primary.id}`, `${id} ${ann.id} ${second.id}`])
  await story.told()
  const relations = (
    await well(story.portal.get(`/associations/relations/${ann.id}?locationId=${story.locationId}&skip=0&limit=9`))
  ).relations
  for (const relation of relations) await unrelate(relation.id)
  // Whom somebody associated stays associated; what stood there for the label's sake goes with it.
  assert.deepEqual(await labelled(ann), [`${primary.number}: H null, H Primary`])
  assert.equal((await story.told()).length, 6)
})

test('whoever associates what is related as well finds it associated when the relation is gone', async () => {
  const { typeId, relate } = await association('knows', 'contact', ['Knows', 'Known by'])
  const [ann, first, second, third] = [await contact(), await contact(), await contact(), await contact()]
  const plain = (other: Known) => story.tied(`contacts/${ann.number}`, `contacts/${other.number}`)
  const off = (other: Known) =>
    bare('/crm/v4/associations/contacts/contacts/batch/labels/archive', {
      inputs: [
        {
          from: { id: ann.number },
          to: { id: other.number },
          types: [{ associationCategory: 'USER_DEFINED', associationTypeId: typeId }],
        },
      ],
    })
  await plain(first)
  const relations = [await relate(ann, first), await relate(ann, second)]
  await story.told()
  story.look([['contacts', ann.number]])
  await plain(second)
  assert.deepEqual(await story.told().then((told) => told.filter((one) => !one.startsWith('+'))), [])
  for (const relation of relations) await unrelate(relation)
  await relate(ann, third)
  assert.deepEqual((await related(ann)).length, 1)
  await off(third)
  assert.deepEqual(await related(ann), [])
  await unrelate(await relate(ann, third))
  const others = [first, second, third].map(({ number }) => Number(number)).toSorted((a, b) => a - b)
  assert.deepEqual(
    await labelled(ann, 'contacts'),
    others.map((number) => `${number}: H null`),
  )
})

test('an association that is deleted takes its relations there, and leaves who it labelled associated here', async () => {
  const [ann, bob] = [await contact(), await contact()]
  const [one, other] = [
    await association('aunt', 'contact', ['Aunt', 'Niece']),
    await association('boss', 'contact', ['Boss', 'Staff']),
  ]
  for (const { relate } of [one, other]) await relate(ann, bob)
  const relation = await association('host', 'contact', ['Host of', 'Guest of'])
  const carl = await contact()
  await relation.relate(ann, carl)
  await well(story.portal.delete(`/associations/${relation.id}`))
  await well(story.portal.delete(`/associations/${one.id}`))
  assert.deepEqual(await related(ann), [`${other.id} ${ann.id} ${bob.id}`])
  assert.deepEqual(await labelled(ann, 'contacts'), [`${bob.number}: H null, U Staff`])
  await well(story.portal.delete(`/crm/v4/associations/contacts/contacts/labels/${other.typeId}`))
  assert.deepEqual(await related(ann), [])
  assert.deepEqual(await labelled(ann, 'contacts'), [`${bob.number}: H null`])
  const last = await association('peer', 'contact', ['Peer', 'Pal'])
  await unrelate(await last.relate(ann, bob))
  assert.deepEqual(await labelled(ann, 'contacts'), [`${bob.number}: H null`])
})
