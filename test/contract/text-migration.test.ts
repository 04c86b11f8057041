import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { json, query, texts } from '../../src/db/pool.ts'
import { foldedText } from '../../src/store/natural-key.ts'
import { type Office, type Offices, startOffices } from '../support/offices.ts'

let world: Offices
let office: Office
before(async () => {
  world = await startOffices({ country: 'FR' })
  office = world.offices[0] as Office
})
after(() => world?.[Symbol.asyncDispose]())

const db = () => world.server.app.platform.db

async function foldedBySql(some: string[]): Promise<(string | undefined)[]> {
  const rows = await query(
    db(),
    sql<{
      folded: string
    }>`select folded_text(name) as folded from unnest(${texts(some)}) with ordinality n(name, position)
        order by position`,
  )
  return rows.map((row) => row.folded)
}

test('SQL folds every letter as the code does, whatever letters the database knows', async () => {
  const all = Array.from({ length: 0x110000 }, (_, point) => String.fromCodePoint(point))
  const some = all.filter((one) => one.isWellFormed() && foldedText(one) !== one && one !== '\0')
  assert.ok(some.length > 10_000, String(some.length))
  const folded = await foldedBySql(some)
  assert.deepEqual(
    some.filter((one, index) => foldedText(one) !== folded[index]),
    [],
  )
})

test('SQL folds texts as the code does, in every mixture of letters', async () => {
  const letter = fc.oneof(
    fc.constantFrom(...'aAbhHéÉe\u0301\u0331\u3099か\u200b\u00ad\ufeff \t\u00a0\u3000ﬁ™ıİßẞΣςσÅŁŒДжѢԱբႠᲐꙖⱯ𐐀𞤀Ⅎ한'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((one) => one.isWellFormed() && one !== '\0'),
  )
  const some = fc.sample(fc.string({ unit: letter, maxLength: 12 }), 5000)
  const folded = await foldedBySql(some)
  const unlike = some.filter((name, index) => foldedText(name) !== folded[index])
  assert.deepEqual(unlike, [])
  assert.equal(foldedText('x'.repeat(2000)).length, 2000)
})

test('what was stored in other forms is found after the migration in every spelling', async () => {
  const old = { email: 'ÉLODIE@Bücher.test', phone: '+52 1 55 1234 5678', lastName: 'Strauß', city: 'Mu\u0308nchen' }
  const lists = {
    additionalEmails: ['\u200bZWEI@post.test', 'Plain@post.test'],
    additionalPhones: ['+225 89 74 57 91'],
  }
  const { id } = (await office.client.post('/contacts/', { locationId: office.id, ...old, ...lists })).body.contact
  const odd = (await office.client.post('/contacts/', { locationId: office.id, email: 'odd@post.test' })).body.contact
  const lead = office.id.slice(0, 8)
  const write = (one: string, doc: object) =>
    sql`update record set doc = doc || ${json(doc)} where location_id = ${office.id} and id = ${one}`.execute(db())
  await write(id, { ...old, ...lists })
  await write(odd.id, { phone: 'call me' })
  const terms = [`${lead}:strauß`, `${lead}=city=mu\u0308nchen`]
  await sql`update record set terms = array_to_tsvector(${texts(terms)})
      where location_id = ${office.id} and id = ${id}`.execute(db())

  const migration = readFileSync('sql/migrations/000048-text-of-people.sql', 'utf8')
  await sql
    .raw(`begin; ${migration.slice(migration.indexOf('-- Kept as they were typed'))}; commit`)
    .execute(world.server.owner())

  const { contact } = (await office.client.get(`/contacts/${id}`)).body
  assert.equal(contact.email, 'élodie@bücher.test')
  assert.equal(contact.phone, '+525512345678')
  assert.deepEqual(contact.additionalEmails, ['zwei@post.test', 'Plain@post.test'])
  assert.deepEqual(contact.additionalPhones, ['+22589745791'])
  assert.equal((await office.client.get(`/contacts/${odd.id}`)).body.contact.phone, 'call me')
  for (const body of [{ email: 'Élodie@bücher.test' }, { phone: '+52 55 1234 5678' }, { phone: '00225 89745791' }]) {
    const refused = await office.client.post('/contacts/', { locationId: office.id, ...body })
    assert.equal(refused.body.meta?.contactId, id, JSON.stringify(body))
  }
  const search = async (body: object) =>
    (await office.client.post('/contacts/search', { locationId: office.id, pageLimit: 5, ...body })).body
  for (const body of [
    { query: 'strauss' },
    { query: '+525512345678' },
    { filters: [{ field: 'city', operator: 'eq', value: 'München' }] },
    { filters: [{ field: 'email', operator: 'eq', value: 'ÉLODIE@BÜCHER.test' }] },
  ]) {
    const { contacts, total } = await search(body)
    assert.deepEqual([contacts.map((one: { id: string }) => one.id), total], [[id], 1], JSON.stringify(body))
  }
})

test('people who sign in keep their e-mails in the one form, and no two become one', async () => {
  const owner = world.server.owner()
  const emails = ['Plain@post.test', 'ÄRA@post.test', 'ÉVA@post.test', 'éva@post.test']
  for (const [index, email] of emails.entries())
    await sql`insert into person (id, agency_id, email, name, role, created_at)
        values (${`moved${index}`}, ${world.companyId}, ${email}, 'X', 'viewer', now())`.execute(owner)
  const migration = readFileSync('sql/migrations/000076-folded-at-once.sql', 'utf8')
  await sql.raw(migration).execute(owner)
  const rows = await query(db(), sql<{ email: string }>`select email from person where id like 'moved%' order by id`)
  assert.deepEqual(
    rows.map(({ email }) => email),
    ['Plain@post.test', 'ära@post.test', 'ÉVA@post.test', 'éva@post.test'],
  )
})

test('relations that were stored apart are the associations that the same requests make now', async () => {
  const post = async (path: string, body: object) => {
    const reply = await office.client.post(path, { locationId: office.id, ...body })
    assert.ok(reply.status < 300, JSON.stringify(reply.body))
    return reply.body
  }
  const contacts: string[] = []
  for (const firstName of ['Ann', 'Bob', 'Eve']) contacts.push((await post('/contacts/', { firstName })).contact.id)
  const [ann, bob, eve] = contacts as [string, string, string]
  const deo = (await post('/businesses/', { name: 'Deo' })).buiseness.id
  const { pipeline } = await post('/opportunities/pipelines', { name: 'Weddings', stages: [{ name: 'New' }] })
  const deal = { name: 'Barn', status: 'open', pipelineId: pipeline.id, contactId: ann }
  const barn = (await post('/opportunities/', deal)).opportunity.id
  await post('/objects/', {
    key: 'custom_objects.boats',
    labels: { singular: 'Boat', plural: 'Boats' },
    primaryDisplayPropertyDetails: { key: 'custom_objects.boats.name', name: 'Name', dataType: 'TEXT' },
  })
  const boat = (await post('/objects/custom_objects.boats/records', { properties: { name: 'Argo' } })).record.id
  let made = 0
  const tie = async (objects: [string, string], labels: [string, string], pairs: [string, string][]) => {
    const { id } = await post('/associations/', {
      key: `tie_${++made}`,
      ...{ firstObjectKey: objects[0], firstObjectLabel: labels[0] },
      ...{ secondObjectKey: objects[1], secondObjectLabel: labels[1] },
    })
    for (const [firstRecordId, secondRecordId] of pairs)
      await post('/associations/relations', { associationId: id, firstRecordId, secondRecordId })
  }
  const aboutContacts: [string, string][] = [
    [ann, bob],
    [bob, ann],
    [eve, ann],
  ]
  await tie(['contact', 'contact'], ['Aunt', 'Niece'], aboutContacts)
  await tie(['contact', 'contact'], ['Peer', 'Peer'], [[bob, eve]])
  await tie(['contact', 'business'], ['Guest', 'Host'], [[ann, deo]])
  await tie(['business', 'contact'], ['Host', 'Guest'], [[deo, ann]])
  await tie(
    ['opportunity', 'contact'],
    ['Deal', 'Decider'],
    [
      [barn, ann],
      [barn, bob],
    ],
  )
  await tie(['custom_objects.boats', 'opportunity'], ['Boat', 'Sale'], [[boat, barn]])
  const rows = () =>
    query(
      db(),
      sql<{ id: string; doc: object; terms: string }>`
        select case when doc ? 'labelId' then id else 'plain' end as id, doc, terms::text from record
        where location_id = ${office.id} and kind = 'object_associations' and deleted_at is null
        order by doc->>'fromId', doc->>'toId', doc->>'labelId' nulls first, doc->>'typeId'`,
    )
  const now = await rows()
  assert.equal(now.length, 9 + 6)
  const relations = async () => {
    const all = []
    for (const id of [ann, bob, eve, deo, barn, boat]) {
      const found = await office.client.get(`/associations/relations/${id}?locationId=${office.id}&skip=0&limit=50`)
      all.push(found.body.relations.map(({ updatedAt: _, ...one }: { updatedAt: string }) => one))
    }
    return all
  }
  const told = await relations()
  for (const { id, associationId, firstRecordId, secondRecordId } of told.flat())
    await sql`update record set kind = 'relations', doc = ${json({ associationId, firstRecordId, secondRecordId })}
        where location_id = ${office.id} and kind = 'object_associations' and id = ${id}`.execute(db())
  await sql`delete from record where location_id = ${office.id} and kind = 'object_associations'`.execute(
    world.server.owner(),
  )

  const migration = readFileSync('sql/migrations/000061-relations.sql', 'utf8')
  await sql.raw(`begin; ${migration}; commit`).execute(world.server.owner())

  assert.deepEqual(await rows(), now)
  assert.deepEqual(await relations(), told)
  const left = sql<{ count: number }>`select count(*) as count from record where kind = 'relations'`
  assert.equal((await query(db(), left))[0]?.count, 0)
})
