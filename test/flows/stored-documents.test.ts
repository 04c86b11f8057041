import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { registry } from '../../src/operations/index.ts'
import { hire } from '../support/hire.ts'
import { type Actor, newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const ok = <T extends { status: number; body: unknown }>(reply: T): T => {
  assert.ok(reply.status < 300, JSON.stringify(reply.body).slice(0, 500))
  return reply
}
/** A text of exactly so many characters that ends in this. */
const filled = (length: number, end: string) => `${'x '.repeat(length).slice(0, length - end.length - 1)} ${end}`

/** Every kind with texts as long as the API takes, which name a link; where each is read again. */
const longest = (location: Actor, link: string) => {
  const [name, line, text] = [filled(200, link), filled(500, link), filled(20_000, link)]
  const { id: locationId } = location
  return [
    {
      post: `/locations/${locationId}/templates`,
      body: { name, type: 'sms', template: { body: text, attachments: [] } },
      list: `/locations/${locationId}/templates?originId=x`,
    },
    {
      post: '/forms/',
      body: {
        locationId,
        name,
        description: text,
        trackingCode: text,
        fields: [{ type: 'text', label: filled(1000, link) }],
      },
      list: `/forms/?locationId=${locationId}`,
    },
    { post: '/surveys/', body: { locationId, name, description: text }, list: `/surveys/?locationId=${locationId}` },
    {
      post: '/funnels/',
      body: { locationId, name, trackingCodeHead: text, pages: [{ name, sections: [{ type: 'text', text }] }] },
      list: `/funnels/funnel/list?locationId=${locationId}`,
    },
    {
      post: '/workflows/',
      body: { locationId, name, description: text, steps: [{ type: 'send_sms', name: line, body: text }] },
      list: `/workflows/?locationId=${locationId}`,
    },
    {
      post: '/campaigns/',
      body: { locationId, name, description: text, events: [{ type: 'sms', body: text }] },
      list: `/campaigns/?locationId=${locationId}`,
    },
    {
      post: '/calendars/',
      body: {
        locationId,
        name,
        description: text,
        eventTitle: line,
        alertEmail: line,
        notifications: [{ type: 'email', selectedUsers: filled(5000, link) }],
        eventNotifications: [
          {
            receiverType: 'contact',
            channel: 'email',
            notificationType: 'booked',
            subject: filled(1000, link),
            body: text,
          },
        ],
      },
      list: `/calendars/?locationId=${locationId}`,
    },
    {
      post: '/calendars/groups',
      body: { locationId, name, description: text, slug: 'long' },
      list: `/calendars/groups?locationId=${locationId}`,
    },
    {
      post: '/calendars/resources/rooms',
      body: { locationId, name, description: text, quantity: 1, outOfService: 0, capacity: 1, calendarIds: [] },
      list: `/calendars/resources/rooms?locationId=${locationId}&limit=10&skip=0`,
    },
    {
      post: '/calendars/services/locations',
      body: { locationId, name, address: text.slice(-2000), slug: 'long' },
      list: `/calendars/services/locations?locationId=${locationId}`,
    },
    {
      post: '/calendars/services/catalog',
      body: { locationId, name, description: text, slug: 'long', staff: [{ id: 'giver' }], variations: [{ name }] },
      list: `/calendars/services/catalog?locationId=${locationId}`,
    },
    {
      post: '/links/',
      body: { locationId, name, redirectTo: `https://example.com/?${filled(1900, link).replaceAll(' ', '+')}` },
      list: `/links/?locationId=${locationId}`,
    },
    {
      post: '/emails/builder',
      body: { locationId, name, title: line, type: 'html', subject: filled(1000, link), html: filled(500_000, link) },
      list: `/emails/builder?locationId=${locationId}`,
    },
    {
      post: `/locations/${locationId}/customValues`,
      body: { name, value: text },
      list: `/locations/${locationId}/customValues`,
    },
    {
      post: `/locations/${locationId}/customFields`,
      body: { name, dataType: 'TEXT', placeholder: line },
      list: `/locations/${locationId}/customFields`,
    },
    {
      post: '/objects/',
      body: {
        locationId,
        labels: { singular: filled(100, link), plural: 'Things' },
        key: 'custom_objects.thing',
        primaryDisplayPropertyDetails: { key: 'name', name: filled(100, link), dataType: 'TEXT' },
      },
      list: `/objects/?locationId=${locationId}`,
    },
    {
      post: '/opportunities/lost-reason',
      body: { locationId, name },
      list: `/opportunities/lost-reason?locationId=${locationId}`,
    },
    { post: `/locations/${locationId}/tags`, body: { name }, list: `/locations/${locationId}/tags` },
    {
      post: '/opportunities/pipelines',
      body: { locationId, name, stages: [{ name }] },
      list: `/opportunities/pipelines?locationId=${locationId}`,
    },
    {
      post: '/crm/v3/pipelines/tickets',
      body: { label: name, displayOrder: 0, stages: [{ label: name, displayOrder: 0 }] },
      list: '/crm/v3/pipelines/tickets',
    },
  ]
}

test('what was stored stays readable, alone and in lists, after what it names is gone: in every kind of asset', async () => {
  const source = await newLocation(story, 'Source')
  const link = ok(
    await source.client.post('/links/', { locationId: source.id, name: 'Prices', redirectTo: 'https://example.com/' }),
  ).body.link.id
  await hire(story.server.app, story.agency.companyId, [source.id], ['giver'])
  const made = longest(source, link)
  const kinds = new Set<string>()
  for (const { post, body } of made) ok(await source.client.post(post, body))
  for (const asset of await readAll(story, source.id)) kinds.add(asset.kind)
  assert.deepEqual(
    [...story.server.app.platform.resources.keys()].filter((kind) => !kinds.has(kind)),
    ['associations'],
    'one of every kind; associations have short labels only',
  )
  ok(await source.client.delete(`/links/${link}`))
  const paths = (await readAll(story, source.id)).map(({ kind, id }) => ({ kind, path: onePath(kind, source.id, id) }))
  for (const { list } of made) ok(await source.client.get(list))
  for (const { path } of paths.filter(({ kind }) => kind === 'calendars'))
    assert.match(JSON.stringify(ok(await source.client.get(`${path}/notifications`)).body), /missing:/)
  for (const { kind, path } of paths)
    assert.match(JSON.stringify(ok(await source.client.get(path)).body), /missing:trigger_links:/, kind)

  // The same in a location that got it by a push.
  const target = await newLocation(story, 'Target')
  const snapshot = await story.agency.capture(source.id)
  const push = await story.agency.push(snapshot.id, [target.id])
  assert.equal(push.status, 'completed')
  for (const { list } of longest(target, link)) ok(await target.client.get(list))
  for (const { kind, id } of await readAll(story, target.id)) ok(await target.client.get(onePath(kind, target.id, id)))
  // What was read may be sent back.
  for (const { kind, id, document } of await readAll(story, source.id)) {
    if (kind !== 'forms') continue
    const saved = ok(
      await source.client.put(`/forms/${id}`, { name: document.name, description: document.description }),
    )
    assert.equal(saved.body.form.description, document.description)
  }
})

function onePath(kind: string, locationId: string, id: string): string {
  const paths: Record<string, string> = {
    templates: `/locations/${locationId}/templates/${id}`,
    custom_values: `/locations/${locationId}/customValues/${id}`,
    custom_fields: `/locations/${locationId}/customFields/${id}`,
    objects: `/objects/${id}?locationId=${locationId}`,
    object_fields: `/custom-fields/${id}`,
    lost_reasons: `/opportunities/lost-reason/${id}`,
    tags: `/locations/${locationId}/tags/${id}`,
    pipelines: `/opportunities/pipelines/${id}`,
    ticket_pipelines: `/crm/v3/pipelines/tickets/${id}`,
    trigger_links: `/links/id/${id}?locationId=${locationId}`,
    email_templates: `/emails/builder/${id}`,
    calendar_groups: `/calendars/groups?locationId=${locationId}`,
    calendar_resources: `/calendars/resources/rooms/${id}`,
    service_locations: `/calendars/services/locations/${id}`,
    calendar_services: `/calendars/services/catalog/${id}`,
  }
  return paths[kind] ?? `/${kind}/${id}`
}

/** Records keep their texts as they came, and so do addresses of other programs and what is read of them. */
const RECORDS = [
  'blogs',
  'businesses',
  'connections',
  'contacts',
  'customers',
  'emailSchedules',
  'invoices',
  'locations',
  'opportunities',
  'preferences',
  'recurringTasks',
  'redirects',
  'schedules',
  'tasks',
  'users',
  'webhooks',
]

test('no answer limits how long a text of a stored document may have become', () => {
  const limited: string[] = []
  const visit = (name: string, schema: unknown): void => {
    if (schema === null || typeof schema !== 'object') return
    if ('maxLength' in schema) limited.push(name)
    for (const child of Object.values(schema)) visit(name, child)
  }
  for (const { name, output } of registry.all) if (!RECORDS.includes(name.split('.')[0] as string)) visit(name, output)
  assert.deepEqual([...new Set(limited)], [])
})
