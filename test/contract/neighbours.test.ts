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

test('e-mail campaigns of v3 are made, written, scheduled and found by one word for their state', async () => {
  const path = `/emails/locations/${office.location.id}/campaigns`
  const v3 = async (method: string, more: string, body?: object, status = 200) => {
    const headers = { version: 'v3', ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
    const sent = body === undefined ? { headers } : { headers, body: JSON.stringify(body) }
    const reply = await client.raw(method, `${path}/${more}`, sent)
    assert.equal(reply.status, status, JSON.stringify(reply.body))
    return reply.body
  }
  const who = { timeZone: 'europe/berlin', userId: 'nobody' }
  const template = await client.post('/emails/builder', {
    ...office.here,
    title: 'News',
    type: 'html',
    html: '<p>N</p>',
  })
  const made = await v3(
    'POST',
    'emails',
    { ...who, name: 'Spring', editorType: 'html', templateId: template.body.redirect },
    201,
  )
  assert.deepEqual([made.name, made.status, made.deleted], ['Spring', 'draft', false])
  const state = async (name: string) =>
    (await v3('GET', `emails?status=${name}&search=spring`)).campaigns.map(({ id }: { id: string }) => id)
  assert.deepEqual([await state('draft'), await state('sent')], [[made.id], []])
  await v3('PATCH', `emails/${made.id}`, { editorContent: 'x' }, 422)
  await v3('PATCH', `emails/${made.id}`, { editorContent: 'Plain', editorType: 'text', name: 'Spring 2' })
  const contactId = (await client.post('/contacts/', { ...office.here, firstName: 'Ada' })).body.contact.id
  const emailMeta = { subject: 'Now', fromName: 'Ada', fromEmail: 'ada@studio.test' }
  const plan = {
    ...who,
    scheduleType: 'scheduled',
    emailMeta,
    recipients: { type: 'contact', contactIds: [contactId] },
  }
  const refused = await v3(
    'POST',
    `emails/${made.id}/schedule`,
    { ...plan, recipients: { type: 'tag', tagIds: ['x'] } },
    422,
  )
  assert.deepEqual(refused.message, [
    'scheduleConfig.sendAt must be a date such as 2026-04-01 09:00 AM',
    'recipients.tagIds: there is no tag with the id x in this location',
  ])
  const when = { scheduleConfig: { sendAt: '04-01-2027 09:00 AM' } }
  const { campaignId } = await v3('POST', `emails/${made.id}/schedule`, { ...plan, ...when }, 201)
  assert.equal(campaignId, made.id)
  await v3('POST', `emails/${made.id}/schedule`, { ...plan, ...when }, 400)
  const got = await v3('GET', `emails/${made.id}`)
  assert.deepEqual(
    [got.name, got.status, got.subject, got.editorType, got.isPlainText],
    ['Spring 2', 'scheduled', 'Now', 'text', true],
  )
  const walk = [
    ['processing', { emailStatus: 'processing' }],
    ['sent', { status: 'complete', emailStatus: 'complete' }],
    ['failed', { emailStatus: 'error' }],
    ['paused', { status: 'pause' }],
    ['cancelled', { status: 'cancelled' }],
    ['archived', { archived: true }],
  ] as const
  for (const [name, told] of walk) {
    assert.equal((await client.put(`/emails/schedule/${made.id}`, told)).status, 200)
    assert.equal((await v3('GET', `emails/${made.id}`)).status, name)
    assert.deepEqual(await state(name), [made.id], name)
  }
  const { stats } = await v3('GET', `stats/email-campaigns/${made.id}`)
  assert.deepEqual([stats.sent, stats.openRate], [0, 0])
  assert.equal((await v3('DELETE', `emails/${made.id}`)).deleted, true)
  await v3('GET', `emails/${made.id}`, undefined, 404)
})

test('workflows that send e-mails are campaigns too, and bulk actions there are none', async () => {
  const path = `/emails/locations/${office.location.id}/campaigns`
  const step = { id: 'mail', type: 'send_email', name: 'Thanks', subject: 'Thank you', next: null }
  const add = async (name: string, steps: object[]) =>
    (
      await client.post('/workflows/', {
        ...office.here,
        name,
        status: 'published',
        trigger: { type: 'manual' },
        steps,
      })
    ).body.workflow
  const thanks = await add('Después', [step])
  await add('No e-mail', [{ id: 'end', type: 'end' }])
  const list = async (query = '') => (await client.get(`${path}/workflows?${query}`)).body
  assert.deepEqual([(await list()).total, (await list('search=DESPU%C3%89S')).campaigns[0].id], [1, thanks.id])
  assert.deepEqual((await list('status=draft')).campaigns, [])
  const { subSources } = (await client.get(`${path}/workflows/${thanks.id}`)).body
  assert.deepEqual([subSources[0].subject, subSources[0].id], ['Thank you', thanks.steps[0].id])
  const stats = (more: string) => client.get(`${path}/stats/${more}`)
  assert.equal((await stats(`workflow-campaigns/${thanks.id}?subSourceId=${subSources[0].id}`)).status, 200)
  assert.equal((await stats(`workflow-campaigns/${thanks.id}?subSourceId=none`)).status, 422)
  assert.equal((await stats('bulk-actions/none')).status, 404)
  assert.deepEqual((await client.get(`${path}/bulk-actions?limit=20`)).body.campaigns, [])
  assert.equal((await client.get(`${path}/bulk-actions/none`)).status, 404)
})
