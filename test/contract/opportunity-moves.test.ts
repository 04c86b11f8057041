import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { query } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { listChanges } from '../../src/store/changes/index.ts'
import { deltaOf } from '../../src/store/records/delta.ts'
import {
  hasId,
  listRecords,
  type Move,
  moveOpportunities,
  type RecordDocument,
  revertMoves,
  termsOf,
  updateRecords,
} from '../../src/store/records/index.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { fillRecords, NOW, resource } from '../support/standing-records.ts'
import { createAgency, type TestAgency } from '../support/tenants.ts'

let server: TestServer
let agency: TestAgency
let places: string[]

before(async () => {
  server = await startTestServer({ work: false })
  agency = await createAgency(server.app, { locations: 4 })
  places = agency.locations.map(({ id }) => id)
  for (const locationId of places) await fillRecords(db(), locationId)
})
after(() => server?.[Symbol.asyncDispose]())

const db = () => server.app.platform.db

interface Deal {
  id: string
  document: RecordDocument
  terms: string[]
}
async function deals(locationId: string): Promise<Deal[]> {
  const terms = await query(
    db(),
    sql<{
      id: string
      terms: string[]
    }>`select id, tsvector_to_array(terms) as terms from record where location_id = ${locationId}
        and kind = 'opportunities'`,
  )
  const byId = new Map(terms.map((row) => [row.id, row.terms]))
  return (await listRecords(db(), { kind: 'opportunities', noun: '' }, locationId)).map(({ id, document }) => ({
    id,
    document,
    terms: byId.get(id) ?? [],
  }))
}

test('moves happen at once, with terms and history; a roll-back takes back what nobody has moved since', async () => {
  const moves: Move[] = places.slice(0, 3).flatMap((locationId) => [
    { locationId, pipelineId: 'pipeOne', fromStageId: 'stage1', toStageId: 'stage2' },
    { locationId, pipelineId: 'pipeOne', fromStageId: 'stage2', toStageId: 'stage1' },
    { locationId, pipelineId: 'pipeOne', fromStageId: 'stage3', toStageId: 'stageNew' },
    { locationId, pipelineId: 'pipeOne', fromStageId: 'stageX', toStageId: 'stage3' },
    { locationId, pipelineId: 'pipeTwo', fromStageId: 'stage3', toStageId: 'stage1', toPipelineId: 'pipeOne' },
  ])
  const before = new Map<string, Deal[]>()
  for (const locationId of places) before.set(locationId, await deals(locationId))
  const push = { actor: 'push:p1', cause: 'p1', atMs: NOW }
  const counts = await inTransaction(db(), (tx) => moveOpportunities(tx, push, moves))
  const movedIds = new Map<string, string[]>()
  for (const locationId of places) {
    const now = new Map((await deals(locationId)).map((deal) => [deal.id, deal]))
    for (const { id, document } of before.get(locationId) ?? []) {
      const move = moves.find(
        (one) =>
          one.locationId === locationId &&
          one.pipelineId === document.pipelineId &&
          one.fromStageId === document.pipelineStageId,
      )
      const place = move && {
        pipelineId: move.toPipelineId ?? move.pipelineId,
        pipelineStageId: move.toStageId,
        lastStageChangeAt: new Date(NOW).toISOString(),
      }
      const expected = { ...document, ...place }
      const deal = now.get(id) as Deal
      assert.deepEqual(deal.document, expected)
      assert.deepEqual(deal.terms.toSorted(), termsOf(resource('opportunities'), locationId, expected).toSorted())
      const log = await listChanges(db(), { locationId, kind: 'opportunities', entityId: id, limit: 5 })
      assert.equal(log.length, move === undefined ? 1 : 2)
      if (move === undefined) continue
      assert.deepEqual(
        [log[0]?.op, log[0]?.actor, log[0]?.cause, log[0]?.delta],
        ['update', 'push:p1', 'p1', deltaOf(document, expected)],
      )
      movedIds.set(locationId, [...(movedIds.get(locationId) ?? []), id])
    }
  }
  for (const [index, { locationId, pipelineId, fromStageId, count }] of counts.entries()) {
    const move = moves[index] as Move
    assert.deepEqual([locationId, pipelineId, fromStageId], [move.locationId, move.pipelineId, move.fromStageId])
    const stood = before
      .get(locationId)
      ?.filter(({ document }) => document.pipelineId === pipelineId && document.pipelineStageId === fromStageId)
    assert.equal(count, stood?.length)
  }
  assert.ok(counts.every(({ count }) => count > 0) && !movedIds.has(places[3] as string))

  // One is moved on by hand, one away and back again, one is renamed.
  const locationId = places[0] as string
  const [on, again, renamed] = movedIds.get(locationId) as [string, string, string]
  const touch = (id: string, more: RecordDocument) =>
    inTransaction(db(), (tx) =>
      updateRecords(
        { tx, locationId, author: { actor: 'test', cause: null, atMs: NOW + 1000 } },
        resource('opportunities'),
        hasId([id]),
        ({ document }) => ({
          ...document,
          ...more,
        }),
      ),
    )
  const byHand = new Date(NOW + 1000).toISOString()
  await touch(on, { pipelineStageId: 'elsewhere', lastStageChangeAt: byHand })
  await touch(again, { lastStageChangeAt: byHand })
  await touch(renamed, { name: 'Another name' })
  const revert = { cause: 'p1', since: new Date(NOW), locationIds: places.slice(0, 2) }
  const author = { actor: 'push:p2', cause: 'p2', atMs: NOW + 2000 }
  const reverted = await inTransaction(db(), (tx) => revertMoves(tx, author, revert))
  assert.deepEqual(reverted, [
    { locationId: places[0], count: movedIds.get(places[0] as string)!.length - 2 },
    { locationId: places[1], count: movedIds.get(places[1] as string)!.length },
  ])
  for (const place of places.slice(0, 2)) {
    const now = new Map((await deals(place)).map((deal) => [deal.id, deal]))
    for (const { id, document } of before.get(place) ?? []) {
      if (id === on || id === again) continue
      const { document: found, terms } = now.get(id) as Deal
      assert.deepEqual(found, id === renamed ? { ...document, name: 'Another name' } : document)
      assert.deepEqual(terms.toSorted(), termsOf(resource('opportunities'), place, found).toSorted())
    }
  }
  assert.equal((await deals(locationId)).find(({ id }) => id === on)?.document.pipelineStageId, 'elsewhere')
  assert.deepEqual(
    (await inTransaction(db(), (tx) => revertMoves(tx, author, revert))).map(({ count }) => count),
    [0, 0],
  )
  // A roll-back can be rolled back.
  const undone = await inTransaction(db(), (tx) =>
    revertMoves(tx, { ...author, cause: 'p3', atMs: NOW + 3000 }, { ...revert, cause: 'p2' }),
  )
  assert.deepEqual(undone, reverted)
})
