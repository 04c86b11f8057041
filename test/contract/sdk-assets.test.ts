import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { HighLevel } from '@gohighlevel/api-client'
import { createDemo } from '../../src/demo/index.ts'
import { RESOURCES } from '../../src/resources/index.ts'
import { listAssets } from '../../src/store/assets/index.ts'
import { faultsOf } from '../../src/store/validate.ts'
import { type Client, untraced } from '../support/client.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let location: TestLocation
let client: Client
let sdk: HighLevel

before(async () => {
  server = await startTestServer({ work: false, alone: true })
  const agency = await createAgency(server.app)
  location = agency.locations[0] as TestLocation
  client = server.client(location.token)
  sdk = new HighLevel({ privateIntegrationToken: location.token })
  sdk.getHttpClient().defaults.baseURL = server.url
})
after(() => server?.[Symbol.asyncDispose]())

/** The official client throws for every status but 2xx, so its calls need no check of their own. */
const here = () => ({ locationId: location.id })

test('the official client manages custom fields, and a rename keeps the key', async () => {
  const { customField } = await sdk.locations.createCustomField(here(), {
    name: 'Wedding Date',
    dataType: 'DATE',
    placeholder: 'soon',
    model: 'contact',
  })
  assert.equal(customField?.fieldKey, 'contact.wedding_date')
  const id = customField?.id as string
  const renamed = await sdk.locations.updateCustomField({ ...here(), id }, { name: 'The day' })
  assert.deepEqual(renamed.customField, { ...customField, name: 'The day' })
  await sdk.locations.createCustomField(here(), { name: 'Guests', dataType: 'NUMERICAL', model: 'opportunity' })
  const listed = await sdk.locations.getCustomFields({ ...here(), model: 'opportunity' })
  assert.deepEqual(
    listed.customFields?.map((field) => field.fieldKey),
    ['opportunity.guests'],
  )
  assert.equal((await sdk.locations.deleteCustomField({ ...here(), id })).succeded, true)
  await assert.rejects(
    sdk.locations.getCustomField({ ...here(), id }),
    (error: { statusCode?: number }) => error.statusCode === 404,
  )
})

test('the official client manages custom values; before any push a new value is the new default', async () => {
  const { customValue } = await sdk.locations.createCustomValue(here(), { name: 'Phone', value: '1' })
  assert.equal(customValue?.fieldKey, '{{ custom_values.phone }}')
  const id = customValue?.id as string
  const changed = await sdk.locations.updateCustomValue({ ...here(), id }, { name: 'Phone', value: '2' })
  assert.deepEqual(changed.customValue, { ...customValue, value: '2', default: '2' })
  assert.equal((await sdk.locations.getCustomValues(here())).customValues?.length, 1)
  assert.equal((await sdk.locations.deleteCustomValue({ ...here(), id })).succeded, true)
})

test('the official client manages tags, and a name is taken whatever its case', async () => {
  const { tag } = await sdk.locations.createTag(here(), { name: 'VIP' })
  const tagId = tag?.id as string
  await assert.rejects(
    sdk.locations.createTag(here(), { name: 'vip' }),
    (error: { statusCode?: number }) => error.statusCode === 400,
  )
  assert.equal((await sdk.locations.updateTag({ ...here(), tagId }, { name: 'gold' })).tag?.name, 'gold')
  assert.deepEqual((await sdk.locations.getLocationTags(here())).tags, [{ ...tag, name: 'gold' }])
  assert.equal((await sdk.locations.deleteTag({ ...here(), tagId })).succeded, true)
})

test('the official client manages trigger links; a template names one by its id', async () => {
  const { link } = await sdk.links.createLink({ ...here(), name: 'Prices', redirectTo: 'https://example.com/' })
  const linkId = link?.id as string
  assert.equal(link?.fieldKey, `{{trigger_link.${linkId}}}`)
  const updated = await sdk.links.updateLink({ linkId }, { name: 'Price list', redirectTo: 'https://example.com/2' })
  assert.deepEqual((await sdk.links.getLinkById({ ...here(), linkId })).link, updated.link)
  assert.equal((await sdk.links.searchTriggerLinks({ ...here(), query: 'price', limit: 5, skip: 0 })).links?.length, 1)
  const made = await client.post(`/locations/${location.id}/templates`, {
    name: 'Hello',
    type: 'sms',
    template: { body: link?.fieldKey },
  })
  assert.equal(made.status, 201)
  const listed = await sdk.locations.gETAllOrEmailSmsTemplates({
    ...here(),
    originId: location.id,
    type: 'sms',
    limit: '25',
    skip: '0',
  })
  assert.equal(listed.totalCount, 1)
  await sdk.locations.dELETEAnEmailSmsTemplate({ ...here(), id: made.body.template.id })
  assert.equal((await sdk.links.deleteLink({ linkId })).succeded, true)
})

test('the official client manages groups, resources and calendars', async () => {
  const { group } = await sdk.calendars.createCalendarGroup({
    ...here(),
    name: 'Meetings',
    description: 'All',
    slug: 'meetings',
  })
  const groupId = group?.id as string
  assert.equal((await sdk.calendars.validateGroupsSlug({ ...here(), slug: 'meetings' })).available, false)
  assert.equal((await sdk.calendars.disableGroup({ groupId }, { isActive: false })).success, true)
  assert.equal((await sdk.calendars.getGroups(here())).groups?.[0]?.isActive, false)
  const { calendar } = await sdk.calendars.createCalendar({
    ...here(),
    name: 'Talk',
    groupId,
    teamMembers: [{ userId: 'anybody' }],
  } as never)
  assert.equal(calendar.slotDuration, 30)
  const calendarId = calendar.id
  const changed = await sdk.calendars.updateCalendar({ calendarId }, { slotDuration: 45 } as never)
  assert.deepEqual(changed.calendar, { ...calendar, slotDuration: 45 })
  assert.equal((await sdk.calendars.getCalendars({ ...here(), groupId })).calendars?.length, 1)
  const room = await client.post('/calendars/resources/rooms', {
    ...here(),
    name: 'Studio',
    description: '',
    quantity: 1,
    outOfService: 0,
    capacity: 4,
    calendarIds: [calendarId],
  })
  assert.equal(room.status, 201)
  const rooms = await sdk.calendars.fetchCalendarResources({
    ...here(),
    resourceType: 'rooms',
    limit: 10,
    skip: 0,
  } as never)
  assert.deepEqual(rooms, [room.body])
  assert.equal((await sdk.calendars.deleteCalendar({ calendarId })).success, true)
  assert.equal((await sdk.calendars.deleteGroup({ groupId })).success, true)
})

test('the official client manages associations and e-mail templates', async () => {
  const key = {
    key: 'planner_couple',
    firstObjectLabel: 'Planner',
    firstObjectKey: 'contact',
    secondObjectLabel: 'Couple',
    secondObjectKey: 'contact',
  }
  const association = await sdk.associations.createAssociation({ ...here(), ...key } as never)
  const byId = await sdk.associations.getAssociationByID({ associationId: association.id })
  const byKey = await sdk.associations.getAssociationKeyByKeyName({ ...here(), keyName: key.key })
  for (const found of [byId, byKey]) assert.deepEqual(untraced(found), untraced(association))
  assert.equal((await sdk.associations.deleteAssociation({ associationId: association.id })).deleted, true)
  const { redirect } = await sdk.emails.createTemplate({
    ...here(),
    title: 'News',
    type: 'html',
    importProvider: 'mailchimp',
  })
  const content = {
    dnd: { elements: [], attrs: {}, templateSettings: {} },
    html: '<p>',
    editorType: 'html',
    updatedBy: 'anybody',
  }
  assert.equal((await sdk.emails.updateTemplate({ ...here(), templateId: redirect, ...content } as never)).ok, 'true')
  assert.equal((await client.get(`/emails/builder/${redirect}`)).body.builder.html, '<p>')
  assert.equal((await sdk.emails.deleteTemplate({ ...here(), templateId: redirect })).ok, 'true')
})

const WRITTEN_HERE = {
  forms: '/forms',
  surveys: '/surveys',
  funnels: '/funnels',
  workflows: '/workflows',
  campaigns: '/campaigns',
  pipelines: '/opportunities/pipelines',
}

for (const [kind, path] of Object.entries(WRITTEN_HERE)) {
  test(`${kind}: created, read, renamed and deleted`, async () => {
    const resource = RESOURCES.get(kind)!
    for (const example of resource.examples) {
      const created = await client.post(`${path}/`, { ...here(), ...example })
      assert.equal(created.status, 201, JSON.stringify(created.body))
      const asset = created.body[resource.noun]
      assert.deepEqual((await client.get(`${path}/${asset.id}`)).body[resource.noun], asset)
      const renamed = await client.put(`${path}/${asset.id}`, { name: 'Another name' })
      const { dateUpdated = asset.dateUpdated } = renamed.body[resource.noun]
      const changed = dateUpdated === undefined ? {} : { dateUpdated }
      assert.deepEqual(renamed.body[resource.noun], { ...asset, name: 'Another name', ...changed })
      assert.equal((await client.delete(`${path}/${asset.id}`)).status, 200)
      assert.equal((await client.get(`${path}/${asset.id}`)).status, 404)
    }
  })
}

test('the official client lists what HighLevel only reads', async () => {
  for (const [kind, path] of Object.entries(WRITTEN_HERE))
    await client.post(`${path}/`, { ...here(), ...RESOURCES.get(kind)!.examples[0] })
  assert.equal((await sdk.forms.getForms({ ...here(), limit: 10, skip: 0 })).total, 1)
  assert.equal((await sdk.surveys.getSurveys(here())).total, 1)
  assert.equal((await sdk.workflows.getWorkflow(here())).workflows?.[0]?.status, 'draft')
  assert.equal((await sdk.campaigns.getCampaigns({ ...here(), status: 'draft' })).campaigns?.length, 1)
  assert.equal((await sdk.opportunities.getPipelines(here())).pipelines?.[0]?.stages?.length, 2)
  const listed = await sdk.funnels.getFunnels({ ...here(), limit: '20', offset: '0' })
  assert.equal(listed.count, 1)
  const [funnel] = listed.funnels as unknown as { _id: string; steps: { id: string; pages: string[] }[] }[]
  const pages = (await sdk.funnels.getPagesByFunnelId({
    ...here(),
    funnelId: funnel!._id,
    limit: 20,
    offset: 0,
  })) as unknown as {
    _id: string
    stepId: string
  }[]
  assert.deepEqual(
    pages.map((page) => [page.stepId, page._id]),
    funnel!.steps.map((step) => [step.id, step.pages[0]]),
  )
  assert.equal((await sdk.funnels.getPagesCountByFunnelId({ ...here(), funnelId: funnel!._id })).count, 2)
})

test('references that lead nowhere are refused, each with its path', async () => {
  const nowhere = 'A'.repeat(20)
  const steps = [
    { id: 'tag', type: 'add_tag', tagIds: [nowhere], next: 'gone' },
    { type: 'go_to', workflowId: nowhere },
  ]
  const reply = await client.post('/workflows/', {
    ...here(),
    name: 'Broken',
    trigger: { type: 'form_submitted', formId: nowhere },
    steps,
  })
  assert.equal(reply.status, 422)
  assert.deepEqual(
    reply.body.message.map((message: string) => message.split(':')[0]),
    ['trigger.formId', 'steps[0].tagIds[0]', 'steps[0].next', 'steps[1].workflowId'],
  )
})

test('a workflow stays editable after the pipeline it names is gone', async () => {
  const { pipeline } = (
    await client.post('/opportunities/pipelines', { ...here(), name: 'Sales', stages: [{ name: 'New' }] })
  ).body
  const steps = [{ type: 'create_opportunity', pipelineId: pipeline.id, stageId: pipeline.stages[0].id }]
  const { workflow } = (await client.post('/workflows/', { ...here(), name: 'Sell', steps })).body
  await client.delete(`/opportunities/pipelines/${pipeline.id}`)
  const renamed = await client.put(`/workflows/${workflow.id}`, { name: 'Sell more' })
  assert.equal(renamed.status, 200)
  assert.match(renamed.body.workflow.steps[0].pipelineId, /^missing:pipelines:/)
})

test('the examples of every kind are what its schema says', () => {
  for (const resource of RESOURCES.values()) {
    assert.ok(resource.examples.length > 0, resource.kind)
    for (const example of resource.examples) assert.deepEqual(faultsOf(resource.schema, example), [], resource.kind)
  }
})

test('the demo is made once; its first location holds every kind, and every reference leads somewhere', async () => {
  const { platform } = server.app
  const demo = await createDemo(platform, server.url)
  assert.equal(await createDemo(platform, server.url), null)
  assert.deepEqual(
    demo?.locations.map(({ portalId }) => portalId),
    [1001, 1002, 1003],
  )
  const [template, , empty] = demo!.locations
  for (const resource of RESOURCES.values()) {
    const assets = await listAssets(platform.db, resource, template!.id)
    assert.ok(assets.length > 0, `no ${resource.kind}`)
    for (const asset of assets) {
      assert.deepEqual(faultsOf(resource.schema, asset.document), [], `${resource.kind} ${asset.name}`)
      assert.doesNotMatch(JSON.stringify(asset.document), /missing:|@\{/, `${resource.kind} ${asset.name}`)
    }
    assert.equal((await listAssets(platform.db, resource, empty!.id)).length, 0)
  }
  assert.equal(
    (await server.client(template!.token).get(`/workflows/?locationId=${template!.id}`)).body.workflows.length,
    3,
  )
  assert.equal(
    (await server.client(demo!.partner.agencyToken).get(`/workflows/?locationId=${template!.id}`)).status,
    403,
  )
})
