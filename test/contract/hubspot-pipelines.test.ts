import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from '@hubspot/api-client'
import { hubspotClient, refusalOf } from '../support/hubspot.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let location: TestLocation
let hubspot: Client

before(async () => {
  server = await startTestServer()
  ;[location] = (await createAgency(server.app)).locations as [TestLocation]
  hubspot = hubspotClient(server.url, location.token)
})
after(() => server?.[Symbol.asyncDispose]())

const stage = (label: string, displayOrder: number, metadata: Record<string, string> = {}) => ({
  label,
  displayOrder,
  metadata,
})
const newPipeline = (label: string) =>
  hubspot.crm.pipelines.pipelinesApi.create('deals', {
    label,
    displayOrder: 4,
    stages: [stage('Won', 9, { probability: '1.0' }), stage('Asked', 1, { probability: '0.2' }), stage('Talked', 5)],
  })

test('a pipeline of deals is a pipeline of opportunities, and the other way round', async () => {
  const made = await newPipeline('Weddings')
  assert.deepEqual(
    made.stages.map(({ label, displayOrder, metadata }) => [
      label,
      displayOrder,
      metadata?.probability,
      metadata?.isClosed,
    ]),
    [
      ['Asked', 1, '0.2', 'false'],
      ['Talked', 5, '0.5', 'false'],
      ['Won', 9, '1.0', 'true'],
    ],
  )
  assert.equal(made.displayOrder, 4)
  const theirs = server.client(location.token)
  const { body } = await theirs.get(`/opportunities/pipelines?locationId=${location.id}`)
  const seen = body.pipelines.find(({ id }: { id: string }) => id === made.id)
  assert.equal(seen.name, 'Weddings')
  assert.equal('displayOrder' in seen, false, 'the other wire has no such word')
  assert.deepEqual(
    seen.stages.map(({ id, name, stageWinProbability }: Record<string, unknown>) => [id, name, stageWinProbability]),
    made.stages.map(({ id, label, metadata }) => [id, label, Number(metadata?.probability) * 100]),
  )
  const other = await theirs.post('/opportunities/pipelines/', {
    locationId: location.id,
    name: 'Made there',
    stages: [{ name: 'Only', probability: 0 }],
  })
  const read = await hubspot.crm.pipelines.pipelinesApi.getById('0-3', other.body.pipeline.id)
  assert.deepEqual([read.label, read.stages[0]?.metadata], ['Made there', { probability: '0.0', isClosed: 'true' }])
  const renamed = await theirs.put(`/opportunities/pipelines/${made.id}`, { name: 'Weddings there' })
  assert.equal(renamed.status, 200)
  assert.equal((await hubspot.crm.pipelines.pipelinesApi.getById('deals', made.id)).displayOrder, 4)
})

test('a pipeline is changed in part and as a whole, and stages keep their ids', async () => {
  const { pipelinesApi } = hubspot.crm.pipelines
  const made = await newPipeline('Changing')
  const patched = await pipelinesApi.update('Deal', made.id, { label: 'Changed' })
  assert.deepEqual([patched.label, patched.displayOrder, patched.stages.length], ['Changed', 4, 3])
  assert.ok(patched.updatedAt > made.updatedAt)
  const replaced = await pipelinesApi.replace('deals', made.id, {
    label: 'Whole',
    displayOrder: 0,
    stages: [stage('New one', 0), stage('Asked', 1)],
  })
  const asked = made.stages.find(({ label }) => label === 'Asked')
  assert.deepEqual(
    replaced.stages.map(({ label, id }) => [label, id === asked?.id]),
    [
      ['New one', false],
      ['Asked', true],
    ],
  )
  await pipelinesApi.archive('deals', made.id)
  assert.equal((await refusalOf(pipelinesApi.getById('deals', made.id))).code, 404)
  assert.equal((await refusalOf(pipelinesApi.archive('deals', made.id))).code, 404)
})

test('stages come, change and go', async () => {
  const { pipelineStagesApi, pipelinesApi } = hubspot.crm.pipelines
  const { id } = await newPipeline('Staged')
  const last = await pipelineStagesApi.create('deals', id, stage('At the end', -1, { probability: '0' }))
  const first = await pipelineStagesApi.create('deals', id, stage('At the front', 0))
  const labels = async () => (await pipelineStagesApi.getAll('deals', id)).results.map(({ label }) => label)
  assert.deepEqual(await labels(), ['At the front', 'Asked', 'Talked', 'Won', 'At the end'])
  const moved = await pipelineStagesApi.update('deals', id, first.id, { displayOrder: 7, metadata: {} })
  assert.deepEqual([moved.id, moved.label], [first.id, 'At the front'])
  assert.deepEqual(await labels(), ['Asked', 'Talked', 'At the front', 'Won', 'At the end'])
  const whole = await pipelineStagesApi.replace('deals', id, last.id, stage('Lost', 20, { probability: '0.0' }))
  assert.deepEqual([whole.id, whole.label, whole.metadata?.isClosed], [last.id, 'Lost', 'true'])
  await pipelineStagesApi.archive('deals', id, first.id)
  assert.equal((await refusalOf(pipelineStagesApi.getById('deals', id, first.id))).code, 404)
  assert.deepEqual(
    (await pipelinesApi.getById('deals', id)).stages.map(({ label }) => label),
    ['Asked', 'Talked', 'Won', 'Lost'],
  )
  for (const probability of ['much', '1.2', '-0.1']) {
    const { code, body } = await refusalOf(pipelineStagesApi.create('deals', id, stage('Bad', 1, { probability })))
    assert.deepEqual([code, body.category], [400, 'VALIDATION_ERROR'], probability)
  }
  assert.equal((await labels()).length, 4, 'nothing of a refusal is written')
})

test('what deals stand in is kept from deletion when that is asked for', async () => {
  const { pipelinesApi } = hubspot.crm.pipelines
  const made = await newPipeline('In use')
  const theirs = server.client(location.token)
  const contact = await theirs.post('/contacts/', { locationId: location.id, firstName: 'Rosan' })
  const [asked, talked] = made.stages
  const deal = await theirs.post('/opportunities/', {
    locationId: location.id,
    name: 'One',
    pipelineId: made.id,
    pipelineStageId: asked?.id,
    status: 'open',
    contactId: contact.body.contact.id,
  })
  assert.equal(deal.status, 201, JSON.stringify(deal.body))
  const { code, body } = await refusalOf(pipelinesApi.archive('deals', made.id, true))
  assert.deepEqual([code, body.subCategory], [400, 'PipelineError.PIPELINE_ID_IN_USE'])
  const validated = (stageId: string) =>
    server
      .client(location.token)
      .raw('DELETE', `/crm/v3/pipelines/deals/${made.id}/stages/${stageId}?validateReferencesBeforeDelete=true`)
  const used = await validated(asked!.id)
  assert.deepEqual([used.status, used.body.context], [400, { stageId: [asked!.id] }])
  const stages = [stage('Talked', 0)]
  const replaced = pipelinesApi.replace('deals', made.id, { label: 'x', displayOrder: 0, stages }, true)
  assert.equal((await refusalOf(replaced)).code, 400)
  assert.equal((await pipelinesApi.getById('deals', made.id)).stages.length, 3, 'nothing of a refusal is written')
  assert.equal((await validated(talked!.id)).status, 204)
  await pipelinesApi.archive('deals', made.id)
})

test('tickets have pipelines of their own, of which one is always there', async () => {
  const { pipelinesApi, pipelineStagesApi } = hubspot.crm.pipelines
  const { results } = await pipelinesApi.getAll('tickets')
  assert.deepEqual(
    results.map(({ id, stages }) => [id, stages.map((one) => [one.id, one.metadata?.ticketState])]),
    [
      [
        '0',
        [
          ['1', 'OPEN'],
          ['2', 'OPEN'],
          ['3', 'OPEN'],
          ['4', 'CLOSED'],
        ],
      ],
    ],
  )
  await pipelineStagesApi.update('tickets', '0', '2', { label: 'On hold', metadata: {} })
  const more = await pipelineStagesApi.create('ticket', '0', stage('Escalated', 2, { ticketState: 'OPEN' }))
  assert.deepEqual(
    (await pipelinesApi.getById('0-5', '0')).stages.map(({ id, label }) => [id, label]),
    [
      ['1', 'New'],
      ['2', 'On hold'],
      ['3', 'Waiting on us'],
      [more.id, 'Escalated'],
      ['4', 'Closed'],
    ],
  )
  assert.equal((await refusalOf(pipelinesApi.archive('tickets', '0'))).code, 400)
  const own = await pipelinesApi.create('tickets', { label: 'Repairs', displayOrder: 1, stages: [stage('In', 0)] })
  assert.equal(own.stages[0]?.metadata?.ticketState, 'OPEN')
  assert.equal((await pipelinesApi.getAll('tickets')).results.length, 2)
  const { body } = await server.client(location.token).get(`/opportunities/pipelines?locationId=${location.id}`)
  assert.ok(!body.pipelines.some(({ id }: { id: string }) => id === own.id), 'no opportunity goes through it')
  assert.equal((await refusalOf(pipelinesApi.getAll('contacts'))).code, 400)
  assert.equal((await refusalOf(pipelinesApi.getAll('nothing'))).code, 404)
})

test('an audit tells what became of a pipeline and of a stage', async () => {
  const { pipelinesApi, pipelineStagesApi, pipelineAuditsApi, pipelineStageAuditsApi } = hubspot.crm.pipelines
  const { id, stages } = await newPipeline('Watched')
  const stageId = stages[0]!.id
  await pipelineStagesApi.update('deals', id, stageId, { label: 'Asked twice', metadata: {} })
  await pipelinesApi.update('deals', id, { label: 'Watched still' })
  const own = await server.client(location.token).raw('GET', `/crm/v3/pipelines/deals/${id}/stages/${stageId}/audit`)
  // The client writes `{pipelineId}` into this one path as it is.
  const theirs = await pipelineStageAuditsApi.getAudit('deals', stageId)
  assert.deepEqual(theirs.results.length, own.body.results.length)
  await pipelineStagesApi.archive('deals', id, stageId)
  const told = (await server.client(location.token).raw('GET', `/crm/v3/pipelines/deals/${id}/stages/${stageId}/audit`))
    .body as { results: typeof theirs.results }
  assert.deepEqual(
    told.results.map(({ action, rawObject, portalId }) => [action, rawObject.label, portalId]),
    [
      ['DELETE', 'Asked twice', location.portalId],
      ['UPDATE', 'Asked twice', location.portalId],
      ['CREATE', 'Asked', location.portalId],
    ],
  )
  await pipelinesApi.archive('deals', id)
  const whole = await pipelineAuditsApi.getAudit('deals', id)
  assert.deepEqual(
    whole.results.map(({ action, rawObject }) => [action, rawObject.label, rawObject.stages.length]),
    [
      ['DELETE', 'Watched still', 2],
      ['UPDATE', 'Watched still', 2],
      ['UPDATE', 'Watched still', 3],
      ['UPDATE', 'Watched', 3],
      ['CREATE', 'Watched', 3],
    ],
  )
})

test('the dated paths are the same', async () => {
  const { body } = await server.client(location.token).raw('GET', '/crm/pipelines/2026-03/tickets')
  assert.equal(body.results[0].id, '0')
})

test('a pipeline has room for a hundred stages, and for none behind the last place', async () => {
  const { pipelinesApi, pipelineStagesApi } = hubspot.crm.pipelines
  const stages = Array.from({ length: 99 }, (_, n) => stage(`Stage ${n}`, n === 98 ? 1_000_000 : n))
  const { id } = await pipelinesApi.create('deals', { label: 'Long', displayOrder: 0, stages })
  const last = await pipelineStagesApi.create('deals', id, stage('The last', -1))
  assert.equal(last.displayOrder, 1_000_000)
  assert.equal((await refusalOf(pipelineStagesApi.create('deals', id, stage('Too many', -1)))).code, 400)
  const { results } = await pipelineStagesApi.getAll('deals', id)
  assert.deepEqual([results.length, results.at(-1)?.label], [100, 'The last'])
})
