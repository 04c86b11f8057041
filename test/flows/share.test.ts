import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
let snapshot: { id: string; root: string }
before(async () => {
  story = await startStory()
  snapshot = await story.agency.capture(story.template.id)
})
after(() => story?.[Symbol.asyncDispose]())

const share = async (share_type: string, more: object = {}) => {
  const { id, shareLink } = await story.agency.post(
    '/share/link',
    { snapshot_id: snapshot.id, share_type, ...more },
    201,
  )
  assert.equal(new URL(shareLink).searchParams.get('share'), id)
  return { id: id as string, shareLink: shareLink as string }
}
const importAs = (who: 'agency' | 'partner', text: string, status: number) =>
  story[who].post('/import', { share: text }, status)
const page = (link: string) =>
  fetch(link.replace(/^https?:\/\/[^/]+/, story.server.url)).then(async (reply) => ({
    status: reply.status,
    text: await reply.text(),
  }))

test('a link works once; its page says what the snapshot holds, then that it is used', async () => {
  const link = await share('link')
  const open = await page(link.shareLink)
  assert.equal(open.status, 200)
  assert.match(open.text, /Snapshot/)
  assert.match(open.text, /Workflows<small>.*<bdi>[^<]+<\/bdi>.*<\/small>/, 'by kind and by name')
  const { snapshot: imported } = await importAs('partner', link.shareLink, 201)
  assert.deepEqual([imported.type, imported.root, imported.sourceLocationId], ['imported', snapshot.root, null])
  await importAs('partner', link.shareLink, 403)
  const used = await page(link.shareLink)
  assert.equal(used.status, 403)
  assert.match(used.text, /used/)
})

test('a permanent link works always, until it is revoked', async () => {
  const link = await share('permanent_link')
  const first = await importAs('partner', link.id, 201)
  const again = await importAs('partner', link.shareLink, 200)
  assert.equal(again.snapshot.id, first.snapshot.id, 'once for each agency')
  const { shares } = await story.agency.get(`/shares?snapshotId=${snapshot.id}`)
  assert.equal(shares.find((row: { id: string }) => row.id === link.id).state, 'open')
  assert.equal(
    (await story.partner.client.delete(story.partner.path(`/shares/${link.id}`))).status,
    404,
    'only the publisher revokes',
  )
  assert.equal((await story.agency.client.delete(story.agency.path(`/shares/${link.id}`))).status, 200)
  await importAs('partner', link.id, 403)
  await story.partner.post(`/${first.snapshot.id}/refresh`, {}, 403)
  assert.equal((await page(link.shareLink)).status, 403)
  assert.equal((await page(`${story.server.url}/?share=unknown`)).status, 404)
  await story.partner.post(`/shares/${link.id}/reopen`, {}, 404)
  await story.agency.post(`/shares/${link.id}/reopen`)
  assert.equal((await page(link.shareLink)).status, 200, 'a revocation is taken back')
  await story.partner.post(`/${first.snapshot.id}/refresh`)
  await importAs('partner', 'unknown', 404)
})

test('an agency link is for the listed relationship numbers only', async () => {
  await story.agency.post('/share/link', { snapshot_id: snapshot.id, share_type: 'agency_link' }, 422)
  await story.agency.post(
    '/share/link',
    { snapshot_id: snapshot.id, share_type: 'agency_link', relationship_number: '12345' },
    422,
  )
  const foreign = await share('agency_link', { relationship_number: '0-128-926,1-208-926' })
  await importAs('partner', foreign.id, 403)
  const astray = await page(foreign.shareLink)
  assert.match(astray.text, /Workflows/)
  assert.doesNotMatch(astray.text, /<bdi>[^<]*<\/bdi>(,|<\/small>)/, 'names are for those who may import')
  const ours = await share('agency_link', {
    relationship_number: `0-128-926, ${story.demo.partner.relationshipNumber}`,
  })
  await importAs('partner', ours.id, 201)
  await importAs('partner', ours.id, 200)
})

test('a location link is for the listed sub-accounts only, and so is what was imported with it', async () => {
  const foreign = await share('location_link', { share_location_id: 'l1C08ntBrFjLS0elLIYU, U1C08ntBrFjLS0elKIYP' })
  await importAs('partner', foreign.id, 403)
  const [home] = story.demo.partner.locations
  const ours = await share('location_link', { share_location_id: `l1C08ntBrFjLS0elLIYU, ${home!.id}` })
  const { snapshot: imported } = await importAs('partner', ours.id, 201)
  const second = await story.partner.client.post('/locations/', { companyId: story.partner.companyId, name: 'Second' })
  await story.partner.post(`/${imported.id}/push`, { locationIds: [second.body.id] }, 403)
  await story.partner.post(`/${imported.id}/plan`, { locationIds: [second.body.id] }, 403)
  assert.equal(
    (await story.partner.push(imported.id, 'all')).targets.completed,
    1,
    '"all" means the sub-accounts it was shared with',
  )
  await story.partner.post('/share/link', { snapshot_id: imported.id, share_type: 'permanent_link' }, 403)
})

test('an imported snapshot can be pushed and brought up to date', async () => {
  const { agency, partner, template, server, demo } = story
  const link = await share('link')
  const { snapshot: imported } = await importAs('partner', link.id, 201)
  const [home] = demo.partner.locations
  const push = await partner.push(imported.id, [home!.id])
  assert.equal(push.status, 'completed')
  assert.equal((await partner.refresh(imported.id, 200)).version, 1)
  const form = (await readAll(story, template.id)).find((asset) => asset.kind === 'forms')!
  assert.equal((await template.client.put(`/forms/${form.id}`, { description: 'Second edition' })).status, 200)
  await agency.refresh(snapshot.id)
  const updated = await partner.refresh(imported.id)
  assert.equal(updated.version, 2)
  assert.equal((await partner.push(imported.id, [home!.id])).totals.updated, 1)
  const list = await server.client(home!.token).get(`/forms/?locationId=${home!.id}&limit=50`)
  const copy = list.body.forms.find((row: { name: string }) => row.name === form.name)
  assert.equal((await server.client(home!.token).get(`/forms/${copy.id}`)).body.form.description, 'Second edition')
})

test('export twice gives the same bytes; import-file on another installation gives the same root', async () => {
  const { agency } = story
  const fetchFile = async () =>
    (
      await agency.client.raw('GET', agency.path(`/${snapshot.id}/export?version=1`), {
        headers: { version: '2021-07-28' },
      })
    ).body as string
  const [first, second] = [await fetchFile(), await fetchFile()]
  assert.ok(first.length > 1000)
  assert.equal(first, second)
  await using other = await startStory({ work: false })
  const send = (body: string) =>
    other.agency.client.raw('POST', other.agency.path('/import-file'), {
      headers: { version: '2021-07-28', 'content-type': 'application/x-ndjson' },
      body,
    })
  const imported = await send(first)
  assert.equal(imported.status, 201, JSON.stringify(imported.body))
  assert.equal(imported.body.snapshot.root, snapshot.root)
  const back = await other.agency.client.raw('GET', other.agency.path(`/${imported.body.snapshot.id}/export`), {
    headers: { version: '2021-07-28' },
  })
  assert.equal(back.body, first)

  const altered = await send(first.replace('"Inquiry"', '"Enquiry"'))
  assert.equal(altered.status, 422)
  assert.match(altered.body.message[0], /altered/)
  assert.equal((await send(first.split('\n').slice(0, -2).join('\n'))).status, 422, 'a line is missing')
  assert.equal((await send('hello')).status, 400)
  assert.equal((await send('')).status, 422)
})

test('two versions are compared field by field, with references by name', async () => {
  const { agency, template } = story
  const fresh = await agency.capture(template.id)
  const assets = await readAll(story, template.id)
  const form = assets.find((asset) => asset.kind === 'forms')!
  const vip = assets.find((asset) => asset.kind === 'tags' && asset.name === 'vip')!
  await template.client.put(`/forms/${form.id}`, {
    onSubmit: { ...(form.document.onSubmit as object), tagIds: [vip.id] },
  })
  await template.client.post(`/locations/${template.id}/tags`, { name: 'brand new' })
  await agency.refresh(fresh.id)
  const { diff } = await agency.get(`/${fresh.id}/diff?from=1&to=2`)
  assert.deepEqual(
    diff.added.map((asset: { name: string }) => asset.name),
    ['brand new'],
  )
  assert.deepEqual(diff.removed, [])
  assert.equal(diff.changed[0].name, form.name)
  assert.deepEqual(diff.changed[0].fields[0].path, 'onSubmit.tagIds')
  assert.deepEqual(diff.changed[0].fields[0].after, ['[tags: vip]'])
  const { versions } = await agency.get(`/${fresh.id}/versions`)
  assert.deepEqual(
    versions.map((row: { version: number }) => row.version),
    [2, 1],
  )
})
