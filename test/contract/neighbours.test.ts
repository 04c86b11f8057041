import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from '../support/client.ts'
import { type Office, startOffice } from '../support/office.ts'
import { isOfficial } from '../support/official-lines.ts'

let office: Office
let client: Client
let at: string
before(async () => {
  office = await startOffice()
  client = office.client
  at = `locationId=${office.location.id}`
})
after(() => office?.[Symbol.asyncDispose]())

test('lost reasons are made, listed by name and part of it, and go', async () => {
  const list = async (query = '') =>
    isOfficial('GET /opportunities/lost-reason', await client.get(`/opportunities/lost-reason?${at}${query}`))
  assert.deepEqual(await list(), { lostReasons: [], total: 0 })
  const made = []
  for (const name of ['Too expensive', 'Another studio', 'Too late'])
    made.push((await client.post('/opportunities/lost-reason', { ...office.here, name })).body.lostReason)
  const names = async (query: string) => (await list(query)).lostReasons.map(({ name }: { name: string }) => name)
  assert.deepEqual(await names(''), ['Too expensive', 'Another studio', 'Too late'])
  assert.deepEqual(await names('&query=too&limit=1&skip=1'), ['Too late'])
  assert.deepEqual(await names('&name=another%20studio'), ['Another studio'])
  assert.deepEqual(await names('&deleted=true'), [])
  const twice = await client.post('/opportunities/lost-reason', { ...office.here, name: 'too late' })
  assert.equal(twice.status, 400, 'a name is taken once')
  await client.delete(`/opportunities/lost-reason/${made[0].id}`)
  assert.equal((await list('&getCount=true')).total, 2)
})

test('a path of a domain is redirected to one place, found by its words, changed and removed', async () => {
  const create = (path: string, more: object = {}) =>
    client.post('/funnels/lookup/redirect', {
      ...office.here,
      domain: 'https://Example.com/',
      path,
      target: 'https://www.google.com',
      action: 'URL',
      ...more,
    })
  const { data } = isOfficial('POST /funnels/lookup/redirect', await create('/Hello'))
  assert.deepEqual(
    [data.domain, data.path, data.pathLowercase, data.action, data.type],
    ['example.com', '/Hello', '/hello', 'url', 'Permanent'],
  )
  assert.equal((await create('hello')).status, 400, 'it is the same path')
  assert.equal((await create('/x', { domain: 'nowhere' })).status, 422)
  isOfficial('POST /funnels/lookup/redirect', await create('/prices', { action: 'funnel' }))
  const list = async (query: string) =>
    isOfficial(
      'GET /funnels/lookup/redirect/list',
      await client.get(`/funnels/lookup/redirect/list?${at}&limit=20&offset=0${query}`),
    ).data
  assert.deepEqual([(await list('')).count, (await list('&search=example.com%2Fhel')).data[0].id], [2, data.id])
  const path = `/funnels/lookup/redirect/${data.id}`
  const patched = await client.raw('PATCH', path, {
    headers: { version: '2021-07-28', 'content-type': 'application/json' },
    body: JSON.stringify({ ...office.here, target: 'https://deo.example', action: 'website' }),
  })
  const changed = isOfficial('PATCH /funnels/lookup/redirect/{id}', { ...patched, body: patched.body })
  assert.deepEqual([changed.data.target, changed.data.action], ['https://deo.example', 'website'])
  const gone = isOfficial('DELETE /funnels/lookup/redirect/{id}', await client.delete(`${path}?${at}`))
  assert.deepEqual(gone, { data: { status: 'ok' } })
  assert.equal((await list('')).count, 1)
  assert.equal((await create('/hello')).status, 200, 'the path is free again')
})

test('e-mail campaigns are listed by state, folder and name', async () => {
  const list = async (query = '') =>
    isOfficial('GET /emails/schedule', await client.get(`/emails/schedule?${at}${query}`))
  assert.deepEqual([(await list()).schedules, (await list()).total], [[], 0])
  const create = async (body: object) => {
    const reply = await client.post('/emails/schedule', { ...office.here, status: 'active', ...body })
    assert.equal(reply.status, 201, JSON.stringify(reply.body))
    return reply.body.emailSchedule.id as string
  }
  const folder = await create({ name: 'Autumn', campaignType: 'folder' })
  const friday = await create({ name: 'Black Friday', parentId: folder, emailStatus: 'complete' })
  await create({ name: 'Draft', status: 'draft' })
  const names = async (query: string) => (await list(query)).schedules.map(({ name }: { name: string }) => name)
  assert.deepEqual(await names(''), ['Black Friday', 'Autumn'])
  assert.deepEqual(await names('&campaignsOnly=true'), ['Black Friday'])
  assert.deepEqual(await names(`&parentId=${folder}`), ['Black Friday'])
  assert.deepEqual(await names('&status=draft'), ['Draft'])
  assert.deepEqual(await names('&emailStatus=complete&name=fri&limit=7&offset=0&limitedFields=false'), ['Black Friday'])
  assert.equal((await client.put(`/emails/schedule/${friday}`, { archived: true })).status, 200)
  assert.deepEqual([await names(''), await names('&archived=true')], [['Autumn'], ['Black Friday']])
  await client.delete(`/emails/schedule/${folder}`)
  assert.equal((await list('&archived=true')).schedules[0].parentId, '', 'nothing is in a folder that is gone')
})
