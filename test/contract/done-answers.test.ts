import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Reply } from '../support/client.ts'
import { type Office, startOffice } from '../support/office.ts'

let office: Office
before(async () => {
  office = await startOffice()
})
after(() => office?.[Symbol.asyncDispose]())

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/

/** What a reply says besides what it is about. */
function saidBy({ status, headers, body }: Reply) {
  assert.ok(status < 300, JSON.stringify(body))
  assert.match(String(body.traceId), UUID)
  assert.equal(body.traceId, headers.get('x-trace-id'))
  const { succeded, succeeded, success } = body
  return success === undefined ? { succeded, succeeded } : { succeded, succeeded, success }
}
const BOTH = { succeded: true, succeeded: true }

test('what was done is said in both spellings, and every answer tells its trace', async () => {
  const { client, here, location } = office
  const contactId = await office.newContact()
  const made = async (path: string, body: object) => {
    const reply = await client.post(path, { ...here, ...body })
    assert.ok(reply.status < 300, JSON.stringify(reply.body))
    assert.match(String(reply.body.traceId), UUID)
    return Object.values(reply.body).find((value) => typeof value === 'object') as { id: string }
  }
  const workflow = await made('/workflows/', { name: 'Welcome' })
  const campaign = await made('/campaigns/', { name: 'Spring' })
  const pipeline = (await made('/opportunities/pipelines', { name: 'Sales', stages: [{ name: 'New' }] })) as {
    id: string
  }
  const deal = await made('/opportunities/', { pipelineId: pipeline.id, name: 'Deal', status: 'open', contactId })
  const at = `/locations/${location.id}`
  const { locationId: _, ...nothing } = here
  const inLocation = async (path: string, body: object) => {
    const { body: answer } = await client.post(`${at}${path}`, { ...nothing, ...body })
    return (Object.values(answer).find((value) => typeof value === 'object') as { id: string }).id
  }
  const value = await inLocation('/customValues', { name: 'Phone', value: '1' })
  const field = await inLocation('/customFields', { name: 'Size', dataType: 'TEXT' })
  const tag = await inLocation('/tags', { name: 'vip' })
  const link = await made('/links/', { name: 'Shop', redirectTo: 'https://shop.example' })
  const note = (await client.post(`/contacts/${contactId}/notes`, { body: 'Hello' })).body.note
  const task = (
    await client.post(`/contacts/${contactId}/tasks`, {
      title: 'Call',
      dueDate: '2026-10-25T11:00:00Z',
      completed: false,
    })
  ).body.task
  const done: (() => Promise<Reply>)[] = [
    () => client.put(`/contacts/${contactId}`, { firstName: 'Eva' }),
    () => client.post('/contacts/upsert', { ...here, email: 'new@office.example' }),
    () => client.post(`/contacts/${contactId}/workflow/${workflow.id}`),
    () => client.delete(`/contacts/${contactId}/workflow/${workflow.id}`),
    () => client.post(`/contacts/${contactId}/campaigns/${campaign.id}`),
    () => client.delete(`/contacts/${contactId}/campaigns/${campaign.id}`),
    () => client.delete(`/contacts/${contactId}/campaigns/removeAll`),
    () => client.delete(`/contacts/${contactId}/tasks/${task.id}`),
    () => client.delete(`/contacts/${contactId}/notes/${note.id}`),
    () => client.delete(`${at}/customValues/${value}`),
    () => client.delete(`${at}/customFields/${field}`),
    () => client.delete(`${at}/tags/${tag}`),
    () => client.delete(`/links/${link.id}`),
    () => client.delete(`/workflows/${workflow.id}`),
  ]
  for (const ask of done) assert.deepEqual(saidBy(await ask()), BOTH)
  const won = await client.put(`/opportunities/${deal.id}/status`, { status: 'won' })
  assert.deepEqual(saidBy(won), { ...BOTH, success: true })
  assert.deepEqual(saidBy(await client.delete(`/opportunities/${deal.id}`)), { ...BOTH, success: true })
  assert.deepEqual(saidBy(await client.delete(`/contacts/${contactId}`)), BOTH)
})

test('nobody is taken out of a workflow or campaign that is nowhere', async () => {
  const { client, here } = office
  const contactId = await office.newContact()
  for (const [path, noun] of [
    ['campaigns', 'campaign'],
    ['workflow', 'workflow'],
  ] as const) {
    const unknown = await client.delete(`/contacts/${contactId}/${path}/unknown`)
    assert.deepEqual([unknown.status, unknown.body.message], [404, `${noun} unknown was not found`])
    const made = (await client.post(`/${noun}s/`, { ...here, name: 'Spring' })).body[noun]
    const line = `/contacts/${contactId}/${path}/${made.id}`
    assert.equal((await client.delete(line)).status, 200, 'it is there, the contact is not in it')
    assert.ok((await client.post(line)).status < 300)
    assert.equal((await client.delete(`/${noun}s/${made.id}`)).status, 200)
    assert.equal((await client.delete(line)).status, 200, 'it is gone, and the contact is still in it')
    assert.equal((await client.delete(line)).status, 200, 'once more')
  }
})
