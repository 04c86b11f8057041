import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { countRows, readAll, readRows, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

test('capturing twice without a change gives the same root and stores no new blob', async () => {
  const { agency, template } = story
  const first = await agency.capture(template.id)
  const blobs = await countRows(story, 'blob')
  const second = await agency.capture(template.id)
  assert.equal(second.root, first.root)
  assert.equal(await countRows(story, 'blob'), blobs)
  const entries = await countRows(story, 'snapshot_entry')
  const refreshed = await agency.refresh(first.id, 200)
  assert.deepEqual([refreshed.version, refreshed.root], [1, first.root])
  assert.equal(await countRows(story, 'snapshot_entry'), entries)
})

test('capturing one workflow brings its closure, marked as dependencies', async () => {
  const { agency, template } = story
  const workflow = (await readAll(story, template.id)).find(
    (asset) => asset.kind === 'workflows' && JSON.stringify(asset.document).includes('templateId'),
  )
  assert.ok(workflow)
  const snapshot = await agency.capture(template.id, { assets: [{ kind: 'workflows', id: workflow.id }] })
  const { assets } = await agency.get(`/${snapshot.id}/assets?limit=1000`)
  const chosen = assets.filter((asset: { dependency: boolean }) => !asset.dependency)
  assert.deepEqual(
    chosen.map((asset: { kind: string; lineage: string }) => [asset.kind, asset.lineage]),
    [['workflows', workflow.id]],
  )
  assert.ok(assets.length > 3)
  const names = new Set(assets.map((asset: { kind: string; lineage: string }) => `${asset.kind}:${asset.lineage}`))
  const plan = await agency.plan(snapshot.id, [story.empty.id])
  assert.deepEqual(plan.brokenReferences, [], 'nothing in the closure refers out of it')
  assert.equal(names.size, assets.length)
})

test('a push into an empty location creates every asset, and every reference there is an id of that location', async () => {
  const { agency, template, empty } = story
  const snapshot = await agency.capture(template.id)
  const source = await readAll(story, template.id)
  const push = await agency.push(snapshot.id, [empty.id])
  assert.equal(push.status, 'completed')
  assert.deepEqual(push.totals, { created: source.length })
  const target = await readAll(story, empty.id)
  assert.deepEqual(
    target.map((asset) => [asset.kind, asset.name]).sort(),
    source.map((asset) => [asset.kind, asset.name]).sort(),
  )
  const sourceIds = [template.id, ...source.flatMap((asset) => [asset.id, ...idsIn(asset.document)])]
  const text = JSON.stringify(target)
  for (const id of sourceIds) assert.ok(!text.includes(id), `${id} of the source stands in the target`)
  assert.ok(!text.includes('missing:'), 'no reference is broken')
  const ids = new Set(target.map((asset) => asset.id))
  let references = 0
  for (const asset of target) {
    const resource = story.server.app.platform.resources.get(asset.kind)
    for (const path of Object.keys(resource?.refs ?? {})) {
      for (const id of valuesAt(asset.document, path)) {
        assert.ok(ids.has(id), `${asset.kind} ${asset.name} ${path}: ${id} is not there`)
        references++
      }
    }
  }
  assert.ok(references > 20, `${references} references were checked`)
  const { brokenReferences } = (await empty.client.get(`/locations/${empty.id}/broken-references`)).body
  assert.deepEqual(brokenReferences, [])
})

test('pushing again changes nothing: every outcome is unchanged and no row is written', async () => {
  const { agency, template, empty } = story
  const snapshot = await agency.capture(template.id)
  await agency.push(snapshot.id, [empty.id])
  const [rows, changes] = [await readRows(story, empty.id), await countRows(story, 'change')]
  for (const mode of ['as a difference', 'in full']) {
    const again = mode === 'in full' ? (await agency.capture(template.id)).id : snapshot.id
    const push = await agency.push(again, [empty.id])
    assert.deepEqual(push.totals, { unchanged: rows.length }, mode)
    const { assets } = await agency.outcomes(push.id, empty.id)
    assert.equal(assets.length, rows.length)
    assert.ok(assets.every((asset: { outcome: string }) => asset.outcome === 'unchanged'))
  }
  assert.deepEqual(await readRows(story, empty.id), rows)
  assert.equal(await countRows(story, 'change'), changes)
})

/** Ids of parts inside a document. */
function idsIn(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return []
  const own = Array.isArray(value) ? undefined : (value as { id?: unknown }).id
  return [...(typeof own === 'string' ? [own] : []), ...Object.values(value).flatMap(idsIn)]
}

/** Values at a path such as `fields[].customFieldId`. */
function valuesAt(value: unknown, path: string): string[] {
  const [head, ...rest] = path.split('.')
  const [name, ...brackets] = (head as string).split('[]')
  let values: unknown[] = [(value as Record<string, unknown> | null)?.[name as string]]
  for (const _ of brackets) values = values.flat(1)
  values = values.filter((found) => found !== undefined && found !== null)
  if (rest.length === 0) return values.filter((found): found is string => typeof found === 'string' && found !== '')
  return values.flatMap((found) => valuesAt(found, rest.join('.')))
}
