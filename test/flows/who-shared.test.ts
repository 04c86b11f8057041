import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const publish = async (share_type = 'permanent_link') => {
  const { agency, template } = story
  const snapshot = await agency.capture(template.id, { kinds: ['tags'] })
  const { id, shareLink } = await agency.post('/share/link', { snapshot_id: snapshot.id, share_type }, 201)
  return { snapshot, id: id as string, page: (shareLink as string).replace(/^https?:\/\/[^/]+/, story.server.url) }
}
const names = async () => {
  const { rows } = await sql<{ id: string; name: string }>`select id, name from agency`.execute(
    story.server.app.platform.db,
  )
  const nameOf = (id: string) => rows.find((row) => row.id === id)!.name
  return { publisher: nameOf(story.agency.companyId), partner: nameOf(story.partner.companyId) }
}

test('imports, the share page and the list of shares say whose a snapshot is and who used it', async () => {
  const { agency, partner } = story
  const { publisher, partner: importer } = await names()
  for (const type of ['permanent_link', 'link']) {
    const share = await publish(type)
    const text = await (await fetch(share.page)).text()
    assert.ok(text.includes(publisher), text.slice(0, 2000))
    assert.ok(!text.includes('Somebody'))
    const { snapshot } = await partner.post('/import', { share: share.id }, 201)
    assert.equal(snapshot.publisherName, publisher)
    assert.equal((await partner.get(`/${snapshot.id}`)).snapshot.publisherName, publisher)
    const { snapshots } = await partner.get('/')
    assert.equal(snapshots.find((row: { id: string }) => row.id === snapshot.id).publisherName, publisher)
    const { shares } = await agency.get(`/shares?snapshotId=${share.snapshot.id}`)
    assert.deepEqual(
      shares[0].usedBy.map((use: { companyName: string }) => use.companyName),
      [importer],
    )
    assert.ok(Date.parse(shares[0].usedBy[0].at) > 0)
  }
  const own = await agency.capture(story.template.id, { kinds: ['tags'] })
  assert.ok(!('publisherName' in (await agency.get(`/${own.id}`)).snapshot))
})

test('a share that is imported twice answers the snapshot that is there', async () => {
  const { partner } = story
  const share = await publish()
  const first = await partner.post('/import', { share: share.id }, 201)
  assert.ok(!('message' in first))
  const before = (await partner.get('/')).snapshots.length
  const again = await partner.post('/import', { share: share.page }, 200)
  assert.deepEqual(again.snapshot, first.snapshot)
  assert.match(again.message, /already imported as "Snapshot"/)
  assert.equal((await partner.get('/')).snapshots.length, before)
  // Once it is deleted here it can be imported anew.
  await partner.client.delete(partner.path(`/${first.snapshot.id}`))
  const fresh = await partner.post('/import', { share: share.id }, 201)
  assert.notEqual(fresh.snapshot.id, first.snapshot.id)

  const once = await publish('link')
  const used = await partner.post('/import', { share: once.id }, 201)
  const refused = await partner.post('/import', { share: once.id }, 403)
  assert.match(refused.message, new RegExp(`already imported as "Snapshot" \\(${used.snapshot.id}\\)`))
})

test('an import whose publisher has deleted the snapshot says so when it is refreshed', async () => {
  const { agency, partner } = story
  const share = await publish()
  const { snapshot } = await partner.post('/import', { share: share.id }, 201)
  assert.equal((await agency.client.delete(agency.path(`/${share.snapshot.id}`))).status, 200)
  const refused = await partner.post(`/${snapshot.id}/refresh`, {}, 404)
  assert.match(refused.message, /publisher has withdrawn/)
  const there = (await partner.get(`/${snapshot.id}`)).snapshot
  assert.equal(there.publisherName, (await names()).publisher, 'whose it was is remembered')
})

test('one wrong sub-account among many is named', async () => {
  const { agency, demo } = story
  const mine = await newLocation(story, 'Mine')
  const snapshot = await agency.capture(mine.id)
  const foreign = demo.partner.locations[0]!.id
  for (const wrong of [foreign, 'nobodys']) {
    const refused = await agency.post(`/${snapshot.id}/push`, { locationIds: [mine.id, wrong] }, 403)
    assert.ok(refused.message.includes(wrong), refused.message)
    assert.ok(!refused.message.includes(mine.id), refused.message)
    const planned = await agency.post(`/${snapshot.id}/plan`, { locationIds: [mine.id, wrong] }, 403)
    assert.ok(planned.message.includes(wrong))
  }
  const single = await agency.post(`/${snapshot.id}/push`, { locationIds: [foreign] }, 403)
  assert.equal(single.message, 'The token does not have access to this location.')
})

test('a capture of no kinds is refused', async () => {
  const { agency, template } = story
  const capture = (more: object, status: number) =>
    agency.post('/', { name: 'Snapshot', locationId: template.id, ...more }, status)
  assert.deepEqual((await capture({ kinds: [] }, 422)).message, ['kinds should not be empty'])
  await capture({ assets: [] }, 422)
  await capture({ kinds: [], assets: [] }, 422)
  const tag = (await template.client.get(`/locations/${template.id}/tags`)).body.tags[0]
  const { snapshot } = await capture({ kinds: [], assets: [{ kind: 'tags', id: tag.id }] }, 201)
  assert.deepEqual(snapshot.assets, { tags: 1 })
})

test('a file can be imported as it is and as a form; sent line by line it is told how', async () => {
  const { agency, template } = story
  const snapshot = await agency.capture(template.id, { kinds: ['tags'] })
  const headers = { version: '2021-07-28' }
  const file = (await agency.client.raw('GET', agency.path(`/${snapshot.id}/export`), { headers })).body as string
  const form = new FormData()
  form.set('note', 'ours')
  form.set('file', new File([file], 'snapshot.ndjson', { type: 'application/x-ndjson' }))
  const encoded = new Response(form)
  const body = await encoded.text()
  const send = (type: string, text: string) =>
    agency.client.raw('POST', agency.path('/import-file'), {
      headers: { ...headers, 'content-type': type },
      body: text,
    })
  for (const [type, text] of [
    ['application/octet-stream', file],
    ['application/json', file],
    ['application/x-www-form-urlencoded', file],
    [encoded.headers.get('content-type') as string, body],
  ] as const) {
    const reply = await send(type, text)
    assert.equal(reply.status, 201, `${type}: ${JSON.stringify(reply.body)}`)
    assert.equal(reply.body.snapshot.root, snapshot.root)
  }
  for (const type of ['application/x-www-form-urlencoded', 'application/json']) {
    const reply = await send(type, file.replaceAll('\n', ''))
    assert.equal(reply.status, 400)
    assert.match(reply.body.message, /Send the file as it is: --data-binary @FILE/)
  }
  assert.match(
    [(await send('multipart/form-data; boundary=x', '--x--')).body.message].flat().join(),
    /--data-binary @FILE/,
  )
})
