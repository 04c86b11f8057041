import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { inTransaction } from '../../src/db/transaction.ts'
import type { Conflict } from '../../src/snapshots/conflicts.ts'
import { getPush } from '../../src/snapshots/push.ts'
import { assetMarker } from '../../src/store/markers.ts'
import { closeConflict, openConflicts } from '../support/open-conflicts.ts'
import { type Actor, newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
let snapshotId: string
let pushId: string
let tags: { id: string; name: string }[]
const targets: Actor[] = []

before(async () => {
  story = await startStory()
  const { agency } = story
  const source = await newLocation(story, 'Source')
  for (const name of ['gold', 'silver']) await source.client.post(`/locations/${source.id}/tags`, { name })
  tags = (await readAll(story, source.id)).filter((asset) => asset.kind === 'tags')
  snapshotId = (await agency.capture(source.id)).id
  for (const name of ['One', 'Two']) targets.push(await newLocation(story, name))
  pushId = (await agency.push(snapshotId, targetIds())).id
})
after(() => story?.[Symbol.asyncDispose]())

const targetIds = () => targets.map((target) => target.id)
const inStore = <T>(work: Parameters<typeof inTransaction<T>>[1]) => inTransaction(story.server.app.platform.db, work)
const keyOf = (target: Actor, tag: { id: string }) => ({ locationId: target.id, kind: 'tags', lineage: tag.id })

function conflictOf(target: Actor, tag: { id: string; name: string }, more: Partial<Conflict> = {}): Conflict {
  const fields = [
    { path: 'name', base: tag.name, target: 'theirs', source: `ours, see ${assetMarker('tags', tag.id)}` },
  ]
  return {
    ...keyOf(target, tag),
    snapshotId,
    version: 1,
    pushId,
    name: tag.name,
    reason: null,
    fields,
    candidates: null,
    ...more,
  }
}

const nowMs = () => story.server.app.platform.clock.nowMs()
const list = async (query = '') => story.agency.get(`/${snapshotId}/conflicts${query}`)

test('conflicts stay listed until they are settled, across pushes, with names', async () => {
  const open = targets.flatMap((target) => tags.map((tag) => conflictOf(target, tag)))
  await inStore((tx) => openConflicts(tx, open, nowMs()))
  await inStore((tx) => openConflicts(tx, [conflictOf(targets[0]!, tags[0]!, { reason: 'once more' })], nowMs()))
  const { conflicts, after } = await list()
  assert.equal(after, null)
  assert.equal(conflicts.length, 4, 'one for each asset and sub-account')
  const first = conflicts.find((one: { reason: string | null }) => one.reason !== null)
  assert.deepEqual(
    [first.locationName, first.name, first.reason, first.pushId],
    ['One', tags[0]!.name, 'once more', pushId],
  )
  assert.equal(first.fields[0].source, `ours, see [tags: ${tags[0]!.name}]`)

  const seen: string[] = []
  let next: string | null = ''
  while (next !== null) {
    const page: { conflicts: { locationId: string; lineage: string }[]; after: string | null } = await list(
      `?limit=1${next === '' ? '' : `&after=${next}`}`,
    )
    seen.push(...page.conflicts.map((one) => `${one.locationId}/${one.lineage}`))
    next = page.after
  }
  assert.deepEqual(
    seen,
    conflicts.map((one: { locationId: string; lineage: string }) => `${one.locationId}/${one.lineage}`),
  )
  assert.equal((await list(`?locationId=${targets[1]!.id}`)).conflicts.length, 2)
  assert.equal((await list('?kind=forms')).conflicts.length, 0)

  await inStore((tx) => closeConflict(tx, { ...keyOf(targets[1]!, tags[1]!), snapshotId }))
  assert.equal((await list()).conflicts.length, 3)
})

test('settling starts a push of that version to those assets of those sub-accounts alone, with the sides that were taken', async () => {
  const { agency, server } = story
  const decisions = [
    { ...keyOf(targets[0]!, tags[0]!), path: 'name', take: 'source' },
    { ...keyOf(targets[1]!, tags[0]!), take: 'target' },
  ]
  const { push } = await agency.post(`/${snapshotId}/conflicts`, { decisions }, 202)
  assert.equal(push.version, 1)
  await agency.ended(push.id)
  const { options } = await getPush(server.app.platform.db, agency.companyId, push.id)
  assert.deepEqual(options.only, [{ kind: 'tags', lineage: tags[0]!.id }])
  assert.deepEqual(options.takes, decisions)
  const told = await agency.get(`/pushes/${push.id}/targets`)
  assert.deepEqual(
    told.targets.map((target: { locationId: string }) => target.locationId),
    targetIds().sort(),
  )
  const standing = (await agency.get(`/${snapshotId}/standing`)).locations
  assert.ok(
    standing.every((one: { pushId: string }) => one.pushId === pushId),
    'a push of single assets brings nobody to a version',
  )
})

test('a decision about what is not open is refused, with its path', async () => {
  const { agency } = story
  const decide = async (...decisions: object[]) =>
    (await agency.post(`/${snapshotId}/conflicts`, { decisions }, 422)).message
  const open = { ...keyOf(targets[0]!, tags[1]!), take: 'source' }
  const closed = { ...keyOf(targets[1]!, tags[1]!), take: 'source' }
  assert.deepEqual(await decide(open, closed), [
    `decisions[1]: no conflict of tags/${tags[1]!.id} is open in ${targets[1]!.id}`,
  ])
  assert.deepEqual(await decide({ ...open, path: 'colour' }), ['decisions[0].path: colour is not in conflict'])
  assert.deepEqual(await decide(open, { ...open, take: 'target' }), ['decisions[1]: decisions[0] decides the same'])
  const { partner } = story
  const { id } = await newLocation({ ...story, agency: partner }, 'Theirs')
  const theirs = { ...open, locationId: id }
  await partner.post(`/${snapshotId}/conflicts`, { decisions: [theirs] }, 404)
  await partner.post(`/${snapshotId}/conflicts`, { decisions: [open] }, 403)
  await agency.post(`/${snapshotId}/conflicts`, { decisions: [open, theirs] }, 403)
  const match = { locationId: id, kind: 'tags', lineage: tags[1]!.id, id: null }
  await agency.post(`/${snapshotId}/plan`, { locationIds: targetIds(), matches: [match] }, 403)
  await inStore((tx) => openConflicts(tx, [conflictOf(targets[1]!, tags[1]!, { version: 2 })], nowMs()))
  assert.match((await decide(open, closed))[0], /^decisions\[1\]: a conflict with version 2, .* settle them apart$/)
})

test('conflicts end with their snapshot', async () => {
  const { agency } = story
  const other = await agency.capture(targets[0]!.id)
  await inStore((tx) => openConflicts(tx, [conflictOf(targets[1]!, tags[0]!, { snapshotId: other.id })], nowMs()))
  assert.equal((await agency.client.delete(agency.path(`/${other.id}`))).status, 200)
  assert.equal((await agency.client.get(agency.path(`/${other.id}/conflicts`))).status, 404)
  const { rows } = await sql`select 1 from conflict where snapshot_id = ${other.id}`.execute(
    story.server.app.platform.db,
  )
  assert.deepEqual(rows, [])
})
