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
  assert.deepEqual([item.type, item.createdAt], [item.templateType, item.dateAdded])
  await v3('GET', `${path}/${id}`)
  assert.ok((await v3('DELETE', `${path}/${id}`)).deleted)
  const foreign = story.demo.partner.locations[0]?.id
  const refused = await client.raw('GET', `/emails/locations/${foreign}/templates`, { headers: { version: 'v3' } })
  assert.equal(refused.status, 403)
})
