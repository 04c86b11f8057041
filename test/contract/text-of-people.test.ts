import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Office, type Offices, startOffices } from '../support/offices.ts'

let world: Offices
before(async () => {
  world = await startOffices({ country: 'DE' }, { country: 'US' }, { country: 'AR' }, { country: 'US' })
})
after(() => world?.[Symbol.asyncDispose]())
const at = (index: number) => world.offices[index] as Office
let count = 0

async function create(office: Office, body: object) {
  const reply = await office.client.post('/contacts/', { locationId: office.id, ...body })
  assert.equal(reply.status, 201, JSON.stringify(reply.body))
  return reply.body.contact
}
const total = async (office: Office, field: string, operator: string, value: unknown) =>
  (
    await office.client.post('/contacts/search', {
      locationId: office.id,
      pageLimit: 10,
      filters: [{ field, operator, value }],
    })
  ).body.total

/** Whoever has one of the two has the other: it is refused, found, filtered for and updated. */
async function areOne(office: Office, field: 'email' | 'phone', [one, other]: readonly [string, string], more = {}) {
  const id = (await create(office, { [field]: one, ...more })).id
  const what = JSON.stringify([one, other])
  const refused = await office.client.post('/contacts/', { locationId: office.id, [field]: other, ...more })
  assert.equal(refused.body.meta?.contactId, id, `${what} made ${JSON.stringify(refused.body)}`)
  const list = field === 'email' ? 'additionalEmails' : 'additionalPhones'
  const additional = await office.client.post('/contacts/', { locationId: office.id, [list]: [other], ...more })
  assert.equal(additional.body.meta?.contactId, id, what)
  const upserted = await office.client.post('/contacts/upsert', { locationId: office.id, [field]: other, ...more })
  assert.deepEqual([upserted.body.new, upserted.body.contact?.id], [false, id], what)
  const customer = { customer_id: `c${count++}`, [field]: other, ...more }
  assert.equal((await office.client.post('/customers', customer)).body.id, id, what)
  const [, name] = field === 'email' ? ['', 'email'] : ['', 'number']
  const found = await office.client.get(
    `/contacts/search/duplicate?${new URLSearchParams({ locationId: office.id, [name as string]: other })}`,
  )
  if (Object.keys(more).length === 0) assert.equal(found.body.contact?.id, id, what)
  if (Object.keys(more).length === 0) assert.equal(await total(office, field, 'eq', ` ${other} `), 1, what)
  assert.equal((await office.client.put(`/contacts/${id}`, { [field]: other, ...more })).status, 200, what)
  return id
}

test('e-mails that differ in case, form or what cannot be seen are one, in every alphabet', async () => {
  for (const pair of [
    ['ANA@BÜCHER.test', 'ana@bücher.test'],
    ['ÉLODIE@post.test', 'élodie@post.test'],
    ['ИВАН@почта.test', 'иван@почта.test'],
    ['ΝΊΚΟΣ@post.test', 'νίκος@post.test'],
    ['b@ex.test\u200b', '\ufeffB@ex.te\u00adst'],
    ['ren\u00e9@ex.test', 'rene\u0301@ex.test'],
    ['o@xn--bcher-kva.test', 'O@bücher.test'],
    ['ｆｕｌｌ@ex.test', 'full@ex.test'],
  ] as const)
    await areOne(at(0), 'email', pair)
  assert.equal((await create(at(0), { email: 'rene@ex.test' })).email, 'rene@ex.test', 'an accent tells two apart')
  const kept = await create(at(0), { email: ' Mixed@Case.test ' })
  assert.equal(kept.email, 'Mixed@Case.test')
  for (const email of ['a b@ex.test', '@', '\u200b@\u200b', 'none'])
    assert.equal((await at(0).client.post('/contacts/', { locationId: at(0).id, email })).status, 422, email)
})

test('a phone is one however it is typed: 00, blanks, what number plans have dropped or never had', async () => {
  for (const pair of [
    ['+52 1 55 1234 5678', '+5215512345678'],
    ['+52 55 9999 5678', '+5215599995678'],
    ['+225 89 74 57 91', '+22589745791'],
    ['+1 555 123', '+1555123'],
    ['0033 6 12 34 56 78', '+33612345678'],
    ['+49 (0)30 1234567', '030/1234567'],
    ['030 7654321 ext. 12', '+49307654321;ext=12'],
    ['٠٣٠ ٢٢٢٢٢٢٢', '0302222222'],
    ['0\u200b30-333\u00a03333', '+49 30 3333333'],
    ['7 23 45', '72345'],
  ] as const)
    await areOne(at(0), 'phone', pair)
  await areOne(at(1), 'phone', ['0049 30 1234567', '011 49 30 1234567'])
  await areOne(at(1), 'phone', ['1-800-FLOWERS', '(800) 356-9377'])
  await areOne(at(2), 'phone', ['0351-152-303-473', '+54 9 351 230-3473'])
  const direct = await create(at(0), { phone: '+49307654321' })
  assert.equal(direct.phone, '+49307654321', 'the number without an extension is another one')
  assert.equal((await create(at(0), { phone: '030 7654321x13' })).phone, '+49307654321;ext=13')
})

test('a number is of the country of its person, else of the location', async () => {
  const read = async (office: Office, phone: string, country?: string) =>
    (await create(office, { phone, ...(country === undefined ? {} : { country }) })).phone
  assert.equal(await read(at(3), '06 12 34 56 78', 'FR'), '+33612345678')
  assert.equal(await read(at(0), '06 12 34 56 77', 'FR'), '+33612345677')
  assert.equal(await read(at(0), '(212) 555-0199', 'US'), '+12125550199')
  assert.equal(await read(at(0), '0351-152-303-474', 'AR'), '+5493512303474')
  assert.equal(await read(at(3), '(212) 555-0199'), '+12125550199')
  const known = await create(at(3), { email: 'paris@ex.test', country: 'FR' })
  const put = await at(3).client.put(`/contacts/${known.id}`, {
    phone: '06 99 34 56 78',
    additionalPhones: ['0144556677'],
  })
  assert.deepEqual([put.body.contact.phone, put.body.contact.additionalPhones], ['+33699345678', ['+33144556677']])
  await areOne(at(3), 'phone', ['06 12 34 56 99', '+33 6 12 34 56 99'], { country: 'FR' })
})

test('what is no phone is refused by whatever takes one', async () => {
  const { id, client } = at(0)
  for (const phone of ['abc', '+', '12', 'call me', '---', 'x12']) {
    const faults = { ...{ phone }, locationId: id }
    for (const reply of [
      await client.post('/contacts/', faults),
      await client.post('/contacts/upsert', faults),
      await client.post('/contacts/', { locationId: id, additionalPhones: [phone] }),
      await client.post('/customers', { customer_id: 'odd', phone }),
    ]) {
      assert.equal(reply.status, 422, `${phone}: ${JSON.stringify(reply.body)}`)
      assert.match(String(reply.body.message), /must be a phone number/)
    }
  }
})

test('filters and words find a contact in every spelling of what it was stored with', async () => {
  const office = at(1)
  const { id } = await create(office, {
    firstName: 'Łukasz',
    lastName: 'Łódź-ŚWIĄTEK',
    companyName: 'Straße\u00a0Søren Đorđe Æsa ΟΔΥΣΣΕΥΣ',
    email: 'ÄRGER@post.test',
    phone: '(212) 555-7788',
    city: 'Mu\u0308nchen',
    additionalEmails: ['ZWEI@BÜCHER.test'],
    additionalPhones: ['212.555.7799'],
    tags: [' VIP  Club '],
  })
  for (const [field, operator, value] of [
    ['phone', 'eq', '+1 212 555 7788'],
    ['phone', 'eq', '2125557788'],
    ['phone', 'contains', '(212) 555'],
    ['phone', 'contains', '555-77'],
    ['additionalPhones', 'eq', '(212) 555-7799'],
    ['email', 'eq', ' ärger@POST.test '],
    ['email', 'contains', 'ÄRG'],
    ['additionalEmails', 'eq', 'zwei@bücher.TEST'],
    ['additionalEmails', 'contains', 'BÜCHER'],
    ['tags', 'eq', ' vip club'],
    ['tags', 'contains', 'P\u00a0CLU'],
    ['firstName', 'eq', 'łUKASZ'],
    ['firstNameLowerCase', 'eq', 'łukasz'],
    ['lastName', 'eq', 'łódź-świątek'],
    ['lastName', 'contains', 'ŚWIĄ'],
    ['lastNameLowerCase', 'contains', 'świ'],
    ['fullNameLowerCase', 'eq', ' łukasz  łódź-świątek '],
    ['companyName', 'contains', 'søren đ'],
    ['companyName', 'contains', 'οδυς'],
    ['companyName', 'eq', 'STRAßE søren ĐORĐE æsa οδυσσευς'],
    ['city', 'eq', 'MÜNCHEN'],
    ['city', 'contains', 'ünch'],
  ] as const)
    assert.equal(await total(office, field, operator, value), 1, `${field} ${operator} ${value}`)
  assert.equal(await total(office, 'lastName', 'contains', 'swia'), 0, 'filters tell accents apart')
  for (const query of [
    'lukasz',
    'Łuk',
    'lodz',
    'strasse',
    'soren',
    'dorde',
    'aesa',
    'ΟΔΥΣ',
    '212-555-7788',
    '212 555',
    '+12125557788',
    '0012125557799',
  ]) {
    const found = await office.client.get(`/contacts/?${new URLSearchParams({ locationId: office.id, query })}`)
    assert.deepEqual(
      found.body.contacts.map((one: { id: string }) => one.id),
      [id],
      query,
    )
  }
})

test('an address or a number that is encoded twice, as the documents of the wire make clients do, is found', async () => {
  const office = at(1)
  const { id } = await create(office, { email: 'nia+twice@example.com', phone: '+14155552671' })
  const found = async (query: string) =>
    (await office.client.get(`/contacts/search/duplicate?locationId=${office.id}&${query}`)).body.contact?.id
  const twice = (text: string) => encodeURIComponent(encodeURIComponent(text))
  for (const email of ['nia+twice@example.com', 'Nia+Twice@Example.com'])
    assert.equal(await found(`email=${twice(email)}`), id, email)
  assert.equal(await found(`number=${twice('+14155552671')}`), id)
  assert.equal(await found('email=nia%2540%25'), undefined)
})

test('names are found by a part in any case, whatever letters they have', async () => {
  const { id, client } = at(1)
  const { agencyClient, companyId } = world
  const names = async (path: string, list: string, by = client) =>
    ((await by.get(path)).body[list] as Record<string, string>[]).map(({ name, locationName }) => name ?? locationName)
  const query = (name: string) => encodeURIComponent(name)

  const prospectInfo = { firstName: 'É', lastName: 'L', email: 'ÉLODIE@post.test' }
  const place = { companyId, name: 'Salon ÉLODIE Łódź', prospectInfo }
  assert.equal((await agencyClient.put(`/locations/${id}`, place)).status, 200)
  for (const [name, value] of [
    ['query', 'élodie łÓ'],
    ['email', 'E\u0301lodie@POST.test'],
  ] as const)
    assert.deepEqual(
      await names(`/locations/search?companyId=${companyId}&${name}=${query(value)}`, 'locations', agencyClient),
      [place.name],
      value,
    )
  assert.deepEqual(await names(`/fleet?companyId=${companyId}&query=${query('ŁÓDŹ')}`, 'locations', agencyClient), [
    place.name,
  ])
  for (const name of ['Ωmega', 'ÉTÉ', 'été zwei'])
    assert.equal((await client.post(`/locations/${id}/customValues`, { name, value: 'x' })).status, 201)
  assert.deepEqual(
    await names(`/locations/${id}/assets?kind=custom_values&query=${query('Été')}`, 'assets'),
    ['ÉTÉ', 'été zwei'],
    'in the order of their letters, too',
  )
  assert.deepEqual(await names(`/links/search?locationId=${id}&query=${query('ÜB')}`, 'links'), [])
  await client.post('/links/', { locationId: id, name: 'Über uns', redirectTo: 'https://post.test' })
  assert.deepEqual(await names(`/links/search?locationId=${id}&query=${query('üBER')}`, 'links'), ['Über uns'])
  const hook = { name: 'Ärger', url: 'https://post.test/hook' }
  assert.equal((await client.post(`/webhooks/?locationId=${id}`, hook)).status, 201)
  assert.deepEqual(
    await names(`/webhooks/all?companyId=${companyId}&query=${query('ÄRG')}`, 'webhooks', agencyClient),
    ['Ärger'],
  )
})

test('ranges and orders of texts take letters as filters do', async () => {
  const { id, client } = at(2)
  for (const firstName of ['Émile', 'édith', 'Zoé', 'Adam']) await create(at(2), { firstName, lastName: 'Range' })
  const search = async (body: object) =>
    (
      await client.post('/contacts/search', { locationId: id, pageLimit: 9, query: 'Range', ...body })
    ).body.contacts.map((one: { firstName: string }) => one.firstName)
  const range = (value: object) => search({ filters: [{ field: 'firstName', operator: 'range', value }] })
  assert.deepEqual((await range({ gte: 'É', lt: 'Ê' })).toSorted(), ['Émile', 'édith'].toSorted())
  const sort = [{ field: 'firstName', direction: 'asc' }]
  assert.deepEqual(await search({ sort }), ['Adam', 'Zoé', 'édith', 'Émile'])
})

test('users have e-mails in any letters, each once in every spelling', async () => {
  const { agencyClient, companyId } = world
  const wish = { companyId, firstName: 'Ü', lastName: 'X', password: 'Abcdef1!', type: 'account', role: 'user' }
  const post = (email: string) => agencyClient.post('/users/', { ...wish, email, locationIds: [at(0).id] })
  const made = await post('ÜSER@bücher.test')
  assert.deepEqual([made.status, made.body.email], [201, 'üser@bücher.test'])
  for (const email of ['u\u0308ser@BÜCHER.test', 'üser@xn--bcher-kva.test']) {
    assert.equal((await post(email)).status, 400, email)
    const { users } = (await agencyClient.post('/users/search/filter-by-email', { companyId, emails: [email] })).body
    assert.deepEqual(
      users.map((one: { id: string }) => one.id),
      [made.body.id],
      email,
    )
  }
  for (const email of ['none', 'a b@c.test', '@', 'a@b@c']) assert.equal((await post(email)).status, 422, email)
})
