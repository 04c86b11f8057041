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
    fc.constantFrom(...'aAbéÉe\u0301\u200b\u00ad\ufeff \t\u00a0\u3000ﬁ™ıİßẞΣςσÅŁŒДжѢԱբႠᲐꙖⱯ𐐀𞤀Ⅎ한'),
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
