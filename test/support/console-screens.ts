import assert from 'node:assert/strict'
import { makeConnection, send } from './connections.ts'
import { named } from './made-assets.ts'
import { type Actor, readAll, type Story } from './stories.ts'
import { makeWebhook } from './webhooks.ts'

/** A screen of the console in a state that it can be in: its name, and its address below `/app`. */
export interface ShownScreen {
  name: string
  path: string
}

/**
 * What an agency has after some weeks: a snapshot in two versions that two sub-accounts carry, one of which has drifted
 * and keeps what it made of a workflow; and each screen of the console with something to show.
 */
export async function createScreens(story: Story, { called = 'Studio' } = {}): Promise<ShownScreen[]> {
  const { agency, template, byHand, empty } = story
  const { id } = await agency.capture(template.id, { name: called })
  await agency.push(id, [empty.id])
  const workflows = (await readAll(story, template.id)).filter(({ kind }) => kind === 'workflows')
  const [first, second] = workflows.map(({ name }) => name)
  assert.ok(first && second)
  await describe(story, template, first, 'Answers whoever asked, on the same day')
  await describe(story, empty, first, 'Answers whoever asked, but not at weekends')
  await agency.refresh(id)
  const { id: pushId } = await agency.push(id, [byHand.id, empty.id])
  await describe(story, template, second, 'Thanks for the booking, and says what comes next')
  await describe(story, empty, second, 'Thanks for the booking by telephone')
  await agency.refresh(id)
  // Where it was born an asset is called by its id everywhere.
  const changed = `workflows/${workflows[1]?.id}`
  await agency.post('/share/link', { snapshot_id: id, share_type: 'permanent_link' }, 201)
  const idOf = async (kind: string) => (await readAll(story, template.id)).find((one) => one.kind === kind)?.id
  const assets = `/locations/${template.id}/assets`
  const records = `/locations/${template.id}/records`
  const contact = (await template.client.get(`/contacts/?locationId=${template.id}&limit=1`)).body.contacts[0]
  const pipeline = await idOf('pipelines')
  const connection = await makeConnection(template.client, { name: called })
  const fed = await send(connection.address, { id: 'c-1', first_name: called, email: 'no mail' })
  assert.ok(fed.ok, String(fed.status))
  const connected = `/connections/${connection.id}?location=${template.id}`
  const webhook = await makeWebhook(template.client, { name: called, url: 'https://hooks.example.com/in' })
  const page = `/webhooks/${webhook.id}?location=${template.id}`
  const tried = await template.client.post(`/webhooks/${webhook.id}/test`)
  assert.equal(tried.status, 202, JSON.stringify(tried.body))
  return [
    { name: 'fleet', path: '' },
    { name: 'snapshots', path: '/snapshots' },
    { name: 'snapshot', path: `/snapshots/${id}` },
    { name: 'versions', path: `/snapshots/${id}?tab=versions` },
    { name: 'standing', path: `/snapshots/${id}?tab=standing` },
    { name: 'conflicts', path: `/snapshots/${id}?tab=conflicts` },
    { name: 'compare', path: `/compare?snapshot=${id}&from=1&to=3&asset=${changed}` },
    { name: 'compare-picture', path: `/compare?snapshot=${id}&from=1&to=3&view=picture&asset=${changed}` },
    { name: 'compare-places', path: `/compare?locations=${template.id},${byHand.id}` },
    { name: 'plan', path: `/push?snapshot=${id}&to=${[byHand.id, empty.id].join()}` },
    { name: 'pushes', path: '/pushes' },
    { name: 'push', path: `/pushes/${pushId}` },
    { name: 'roll-back', path: `/pushes/${pushId}/rollback` },
    { name: 'drift', path: `/drift?snapshot=${id}` },
    { name: 'shares', path: '/shares' },
    { name: 'sub-accounts', path: '/locations' },
    { name: 'sub-account', path: `/locations/${template.id}` },
    { name: 'workflow', path: `${assets}/workflows/${await idOf('workflows')}?view=graph` },
    { name: 'pipeline', path: `${assets}/pipelines/${pipeline}` },
    { name: 'calendar', path: `${assets}/calendars/${await idOf('calendars')}` },
    { name: 'form', path: `${assets}/forms/${await idOf('forms')}` },
    { name: 'history', path: `${assets}/workflows/${await idOf('workflows')}?view=history` },
    { name: 'usage', path: `${assets}/pipelines/${pipeline}?view=usage` },
    { name: 'contacts', path: records },
    ...(contact === undefined ? [] : [{ name: 'contact', path: `${records}/contacts/${contact.id}` }]),
    { name: 'opportunities', path: `${records}?kind=opportunities&pipeline=${pipeline}` },
    { name: 'appointments', path: `${records}?kind=appointments` },
    { name: 'conversations', path: `${records}?kind=conversations` },
    { name: 'invoices', path: `${records}?kind=invoices` },
    ...(contact === undefined ? [] : [{ name: 'contact-form', path: `${records}/contacts/${contact.id}/edit` }]),
    { name: 'businesses', path: `${records}?kind=businesses` },
    { name: 'journal', path: '/journal' },
    { name: 'journal-listeners', path: '/journal/listeners' },
    { name: 'connections', path: '/connections' },
    { name: 'connection', path: connected },
    { name: 'connection-form', path: `/connections?location=${template.id}&make=true` },
    { name: 'connection-source', path: `${connected}&tab=source` },
    { name: 'connection-versions', path: `${connected}&tab=versions` },
    { name: 'connection-runs', path: `${connected}&tab=runs` },
    { name: 'connection-failed', path: `${connected}&tab=failed` },
    { name: 'webhooks', path: '/webhooks' },
    { name: 'webhook', path: page },
    { name: 'delivery', path: `${page}&delivery=${tried.body.delivery.id}` },
    { name: 'webhook-form', path: '/webhooks?make=true' },
    { name: 'catalogue', path: '/catalogue' },
    { name: 'catalogue-entry', path: '/catalogue/create_contact' },
    ...['account', 'people', 'tokens', 'apps', 'ai-clients', 'limits', 'log'].map((part) => ({
      name: `settings-${part}`,
      path: `/settings/${part}`,
    })),
  ]
}

async function describe(story: Story, { id, client }: Actor, name: string, description: string): Promise<void> {
  const workflow = await named(story, { id, client }, 'workflows', name)
  const reply = await client.put(`/workflows/${workflow.id}`, { description })
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
}
