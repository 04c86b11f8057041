import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from '../support/client.ts'
import { type Office, startOffice } from '../support/office.ts'
import { isOfficial } from '../support/official-lines.ts'

let office: Office
let client: Client
let visitor: Client
before(async () => {
  office = await startOffice()
  client = office.client
  visitor = office.server.client()
})
after(() => office?.[Symbol.asyncDispose]())

const made = async (path: string, body: object) => {
  const reply = await client.post(path, { ...office.here, ...body })
  assert.ok(reply.status < 300, JSON.stringify(reply.body))
  return reply.body
}

async function newForm(more: object = {}) {
  const fields = [
    { id: 'who', type: 'full_name', label: 'Name', required: true },
    { id: 'mail', type: 'email', label: 'E-mail', required: true },
    { id: 'call', type: 'phone' },
    { id: 'text', type: 'text', label: 'How can we help?', queryKey: 'help' },
    { id: 'pic', type: 'image' },
  ]
  return (await made('/forms/', { name: 'Contact us', fields, ...more })).form as {
    id: string
    fields: { id: string }[]
  }
}

const submit = (form: { id: string }, values: object, more: object = {}) =>
  visitor.post(`/forms/${form.id}/submissions`, { ...office.here, values, ...more })
const list = async (query: string) =>
  isOfficial(
    'GET /forms/submissions',
    await client.get(`/forms/submissions?locationId=${office.here.locationId}${query}`),
  )

test('an empty list is a list, of forms and of surveys', async () => {
  const none = { submissions: [], meta: { total: 0, currentPage: 1, nextPage: null, prevPage: null } }
  assert.deepEqual(await list('&limit=100'), none)
  const surveys = await client.get(`/surveys/submissions?locationId=${office.here.locationId}&limit=5`)
  assert.deepEqual(isOfficial('GET /surveys/submissions', surveys), none)
})

test('a visitor without a token makes a contact, the same visitor again changes it, and both answers are kept', async () => {
  const tag = (await made(`/locations/${office.here.locationId}/tags`, { name: 'from the web' })).tag
  const field = (
    await made(`/locations/${office.here.locationId}/customFields`, { name: 'Guests', dataType: 'NUMERICAL' })
  ).customField
  const pipeline = (await made('/opportunities/pipelines', { name: 'Leads', stages: [{ name: 'New' }] })).pipeline
  const workflow = (await made('/workflows/', { name: 'Welcome' })).workflow
  const form = await newForm({
    fields: [
      { id: 'who', type: 'full_name', required: true },
      { id: 'mail', type: 'email', required: true },
      { id: 'many', type: 'custom_field', customFieldId: field.id },
    ],
    onSubmit: {
      action: 'message',
      message: 'Thank you.',
      tagIds: [tag.id],
      workflowId: workflow.id,
      pipelineId: pipeline.id,
      stageId: pipeline.stages[0].id,
    },
  })
  const eventData = {
    page: { url: 'https://deo.example/?utm_source=fair' },
    utmSource: 'fair',
    referrer: 'https://x.example',
  }
  const first = await submit(
    form,
    { full_name: 'Rosan Deo', email: 'Rosan@Deo.example', [field.id]: 80 },
    { eventData },
  )
  assert.equal(first.status, 201, JSON.stringify(first.body))
  assert.deepEqual(
    { ...first.body, submission: Object.keys(first.body.submission).sort() },
    { submission: ['createdAt', 'formId', 'id'], action: 'message', message: 'Thank you.', disqualified: false },
  )
  const again = await submit(form, { [form.fields[0]!.id]: 'Rosan Deo-Okafor', email: 'rosan@deo.example' })
  assert.equal(again.status, 201, JSON.stringify(again.body))

  const { submissions, meta } = await list(`&formId=${form.id}`)
  assert.deepEqual(meta, { total: 2, currentPage: 1, nextPage: null, prevPage: null })
  assert.deepEqual([submissions[0].name, submissions[1].name], ['Rosan Deo-Okafor', 'Rosan Deo'])
  const [later, earlier] = submissions
  assert.equal(later.contactId, earlier.contactId)
  assert.equal(earlier.others[field.id], 80)
  assert.equal(earlier.others.full_name, 'Rosan Deo')
  assert.equal(earlier.others.eventData.medium, 'form')
  assert.equal(earlier.others.eventData.page.url, eventData.page.url)

  const { contact } = (await client.get(`/contacts/${earlier.contactId}`)).body
  assert.deepEqual([contact.firstName, contact.lastName, contact.source], ['Rosan', 'Deo-Okafor', 'Contact us'])
  assert.deepEqual(contact.tags, ['from the web'])
  assert.deepEqual(contact.customFields, [{ id: field.id, value: 80 }])
  assert.deepEqual(
    [contact.attributionSource.utmSource, contact.attributionSource.mediumId, contact.lastAttributionSource.utmSource],
    ['fair', form.id, undefined],
  )
  const deals = await client.get(`/opportunities/search?location_id=${office.here.locationId}&contact_id=${contact.id}`)
  assert.deepEqual(
    deals.body.opportunities.map((deal: { pipelineId: string; name: string }) => [deal.pipelineId, deal.name]),
    [[pipeline.id, 'Rosan Deo']],
  )
  const { enrolments } = (await client.get(`/contacts/${contact.id}/workflows`)).body
  assert.deepEqual(
    enrolments.map((one: { id: string }) => one.id),
    [workflow.id],
  )
  const history = await client.get(
    `/locations/${office.here.locationId}/records/form_submissions/${first.body.submission.id}/history`,
  )
  assert.deepEqual([history.body.history[0].op, history.body.history[0].actor], ['create', `form:${form.id}`])
  await client.delete(`/contacts/${contact.id}`)
  assert.equal((await list(`&formId=${form.id}`)).meta.total, 0, 'what a contact said goes with the contact')
})

test('what is asked must be answered, what is not asked is refused, and nothing is written', async () => {
  const form = await newForm()
  const refusals: [object, string][] = [
    [{ email: 'a@b.example' }, 'values.full_name should not be empty'],
    [{ full_name: '  ', email: 'a@b.example' }, 'values.full_name should not be empty'],
    [{ full_name: 'A', email: 'a@b.example', tags: 'vip' }, 'values.tags: the form has no such field'],
    [{ full_name: 'A', email: 'a@b.example', pic: 'x' }, 'values.pic: the form has no such field'],
    [{ full_name: 'A', email: 'nobody' }, 'email must be an email'],
  ]
  for (const [values, message] of refusals) {
    const { status, body } = await submit(form, values)
    assert.deepEqual([status, body.message], [422, [message]])
  }
  const elsewhere = await visitor.post(`/forms/${form.id}/submissions`, { locationId: 'unknown', values: {} })
  assert.equal(elsewhere.status, 404, JSON.stringify(elsewhere.body))
  assert.equal((await submit({ id: 'unknown' }, {})).status, 404)
  assert.equal((await list(`&formId=${form.id}`)).meta.total, 0)
  assert.equal(
    (await client.get(`/contacts/search/duplicate?locationId=${office.here.locationId}&email=a%40b.example`)).body
      .contact,
    null,
  )
})

test('a field that a condition hides need not be answered; one it asks for must be', async () => {
  const form = await newForm({
    fields: [
      { id: 'rate', type: 'text' },
      { id: 'why', type: 'text', required: true },
      { id: 'more', type: 'text' },
    ],
    conditions: [
      { fieldId: 'rate', operator: 'less_than', value: '3', action: 'show', targetFieldId: 'why' },
      { fieldId: 'rate', operator: 'is', value: '5', action: 'require', targetFieldId: 'more' },
    ],
  })
  const [rate, , more] = form.fields as [{ id: string }, unknown, { id: string }]
  assert.equal((await submit(form, { [rate.id]: '4' })).status, 201)
  assert.equal((await submit(form, { [rate.id]: '2' })).status, 422)
  assert.equal((await submit(form, { [rate.id]: '5' })).status, 422)
  assert.equal((await submit(form, { [rate.id]: '5', [more.id]: 'x' })).status, 201)
  const { submissions } = await list(`&formId=${form.id}`)
  assert.deepEqual(
    submissions.map(({ contactId }: { contactId?: string }) => contactId),
    [undefined, undefined],
    'nobody is known by nothing',
  )
})

test('a survey is walked through: what lies on slides that were left out is not asked', async () => {
  const { survey } = await made('/surveys/', {
    name: 'How did we do?',
    slides: [
      {
        id: 'first',
        fields: [{ id: 'rating', type: 'text', queryKey: 'rating', required: true }],
        jumps: [
          { fieldId: 'rating', operator: 'greater_than', value: '8', action: 'go_to_slide', slideId: 'last' },
          { fieldId: 'rating', operator: 'is', value: '0', action: 'disqualify', message: 'Sorry.' },
        ],
      },
      { id: 'why', fields: [{ id: 'reason', type: 'text', queryKey: 'reason', required: true }] },
      { id: 'last', fields: [{ id: 'mail', type: 'email' }] },
    ],
    onSubmit: { action: 'redirect', redirectUrl: 'https://deo.example/thanks' },
  })
  const answer = (values: object) => visitor.post(`/surveys/${survey.id}/submissions`, { ...office.here, values })
  const glad = await answer({ rating: '9', email: 'glad@deo.example' })
  assert.deepEqual(
    [glad.status, glad.body.action, glad.body.redirectUrl],
    [201, 'redirect', 'https://deo.example/thanks'],
  )
  assert.equal((await answer({ rating: '5' })).status, 422)
  assert.equal((await answer({ rating: '5', reason: 'Cold' })).status, 201)
  const out = await answer({ rating: '0' })
  assert.deepEqual([out.status, out.body.disqualified, out.body.message], [201, true, 'Sorry.'])
  const listed = await client.get(`/surveys/submissions?locationId=${office.here.locationId}&surveyId=${survey.id}`)
  const { submissions } = isOfficial('GET /surveys/submissions', listed)
  assert.deepEqual(
    submissions.map(({ others, surveyId }: { others: { reason?: string }; surveyId: string }) => [
      surveyId,
      others.reason,
    ]),
    [
      [survey.id, undefined],
      [survey.id, 'Cold'],
      [survey.id, undefined],
    ],
  )
})

test('submissions are filtered by form, words and days, and walked through in pages', async () => {
  const form = await newForm()
  for (const name of ['Ada', 'Bea', 'Cleo'])
    assert.equal(
      (await submit(form, { full_name: `${name} Stone`, email: `${name}@stone.example`, phone: '' })).status,
      201,
    )
  const names = async (query: string) =>
    (await list(`&formId=${form.id}${query}`)).submissions.map(({ name }: { name: string }) => name.split(' ')[0])
  assert.deepEqual(await names(''), ['Cleo', 'Bea', 'Ada'])
  assert.deepEqual(await names('&q=bea%40stone.example'), ['Bea'])
  assert.deepEqual(await names('&q=stone&limit=2&page=2'), ['Ada'])
  const { meta } = await list(`&formId=${form.id}&limit=2&page=1`)
  assert.deepEqual(meta, { total: 3, currentPage: 1, nextPage: 2, prevPage: null })
  const today = new Date().toISOString().slice(0, 10)
  assert.deepEqual(await names(`&startAt=${today}&endAt=${today}`), ['Cleo', 'Bea', 'Ada'])
  assert.deepEqual(await names('&startAt=2020-01-01&endAt=2020-12-31'), [])
  assert.deepEqual((await client.get(`/forms/submissions?locationId=${office.here.locationId}&limit=101`)).status, 422)
  const { submissions } = await list(`&formId=${form.id}`)
  assert.deepEqual(await names(`&q=${submissions[0].contactId}`), ['Cleo'])
  assert.equal((await list('&formId=another')).meta.total, 0)
})

test('visitors are counted by where they come from, and many at once with one e-mail are one contact', async () => {
  await using few = await startOffice({ visitorLimit: 3 })
  const fields = [{ id: 'mail', type: 'email' }]
  const { form } = (await few.client.post('/forms/', { ...few.here, name: 'Contact us', fields })).body
  const send = () =>
    few.server.client().post(`/forms/${form.id}/submissions`, { ...few.here, values: { email: 'one@deo.example' } })
  const replies = await Promise.all([send(), send(), send(), send()])
  assert.deepEqual(replies.map(({ status }) => status).sort(), [201, 201, 201, 429])
  const { submissions } = (await few.client.get(`/forms/submissions?locationId=${few.here.locationId}`)).body
  assert.equal(submissions.length, 3)
  assert.equal(new Set(submissions.map(({ contactId }: { contactId: string }) => contactId)).size, 1)
})
