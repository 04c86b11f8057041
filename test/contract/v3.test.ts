import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { registry } from '../../src/operations/index.ts'
import { placementOf } from '../../src/operations/registry.ts'
import { VERSIONS } from '../../src/surfaces/request-heads.ts'
import { V3 } from '../../src/surfaces/v3.ts'
import type { Client } from '../support/client.ts'
import { allow, REDIRECT } from '../support/oauth.ts'
import { type Story, startStory } from '../support/stories.ts'

let story: Story
let client: Client
let here: { locationId: string }
before(async () => {
  story = await startStory({ work: false })
  client = story.template.client
  here = { locationId: story.template.id }
})
after(() => story?.[Symbol.asyncDispose]())

const JSON_V3 = { version: 'v3', 'content-type': 'application/json' }
const OLDER = VERSIONS.filter((version) => version !== 'v3')

async function v3(method: string, path: string, body?: unknown, by: Client = client) {
  const options = body === undefined ? { headers: { version: 'v3' } } : { headers: JSON_V3, body: JSON.stringify(body) }
  const reply = await by.raw(method, path, options)
  assert.ok(reply.status < 300, `${path}: ${JSON.stringify(reply.body)}`)
  return reply.body
}

const moved = Object.entries(V3).flatMap(([name, { line }]) => (line === undefined ? [] : [{ name, line }]))

for (const { name, line } of moved)
  test(`${line} is ${name} for v3, and nothing for versions before it`, async () => {
    const operation = registry.get(name)
    const [method, path] = line.split(' ') as [string, string]
    const address = path.replace(/:\w+/g, 'unknown')
    const asked = await story.server.client().raw(method, address, { headers: { version: 'v3' } })
    assert.deepEqual([asked.status, asked.body.message], [401, 'Invalid token: access token is missing'])
    for (const version of OLDER) {
      const { status, body } = await client.raw(method, address, { headers: { version } })
      assert.deepEqual([status, body.message], [404, `Cannot ${method} ${address}`], version)
    }
    const old = placementOf(operation).path.replace(/:\w+/g, 'unknown')
    const { status } = await story.server.client().raw(method, old, { headers: { version: 'v3' } })
    assert.equal(status, 401, 'the old place stays')
  })

test('remove-all takes a contact out of all campaigns', async () => {
  const { contact } = await v3('POST', '/contacts/', { ...here, firstName: 'Ada' })
  const entered = async () => {
    const { enrolments } = (await client.get(`/contacts/${contact.id}/campaigns`)).body
    return enrolments.filter(({ state }: { state: string }) => state === 'active').length
  }
  for (const name of ['Spring', 'Summer']) {
    const { campaign } = (await client.post('/campaigns/', { ...here, name })).body
    await v3('POST', `/contacts/${contact.id}/campaigns/${campaign.id}`)
  }
  assert.equal(await entered(), 2)
  for (const version of OLDER)
    assert.equal(
      (await client.raw('DELETE', `/contacts/${contact.id}/campaigns/remove-all`, { headers: { version } })).status,
      404,
    )
  assert.equal(await entered(), 2)
  assert.equal((await v3('DELETE', `/contacts/${contact.id}/campaigns/remove-all`)).succeeded, true)
  assert.equal(await entered(), 0)
})

test('channels of dndSettings have the names of v3, taken and told', async () => {
  const sms = { status: 'active', message: 'Not by SMS', code: '1' }
  const { contact } = await v3('POST', '/contacts/', { ...here, firstName: 'Eva', dndSettings: { sms } })
  assert.deepEqual(contact.dndSettings, { SMS: sms, sms })
  const path = `/contacts/${contact.id}`
  const email = { status: 'inactive' }
  const changed = await v3('PUT', path, { dndSettings: { email, Email: email, whatsApp: email } })
  assert.deepEqual(Object.keys(changed.contact.dndSettings).toSorted(), [
    'Email',
    'SMS',
    'WhatsApp',
    'email',
    'sms',
    'whatsApp',
  ])
  assert.deepEqual(Object.keys((await client.get(path)).body.contact.dndSettings).toSorted(), [
    'Email',
    'SMS',
    'WhatsApp',
  ])
  const again = await v3('PUT', path, { dndSettings: changed.contact.dndSettings })
  assert.deepEqual(again.contact.dndSettings, changed.contact.dndSettings, 'what was told is taken')
  const { contacts } = await v3('POST', '/contacts/search', {
    ...here,
    pageLimit: 1,
    filters: [{ field: 'id', operator: 'eq', value: contact.id }],
  })
  assert.deepEqual(contacts[0].dndSettings.sms, sms)
  const differing = { dndSettings: { sms, SMS: { status: 'inactive' } } }
  const refused = await client.raw('PUT', path, { headers: JSON_V3, body: JSON.stringify(differing) })
  assert.deepEqual([refused.status, refused.body.message], [422, ['property dndSettings.sms should not exist']])
  assert.equal((await client.put(path, { dndSettings: { sms } })).status, 422, 'before v3 there is no such name')
})

test('opportunities are searched by the names of v3, and by those from before', async () => {
  const { contact } = await v3('POST', '/contacts/', { ...here, firstName: 'Buyer' })
  const { pipeline } = await v3('POST', '/opportunities/pipelines', { ...here, name: 'V3', stages: [{ name: 'New' }] })
  const wanted = { ...here, pipelineId: pipeline.id, name: 'Deal', status: 'open', contactId: contact.id }
  const { opportunity } = await v3('POST', '/opportunities/', wanted)
  const { id, pipelineId, pipelineStageId, contactId } = opportunity
  const place = `locationId=${here.locationId}`
  const one = { pipelineId, pipelineStageId, contactId }
  for (const [name, value] of Object.entries(one)) {
    const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    const camel = await v3('GET', `/opportunities/search?${place}&${name}=${value}`)
    assert.ok(camel.opportunities.some((deal: { id: string }) => deal.id === id))
    assert.deepEqual(camel, await v3('GET', `/opportunities/search?${place}&${snake}=${value}`))
    assert.equal((await client.get(`/opportunities/search?${place}&${name}=${value}`)).status, 422)
  }
  assert.equal((await v3('GET', `/opportunities/search?${place}&assignedTo=nobody`)).opportunities.length, 0)
})

test('tokens are asked for and told in the words of v3, as JSON and as a form', async () => {
  const { clientId, clientSecret } = story.demo.app
  const code = (await allow(story, 'agency')).get('code')
  const asked = {
    clientId,
    clientSecret,
    grantType: 'authorization_code',
    code,
    redirectUri: REDIRECT,
    userType: 'Company',
  }
  const nobody = story.server.client()
  const before = await nobody.raw('POST', '/oauth/token', {
    headers: { version: '2021-07-28', 'content-type': 'application/json' },
    body: JSON.stringify(asked),
  })
  assert.ok(before.status >= 400, 'before v3 there are no such names')
  const tokens = await v3('POST', '/oauth/token', asked, nobody)
  assert.deepEqual(
    [tokens.accessToken, tokens.tokenType, tokens.expiresIn, tokens.refreshToken],
    [tokens.access_token, tokens.token_type, tokens.expires_in, tokens.refresh_token],
  )
  const form = new URLSearchParams({
    clientId,
    clientSecret,
    grantType: 'refresh_token',
    refreshToken: tokens.refreshToken,
  })
  const { status, body } = await nobody.raw('POST', '/oauth/token', {
    headers: { version: 'v3', 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  })
  assert.equal(status, 200, JSON.stringify(body))
  assert.ok(body.accessToken && body.accessToken === body.access_token)
  const agency = story.server.client(body.accessToken)
  const { companyId, app } = story.demo
  const local = await v3('POST', '/oauth/location-token', { companyId, ...here }, agency)
  assert.deepEqual([local.accessToken, local.locationId], [local.access_token, here.locationId])
  const { locations } = await v3(
    'GET',
    `/oauth/installed-locations?companyId=${companyId}&appId=${app.appId}`,
    undefined,
    agency,
  )
  assert.ok(locations.length > 0)
})

test('e-mail templates stand under their location', async () => {
  const { redirect: id } = (await client.post('/emails/builder', { ...here, title: 'Hello', type: 'html' })).body
  const path = `/emails/locations/${here.locationId}/templates`
  const { items, total } = await v3('GET', `${path}?limit=100`)
  assert.equal(items.length, total)
  const item = items.find((one: { id: string }) => one.id === id)
  assert.deepEqual([item.type, item.createdAt], ['template', item.dateAdded])
  await v3('GET', `${path}/${id}`)
  assert.ok((await v3('DELETE', `${path}/${id}`)).deleted)
  const foreign = story.demo.partner.locations[0]?.id
  const refused = await client.raw('GET', `/emails/locations/${foreign}/templates`, { headers: { version: 'v3' } })
  assert.equal(refused.status, 403)
})

test('an agency says which areas a location is let into', async () => {
  const agency = story.agency.client
  const path = `/locations/${here.locationId}/permissions`
  const all = (await v3('GET', path, undefined, agency)).permissions
  assert.equal(all.length, 25)
  const { permissions } = await v3('PUT', path, { permissions: ['workflow', 'crm'] }, agency)
  assert.deepEqual(
    [permissions, (await v3('GET', path, undefined, agency)).permissions],
    [
      ['crm', 'workflow'],
      ['crm', 'workflow'],
    ],
  )
  const told = (await client.get(`/locations/${here.locationId}`)).body.location
  assert.deepEqual(
    [told.permissions.contactsEnabled, told.permissions.workflowsEnabled, told.permissions.funnelsEnabled],
    [true, true, false],
  )
  assert.equal('enabledAreas' in told, false)
  const asked = (body: object, by = agency) =>
    by.raw('PUT', path, { headers: JSON_V3, body: JSON.stringify(body) }).then(({ status }) => status)
  assert.deepEqual([await asked({ permissions: ['cooking'] }), await asked({ permissions: [] }, client)], [422, 401])
  await v3('PUT', path, { permissions: all }, agency)
  assert.deepEqual(await v3('GET', `/locations/${here.locationId}/conversationChannels/SMS`), {
    conversationChannel: { SMS: [] },
  })
})

test('e-mail templates are made, put into folders and changed in the words of v3', async () => {
  const path = `/emails/locations/${here.locationId}/templates`
  const folder = await v3('POST', `${path}/folders`, { name: 'Spring' })
  const wanted = {
    name: 'Newsletter',
    editorType: 'html',
    editorContent: '<p>Hello</p>',
    parentFolderId: folder.id,
    ...{ subjectLine: 'News', fromName: 'Ada', fromEmail: 'ada@studio.test', previewText: 'What is new' },
  }
  const made = await v3('POST', path, wanted)
  const { name, editorType, isPlainText, parentFolderId, subjectLine, fromName, fromEmail, previewText } = made
  assert.deepEqual(
    { name, editorType, parentFolderId, subjectLine, fromName, fromEmail, previewText, isPlainText },
    (({ editorContent: _, ...rest }) => ({ ...rest, isPlainText: false }))(wanted),
  )
  const got = await v3('GET', `${path}/${made.id}`)
  assert.deepEqual([got.subject, got.deleted, got.builder.html], ['News', false, '<p>Hello</p>'])
  const listed = async (query: string) =>
    (await v3('GET', `${path}?sortBy=updatedAt&limit=20&${query}`)).items.map((one: { id: string }) => one.id)
  assert.deepEqual(await listed(`folderId=${folder.id}`), [made.id])
  assert.equal((await listed('folderId=root')).includes(made.id), false)
  const folders = await listed('include=folders')
  assert.deepEqual([folders.includes(folder.id), folders.includes(made.id)], [true, false])
  const changed = await v3('PATCH', `${path}/${made.id}`, {
    ...{ editorType: 'text', editorContent: 'Hello', subjectLine: 'Hi', parentFolderId: null, archived: true },
  })
  assert.deepEqual(
    [changed.isPlainText, changed.editorType, changed.subjectLine, changed.parentFolderId, changed.archived],
    [true, 'text', 'Hi', undefined, true],
  )
  assert.deepEqual(
    [await listed('folderId=root&archived=true'), (await listed('')).includes(made.id)],
    [[made.id], false],
  )
  const alone = { headers: JSON_V3, body: JSON.stringify({ editorContent: 'x' }) }
  assert.equal((await client.raw('PATCH', `${path}/${made.id}`, alone)).status, 422)
  const imported = await v3('POST', `${path}/import`, {
    ...{ importProvider: 'mailchimp', importUrl: 'https://templates.example.com/1', parentFolderId: folder.id },
  })
  assert.equal(imported.parentFolderId, folder.id)
})

test('whoever delivers an e-mail tells what became of it', async () => {
  const { contact } = await v3('POST', '/contacts/', { ...here, firstName: 'Post', email: 'post@x.example' })
  const sent = await v3('POST', '/conversations/messages', {
    ...{ type: 'Email', contactId: contact.id, subject: 'Hello', html: '<p>Hi</p>', emailTo: 'post@x.example' },
  })
  const tell = (body: object) => v3('PUT', `/conversations/messages/email/${sent.emailMessageId}/status`, body)
  assert.equal((await tell({ status: 'delivered', events: { clicked: 1, stored: 0 } })).success, true)
  await tell({ status: 'opened', events: { opened: 2 }, recipients: [{ emailId: 'Post@x.example', status: 'opened' }] })
  await tell({ status: 'clicked', recipients: [{ emailId: 'post@x.example', status: 'clicked' }] })
  const email = await v3('GET', `/conversations/messages/email/${sent.emailMessageId}`)
  assert.deepEqual(email.events, { clicked: 1, opened: 3, delivered: 1, accepted: 1 })
  assert.deepEqual([email.status, email.recipients], ['clicked', [{ emailId: 'post@x.example', status: 'clicked' }]])
  const path = `/conversations/messages/email/${sent.emailMessageId}/status`
  const stranger = { status: 'sent', recipients: [{ emailId: 'who@x.example', status: 'sent' }] }
  const refused = await client.raw('PUT', path, { headers: JSON_V3, body: JSON.stringify(stranger) })
  assert.deepEqual(
    [refused.status, refused.body.message],
    [422, ['recipients: the e-mail did not go to who@x.example']],
  )
})

test('a deal is forecast for a day, and installed locations are told page by page', async () => {
  const { pipeline } = await v3('POST', '/opportunities/pipelines', { ...here, name: 'F', stages: [{ name: 'New' }] })
  const { contact } = await v3('POST', '/contacts/', { ...here, firstName: 'Caster' })
  const wanted = { ...here, pipelineId: pipeline.id, name: 'Deal', status: 'open', contactId: contact.id }
  const forecast = { forecastExpectedCloseDate: '04/23/2026', forecastProbability: 20 }
  const { opportunity } = await v3('POST', '/opportunities/', { ...wanted, ...forecast })
  assert.deepEqual([opportunity.forecastExpectedCloseDate, opportunity.forecastProbability], ['2026-04-23', 20])
  const found = await v3('GET', `/opportunities/search?locationId=${here.locationId}&contactId=${contact.id}`)
  assert.equal(found.opportunities[0].forecastProbability, 20)
  const code = (await allow(story, 'agency')).get('code')
  const { clientId, clientSecret, appId } = story.demo.app
  const asked = { clientId, clientSecret, grantType: 'authorization_code', code, redirectUri: REDIRECT }
  const { accessToken } = await v3('POST', '/oauth/token', asked, story.server.client())
  const place = `/oauth/installed-locations?companyId=${story.demo.companyId}&appId=${appId}&pageSize=2`
  const agency = story.server.client(accessToken)
  const first = await v3('GET', place, undefined, agency)
  const { hasNextPage, nextPageToken, totalRecords } = first.pagination
  assert.deepEqual([first.items.length, hasNextPage, totalRecords], [2, true, 3])
  const second = await v3('GET', `${place}&pageToken=${nextPageToken}`, undefined, agency)
  assert.deepEqual([second.items.length, second.pagination.hasNextPage], [1, false])
})
