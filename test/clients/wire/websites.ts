import assert from 'node:assert/strict'
import { named, type Story } from './story.ts'

export const submissions: Story = async ({ ask, ids, client }) => {
  const { locationId } = ids
  const fields = [{ id: 'mail', type: 'email' }]
  const { form } = (await client.post('/forms/', { locationId, name: 'Contact us', fields })).body
  const slides = [{ id: 'first', fields: [{ id: 'why', type: 'text', queryKey: 'reason' }] }]
  const { survey } = (await client.post('/surveys/', { locationId, name: 'How was it?', slides })).body
  const listed = async (kind: 'forms' | 'surveys', which: object) => {
    const answer = await ask(`GET /${kind}/submissions`, { locationId, page: 1, limit: 20, ...which })
    assert.equal(answer.meta.total, answer.submissions.length)
    return answer.submissions
  }
  assert.deepEqual(await listed('forms', { formId: form.id }), [])
  assert.deepEqual(await listed('surveys', { surveyId: survey.id }), [])
  const email = 'visitor@example.com'
  const sent = await client.post(`/forms/${form.id}/submissions`, { locationId, values: { email } })
  const answers = { locationId, values: { reason: 'Cold' } }
  const answered = await client.post(`/surveys/${survey.id}/submissions`, answers)
  assert.deepEqual([sent.status, answered.status], [201, 201], JSON.stringify(answered.body))
  const [entry] = await listed('forms', { formId: form.id, q: email })
  assert.deepEqual([entry.id, entry.formId, entry.email], [sent.body.submission.id, form.id, email])
  const [reply] = await listed('surveys', { surveyId: survey.id })
  assert.deepEqual([reply.surveyId, reply.others.reason], [survey.id, 'Cold'])
  assert.deepEqual(await listed('forms', { formId: form.id, startAt: '2020-01-01', endAt: '2020-12-31' }), [])
}

export const redirects: Story = async ({ ask, ids }) => {
  const { locationId } = ids
  const body = { locationId, domain: 'example.com', path: '/Hello', target: 'https://example.org/a', action: 'url' }
  const { data } = await ask('POST /funnels/lookup/redirect', {}, body)
  const list = async (search: string) => {
    const wanted = { locationId, limit: 20, offset: 0, search }
    return (await ask('GET /funnels/lookup/redirect/list', wanted)).data
  }
  assert.deepEqual([(await list('example.com')).count, named((await list('hel')).data)], [1, [data.id]])
  const change = { locationId, target: 'https://example.org/b', action: 'website' }
  await ask('PATCH /funnels/lookup/redirect/{id}', { id: data.id }, change)
  const [shown] = (await list('hel')).data
  assert.deepEqual([shown.target, shown.action], ['https://example.org/b', 'website'])
  await ask('DELETE /funnels/lookup/redirect/{id}', { locationId, id: data.id })
  assert.equal((await list('example.com')).count, 0)
}

export const emailCampaigns: Story = async ({ ask, ids, client }) => {
  const { locationId } = ids
  const body = { locationId, name: 'Black Friday', status: 'active', emailStatus: 'complete' }
  const { id } = (await client.post('/emails/schedule', body)).body.emailSchedule
  const listed = async (wanted: object) => {
    const answer = await ask('GET /emails/schedule', { locationId, limit: 10, offset: 0, ...wanted })
    return named(answer.schedules)
  }
  assert.deepEqual(await listed({ status: 'active', emailStatus: 'complete', name: 'Fri' }), [id])
  assert.deepEqual(await listed({ status: 'draft' }), [])
  await client.delete(`/emails/schedule/${id}`)
  assert.deepEqual(await listed({ status: 'active' }), [])
}
