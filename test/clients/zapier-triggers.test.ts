import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Input } from '../support/catalogue-inputs.ts'
import { type CatalogueWorld, startCatalogueWorld } from '../support/catalogue-world.ts'
import { connectorFile, inputOf, needsAgency, paired } from '../support/connectors.ts'
import { startZapier, type Zapier } from '../support/zapier.ts'

let world: CatalogueWorld
let zapier: Zapier
before(async () => {
  world = await startCatalogueWorld()
  const { location, agency, server } = world
  const authData = { access_token: location.token, locationId: location.id, companyId: agency.companyId }
  zapier = startZapier({ url: server.url, authData })
  const { contactId, businessId } = world.ids
  const told = { locationId: location.id, ids: [contactId], businessId }
  assert.equal((await world.client.post('/contacts/bulk/business', told)).status, 200)
})
after(() => world?.[Symbol.asyncDispose]())

type Item = Input & { id: string; dedupeKey: string }

/** What changes an item that a trigger tells of: by the last name of its list. */
const CHANGES: Record<string, (id: string) => Promise<{ status: number; body: unknown }>> = {
  contact: (id) => world.client.put(`/contacts/${id}`, { city: `City ${Math.random()}` }),
  opportunity: (id) => world.client.put(`/opportunities/${id}`, { monetaryValue: Math.random() * 1000 }),
  task: (id) => world.client.put(`/contacts/${world.ids.contactId}/tasks/${id}`, { title: `Task ${Math.random()}` }),
  note: (id) =>
    id === world.ids.noteId
      ? world.client.put(`/calendars/appointments/${world.ids.appointmentId}/notes/${id}`, { body: `${Math.random()}` })
      : world.client.put(`/contacts/${world.ids.contactId}/notes/${id}`, { body: `Note ${Math.random()}` }),
  calendar: (id) => world.client.put(`/calendars/${id}`, { description: `Calendar ${Math.random()}` }),
  group: (id) =>
    world.client.put(`/calendars/groups/${id}`, { name: 'Group', description: `${Math.random()}`, slug: 'changed' }),
  business: (id) => world.client.put(`/businesses/${id}`, { description: `Business ${Math.random()}` }),
  user: (id) => world.client.put(`/users/${id}`, { lastName: `Byron ${Math.random()}` }),
  workflow: (id) => world.client.put(`/workflows/${id}`, { name: `Welcome ${Math.random()}` }),
  campaign: (id) => world.client.put(`/campaigns/${id}`, { name: `Spring ${Math.random()}` }),
  pipeline: (id) => world.client.put(`/opportunities/pipelines/${id}`, { name: `Sales ${Math.random()}` }),
  association: (id) =>
    world.client.put(`/associations/${id}`, { firstObjectLabel: `P ${Math.random()}`, secondObjectLabel: 'Firm' }),
}
/** What an entry's items are, where the answer itself is one or a list is called otherwise. */
const THINGS: Record<string, string> = {
  get_user: 'user',
  get_association: 'association',
  get_association_key: 'association',
}

function thingOf({ key, items = '' }: { key: string; items?: string }): string | undefined {
  const name = items.replace(/\[\]$/, '')
  const thing = THINGS[key] ?? name.replace(/ies$/, 'y').replace(/(businesse)?s$/, (_, b) => (b ? 'business' : ''))
  return thing in CHANGES ? thing : undefined
}

test('the app has no fault in the eyes of Zapier', async () => {
  assert.deepEqual(await zapier.command('validate'), [])
  const { triggers, searches, creates } = await zapier.command('definition')
  assert.ok(Object.keys(triggers).length > 55 && Object.keys(searches).length > 15 && Object.keys(creates).length > 60)
})

const triggers = paired(connectorFile('zapier')).filter(({ entry }) => entry.kind === 'trigger')
test('all 55 triggers are there', () => assert.equal(triggers.length, 55))

for (const { entry, official } of triggers) {
  test(`Zapier polls "${entry.title}": what is there once, what has changed again`, async () => {
    const { agency, location } = world
    zapier.authData.access_token = needsAgency(official) ? agency.token : location.token
    const input = inputOf(world, entry, official)
    const poll = (): Promise<Item[]> => zapier.perform('triggers', entry.key, input)
    const first = await poll()
    assert.ok(first.length > 0, 'it tells of nothing')
    const { sample } = zapier.app.triggers[entry.key].operation
    for (const name of entry.dedupe?.id ?? [])
      if (name !== '.')
        assert.deepEqual([typeof sample[name], name in (first[0] as Item)], [typeof first[0]?.[name], true])
    if (entry.file) assert.match(String(first[0]?.file), /^hydrate\|\|\|/)
    const seen = new Set(first.map(({ dedupeKey }) => dedupeKey))
    assert.equal(seen.size, first.length)
    assert.deepEqual(
      (await poll()).filter(({ dedupeKey }) => !seen.has(dedupeKey)),
      [],
    )
    const thing = thingOf(entry)
    if (thing === undefined) return
    const [{ id }] = first as [Item]
    const { status, body } = await (CHANGES[thing] as (id: string) => Promise<{ status: number; body: unknown }>)(id)
    assert.ok(status < 300, JSON.stringify(body))
    const news = (await poll()).filter(({ dedupeKey }) => !seen.has(dedupeKey))
    assert.deepEqual(
      news.map((one) => one.id),
      [id],
    )
  })
}

test('what is made comes as one new item, at the front', async () => {
  const poll = (): Promise<Item[]> => zapier.perform('triggers', 'search_contacts')
  zapier.authData.access_token = world.location.token
  const seen = new Set((await poll()).map(({ dedupeKey }) => dedupeKey))
  const made = await world.client.post('/contacts/', { locationId: world.location.id, firstName: 'New' })
  const after = await poll()
  assert.equal(after[0]?.id, made.body.contact.id)
  assert.deepEqual(
    after.filter(({ dedupeKey }) => !seen.has(dedupeKey)).map(({ id }) => id),
    [made.body.contact.id],
  )
})

test('a list that is read by counting is read to its end', async () => {
  const locationId = world.location.id
  const make = (name: string) => world.client.post('/businesses/', { locationId, name })
  await Promise.all(Array.from({ length: 110 }, (_, number) => make(`Firm ${number}`)))
  const told: Item[] = await zapier.perform('triggers', 'list_businesses_by_location')
  assert.ok(new Set(told.map(({ name }) => name)).size > 110, String(told.length))
})

test('what changed last is in the first page, however many were made later', async () => {
  const { location, ids, client } = world
  const make = (firstName: string) => client.post('/contacts/', { locationId: location.id, firstName })
  await Promise.all(Array.from({ length: 110 }, (_, number) => make(`Guest ${number}`)))
  const deal = { locationId: location.id, pipelineId: ids.pipelineId, status: 'open', contactId: ids.spareContactId }
  await Promise.all(
    Array.from({ length: 110 }, (_, number) => client.post('/opportunities/', { ...deal, name: `Deal ${number}` })),
  )
  const first = async (key: string): Promise<string> => (await zapier.perform('triggers', key))[0].id
  await client.put(`/contacts/${ids.contactId}`, { city: 'Late' })
  await client.put(`/opportunities/${ids.opportunity}`, { name: 'Late' })
  assert.equal(await first('search_contacts'), ids.contactId)
  assert.equal(await first('list_contacts_deprecated'), ids.contactId)
  assert.equal(await first('search_opportunities'), ids.opportunity)
})
