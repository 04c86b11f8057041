import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { type Call, callerOf, createFleet, createSource, type Fleet } from './fleet.ts'
import { startProcesses } from './processes.ts'
import { count, createReport, median, megabytes, ms, peakMemory, timed } from './report.ts'

/**
 * Speed of configuration snapshots, on the embedded database as users get it (durable), with server and worker as
 * processes of their own. Talks to 127.0.0.1 only.
 */
const quick = process.argv.includes('--quick')
const report = createReport(
  'Configuration snapshots',
  'Times are what a caller of the HTTP API sees. A push also writes a row of the change log for each pointer and ' +
    'runs two pieces at a time; the raw insert writes the pointers only, in one statement.',
)
const FLEET = quick ? 1_000 : 10_000
const FIRST = quick ? 200 : 2_000
const ASSETS = 500

await using processes = await startProcesses()
const { database } = processes
await run(processes.url)

async function run(url: string): Promise<void> {
  const { db } = database
  const small = await createFleet(db, FIRST)
  const source = await createSource(db, small.companyId, ASSETS)
  const large = await createSource(db, small.companyId, 1_000)
  const api = callerOf(url, small)

  // Capture.
  const captures: number[] = []
  const again: number[] = []
  for (let round = 0; round < 5; round++) {
    const [ms, { snapshot }] = await timed(() => api('POST', '/snapshots/', { name: 'Large', locationId: large }))
    captures.push(ms)
    again.push((await timed(() => api('POST', `/snapshots/${snapshot.id}/refresh`)))[0])
  }
  report.add('capture of 1,000 assets', `${ms(median(captures))}`, '<= 100 ms', median(captures) <= 100)
  report.add('the same again, unchanged', `${ms(median(again))}`, '<= 50 ms', median(again) <= 50)

  // First push, against the raw insert of the same rows into a table of the same shape, before and after.
  const { snapshot } = await api('POST', '/snapshots/', { name: 'Bench', locationId: source })
  const before = await rawInsert(snapshot.id, small)
  const first = await push(api, snapshot.id, small.locationIds)
  const after = await rawInsert(snapshot.id, small)
  const raw = (before + after) / 2
  report.add(
    `raw INSERT ... SELECT of ${count(ASSETS * FIRST)} pointer rows`,
    `${ms(before)} before, ${ms(after)} after the push`,
    '-',
    true,
  )
  report.add(
    `push of ${ASSETS} assets to ${count(FIRST)} empty locations`,
    `${ms(first)}, ${(first / raw).toFixed(2)} times the raw insert`,
    '<= 2 times',
    first / raw <= 2,
  )

  // A fleet that stands at version 1.
  const fleet = await createFleet(db, FLEET)
  const template = await createSource(db, fleet.companyId, ASSETS)
  const call = callerOf(url, fleet)
  const line = (await call('POST', '/snapshots/', { name: 'Fleet', locationId: template })).snapshot
  const whole = await push(call, line.id, fleet.locationIds)
  report.add(`push of ${ASSETS} assets to ${count(FLEET)} empty locations`, ms(whole), '-', true)
  await sql`vacuum analyze`.execute(db)

  // One changed asset of 500, to parts of the fleet and to all of it.
  const sizes = [FLEET / 10, (FLEET * 3) / 10, FLEET]
  const pushes: number[] = []
  for (const size of sizes) {
    const targets = fleet.locationIds.slice(0, size)
    await changeOne(call, template)
    await call('POST', `/snapshots/${line.id}/refresh`)
    const [planMs, { plan }] = await timed(() => call('POST', `/snapshots/${line.id}/plan`, { locationIds: targets }))
    if (plan.totals.update !== size) throw new Error(`the plan says ${JSON.stringify(plan.totals)}`)
    const took = await push(call, line.id, targets)
    pushes.push(took)
    const isAll = size === FLEET
    report.add(
      `plan of 1 changed asset of ${ASSETS} for ${count(size)} locations`,
      ms(planMs),
      isAll ? '<= 2 s' : '-',
      !isAll || planMs <= 2_000,
    )
    report.add(
      `push of 1 changed asset of ${ASSETS} to ${count(size)} locations`,
      ms(took),
      isAll ? '<= 5 s' : '-',
      !isAll || took <= 5_000,
    )
    // The rest of the fleet follows, so that the next round starts from one version again.
    if (!isAll) await push(call, line.id, fleet.locationIds.slice(size))
  }
  const perTarget = pushes.map((took, index) => (took / (sizes[index] as number)).toFixed(3))
  report.add(
    `time a target at ${sizes.map(count).join(', ')} locations`,
    `${perTarget.join(', ')} ms`,
    'linear',
    Number(perTarget[2]) <= 2 * Number(perTarget[1]),
  )

  // Drift: 100 edits in the fleet.
  await sql`
    update asset a set hash = sha256(convert_to(a.location_id, 'UTF8')) from (
      select location_id, min(id) as id from asset where kind = 'forms'
        and location_id = any(${fleet.locationIds.slice(0, 100)}) group by location_id) e
    where a.location_id = e.location_id and a.kind = 'forms' and a.id = e.id`.execute(db)
  const drifts: number[] = []
  for (let round = 0; round < 5; round++) {
    const [took, { drift }] = await timed(() => call('GET', `/snapshots/${line.id}/drift?limit=1000`))
    if (drift.length !== 100) throw new Error(`drift lists ${drift.length} locations`)
    drifts.push(took)
  }
  report.add(
    `drift of ${count(FLEET)} locations x ${ASSETS} assets, 100 drifted`,
    ms(median(drifts)),
    '<= 100 ms',
    median(drifts) <= 100,
  )
  for (const command of ['serve', 'work'] as const) {
    const bytes = peakMemory(processes.pidOf(command))
    if (bytes !== null)
      report.add(
        `memory of \`tintype ${command}\`, peak of the whole run`,
        megabytes(bytes),
        '<= 300 MB',
        bytes <= 300 * 1_048_576,
      )
  }
  if (!quick) report.write()
}

/** From the request to the end of the push, in ms. */
async function push(call: Call, snapshotId: string, locationIds: readonly string[]): Promise<number> {
  const started = performance.now()
  const { push } = await call('POST', `/snapshots/${snapshotId}/push`, { locationIds })
  let now = push
  while (now.status === 'pending' || now.status === 'processing') {
    await pause(50)
    now = (await call('GET', `/snapshots/pushes/${push.id}`)).push
  }
  if (now.status !== 'completed') throw new Error(`the push ended ${now.status}: ${JSON.stringify(now)}`)
  return performance.now() - started
}

async function changeOne(call: Call, locationId: string): Promise<void> {
  const { forms } = await call('GET', `/forms/?locationId=${locationId}&limit=1`)
  await call('PUT', `/forms/${forms[0].id}?locationId=${locationId}`, { description: `Edited at ${performance.now()}` })
}

async function rawInsert(snapshotId: string, { locationIds }: Fleet): Promise<number> {
  await sql`drop table if exists raw_asset`.execute(database.db)
  await sql`create table raw_asset (like asset including all)`.execute(database.db)
  const [took] = await timed(() =>
    sql`
      insert into raw_asset (location_id, kind, id, lineage, name, key, hash, base_hash, local, source_push, created_at,
        updated_at)
      select l, e.kind, derive_id(l, e.kind, e.lineage), e.lineage, e.name, e.key, e.hash, e.hash, '{}', 'raw', now(),
        now()
      from unnest(${locationIds}::text[]) l cross join snapshot_entry e where e.snapshot_id = ${snapshotId}
        and e.version = 1`.execute(database.db),
  )
  await sql`drop table raw_asset`.execute(database.db)
  return took
}
