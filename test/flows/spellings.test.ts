import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { type CountryCode, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js'
import examples from 'libphonenumber-js/examples.mobile.json'
import { type Office, type Offices, startOffices } from '../support/offices.ts'

const COUNTRIES: CountryCode[] = ['US', 'GB', 'DE', 'FR', 'MX', 'AR', 'BR', 'IT', 'IN', 'JP', 'EG', 'CI']

/** Names in eight scripts and more, as people write them: in capitals and small letters, with marks of their own. */
const NAMES = [
  ['Élodie', 'Müller-Ångström'],
  ['Łukasz', 'Świątek'],
  ['Νίκος', 'Παπαδόπουλος'],
  ['Иван', 'Ёлкин'],
  ['Արամ', 'Խաչատրյան'],
  ['გიორგი', 'მაისურაძე'],
  ['يوسف', 'الحسن'],
  ['דָּוִד', 'כֹּהֵן'],
  ['अनिल', 'शर्मा'],
  ['김', '민준'],
  ['山田', 'がく'],
  ['สมชาย', 'ใจดี'],
] as const

let world: Offices
before(async () => {
  world = await startOffices(...COUNTRIES.map((country) => ({ country })))
})
after(() => world?.[Symbol.asyncDispose]())

const hidden = fc.constantFrom('\u200b', '\ufeff', '\u00ad', '\u2060', '')
const wide = (text: string) => text.replace(/[!-~]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0))
const between = (text: string, mark: string) => `${text.slice(0, 2)}${mark}${text.slice(2)}`

/** The same number, as it is typed abroad and in its country. */
function spellingsOfPhone(number: string, mark: string): string[] {
  const phone = parsePhoneNumberFromString(number)
  if (phone === undefined) throw new Error(number)
  const [abroad, within] = [phone.formatInternational(), phone.formatNational()]
  return [
    number,
    abroad,
    within,
    abroad.replaceAll(' ', '-'),
    abroad.replaceAll(' ', '\u00a0'),
    within.replace(/[\s-]+/g, '.'),
    within.replace(/\D/g, ''),
    `00${number.slice(1)}`,
    `00 ${abroad.slice(1)}`,
    wide(abroad),
    between(` ${abroad}`, mark),
  ]
}

function spellingsOfText(text: string, mark: string): string[] {
  return [text, text.toUpperCase(), text.toLowerCase(), text.normalize('NFD'), between(text, mark), ` ${text}\u00a0`]
}

interface Way {
  field: 'email' | 'phone'
  list: 'additionalEmails' | 'additionalPhones'
  parameter: 'email' | 'number'
}
const EMAIL: Way = { field: 'email', list: 'additionalEmails', parameter: 'email' }
const PHONE: Way = { field: 'phone', list: 'additionalPhones', parameter: 'number' }

const searchFor = async ({ client, id }: Office, body: object): Promise<string[]> => {
  const reply = await client.post('/contacts/search', { locationId: id, pageLimit: 20, ...body })
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
  return reply.body.contacts.map((one: { id: string }) => one.id)
}

/** Whatever is asked with this spelling leads to this contact, and to no other. */
async function leadsTo(office: Office, way: Way, spelling: string, contactId: string, words = true): Promise<void> {
  const { client, id: locationId } = office
  const what = `${way.field} ${JSON.stringify(spelling)} of ${contactId}`
  for (const body of [{ [way.field]: spelling }, { [way.list]: [spelling] }]) {
    const refused = await client.post('/contacts/', { locationId, ...body })
    assert.equal(refused.body.meta?.contactId, contactId, `${what}: ${JSON.stringify(refused.body)}`)
  }
  const query = new URLSearchParams({ locationId, [way.parameter]: spelling })
  const duplicate = await client.get(`/contacts/search/duplicate?${query}`)
  assert.equal(duplicate.body.contact?.id, contactId, what)
  const filters = [{ field: way.field, operator: 'eq', value: spelling }]
  assert.deepEqual(await searchFor(office, { filters }), [contactId], what)
  if (words) assert.deepEqual(await searchFor(office, { query: spelling }), [contactId], `words: ${what}`)
}

async function create({ client, id }: Office, body: object): Promise<string> {
  const reply = await client.post('/contacts/', { locationId: id, ...body })
  assert.equal(reply.status, 201, JSON.stringify([body, reply.body]))
  return reply.body.contact.id
}

test('the spellings of a number are one contact in twelve countries, and the next number is another', async () => {
  const mark = fc.sample(hidden, COUNTRIES.length)
  for (const [index, country] of COUNTRIES.entries()) {
    const office = world.offices[index] as Office
    const example = getExampleNumber(country, examples)?.number as string
    const last = Number(example.at(-1))
    const [one, next] = [example, `${example.slice(0, -1)}${(last + 1) % 10}`]
    const spellings = spellingsOfPhone(one, mark[index] as string)
    const [first = one] = fc.sample(fc.constantFrom(...spellings), 1)
    const contactId = await create(office, { phone: first })
    const other = await create(office, { phone: fc.sample(fc.constantFrom(...spellingsOfPhone(next, '')), 1)[0] })
    const third = await create(office, { phone: `${one} ext. 7` })
    for (const spelling of spellings) {
      const filters = [{ field: 'phone', operator: 'eq', value: spelling }]
      await leadsTo(office, PHONE, spelling, contactId, false)
      assert.deepEqual(await searchFor(office, { filters }), [contactId])
      const found = (await searchFor(office, { query: spelling })).sort()
      assert.deepEqual(found, [contactId, third].sort(), `${country}: words ${JSON.stringify(spelling)} of ${first}`)
    }
    await leadsTo(office, PHONE, next, other)
    // Abroad, whoever says the country.
    const abroad = world.offices[(index + 1) % COUNTRIES.length] as Office
    const guest = await create(abroad, { phone: parsePhoneNumberFromString(one)?.formatNational(), country })
    for (const spelling of spellings.filter((text) => /^\W*(\+|00|＋)/u.test(text.replace(/\p{Cf}/gu, ''))))
      await leadsTo(abroad, PHONE, spelling, guest)
  }
})

test('the spellings of an e-mail are one contact in every script, and another letter makes another', async () => {
  const office = world.offices[0] as Office
  for (const [index, [given, family]] of NAMES.entries()) {
    const [mark = ''] = fc.sample(hidden, 1)
    const address = `${given}.${family.replaceAll(' ', '')}@${index % 2 === 0 ? 'post' : family}.test`
    const spellings = [...spellingsOfText(address, mark), address.replaceAll('.', '．')]
    const contactId = await create(office, { email: fc.sample(fc.constantFrom(...spellings), 1)[0] })
    await create(office, { email: `x${address}` })
    await create(office, { email: `${address}x` })
    for (const spelling of spellings) await leadsTo(office, EMAIL, spelling, contactId, false)
  }
})

test('a name is found in every spelling, and another name is not', async () => {
  const office = world.offices[1] as Office
  const ids = []
  for (const [firstName, lastName] of NAMES) {
    const [mark = ''] = fc.sample(hidden, 1)
    const written = (text: string) => fc.sample(fc.constantFrom(...spellingsOfText(text, mark)), 1)[0] as string
    ids.push(
      await create(office, { firstName: written(firstName), lastName: written(lastName), companyName: lastName }),
    )
  }
  for (const [index, [firstName, lastName]] of NAMES.entries()) {
    const [mark = ''] = fc.sample(hidden, 1)
    const find = (field: string, operator: string, value: string) => [{ field, operator, value }]
    for (const spelling of spellingsOfText(firstName, mark)) {
      assert.deepEqual(await searchFor(office, { query: spelling }), [ids[index]], `words ${JSON.stringify(spelling)}`)
      for (const field of ['firstName', 'firstNameLowerCase'])
        assert.deepEqual(await searchFor(office, { filters: find(field, 'eq', spelling) }), [ids[index]], spelling)
    }
    for (const spelling of spellingsOfText(lastName, mark))
      for (const operator of ['eq', 'contains'])
        for (const field of ['lastName', 'lastNameLowerCase', 'companyName'])
          assert.deepEqual(
            await searchFor(office, { filters: find(field, operator, spelling) }),
            [ids[index]],
            spelling,
          )
    for (const spelling of spellingsOfText(`${firstName}  ${lastName}`, mark))
      assert.deepEqual(await searchFor(office, { filters: find('fullNameLowerCase', 'eq', spelling) }), [ids[index]])
  }
})

test('the spellings of a tag are one tag in every script', async () => {
  const office = world.offices[2] as Office
  for (const [given, family] of NAMES) {
    const name = `${given} ${family}`
    const [mark = ''] = fc.sample(hidden, 1)
    const spellings = spellingsOfText(name, mark)
    const contactId = await create(office, { tags: spellings })
    for (const value of spellings)
      for (const operator of ['eq', 'contains'])
        assert.deepEqual(await searchFor(office, { filters: [{ field: 'tags', operator, value }] }), [contactId], value)
  }
  const { tags } = (await office.client.get(`/locations/${office.id}/tags`)).body
  assert.equal(tags.length, NAMES.length)
})
