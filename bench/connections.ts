import autocannon from 'autocannon'
import { sql } from 'kysely'
import { queryOne } from '../src/db/pool.ts'
import { createClient } from '../test/support/client.ts'
import { CONTACT_DEFINITION, makeConnection, upload } from '../test/support/connections.ts'
import { createFleet, tokenFor } from './fleet.ts'
import { startProcesses } from './processes.ts'
import { rawContacts } from './raw-contacts.ts'
import { count, createReport, megabytes, ms, peakMemory, timed, until } from './report.ts'

/** What other programs send: server, worker and database are processes of their own, the senders are this one. */
const quick = process.argv.includes('--quick')
const SECONDS = quick ? 3 : 15
const SENDERS = 32
const ROWS = quick ? 100_000 : 1_000_000
const MEGABYTE = 2 ** 20
const report = createReport(
  'Connections',
  'Each delivery is a contact of its own, taken at an address with a secret and answered once it is kept; the worker maps ' +
    'and writes them behind it at the same time. The file is uploaded by a form, and its run is over when each row has ' +
    'become a contact.',
)

await using processes = await startProcesses({ TINTYPE_RATE_LIMIT: '0' })
const { db } = processes.database
const { companyId, locationIds } = await createFleet(db, 3)
const [hooked, filed, raw] = locationIds as [string, string, string]

const countContacts = async (locationId: string): Promise<number> => {
  const row = await queryOne(
    db,
    sql<{ n: number }>`select count(*)::int as n from record where location_id = ${locationId} and kind = 'contacts'`,
  )
  return row?.n ?? 0
}

await measureHooks(hooked)
await measureFile(filed, raw)
for (const command of ['serve', 'work'] as const) {
  const peak = peakMemory(processes.pidOf(command))
  if (peak !== null)
    report.add(
      `memory of \`tintype ${command}\`, peak of the whole run`,
      megabytes(peak),
      'at most 300 MB',
      peak <= 300 * MEGABYTE,
    )
}
if (!quick) report.write()

async function measureHooks(locationId: string): Promise<void> {
  const client = createClient(processes.url, await tokenFor(db, companyId, locationId))
  const { address } = await makeConnection(client)
  let sent = 0
  const setupRequest = (request: { body?: string }) => {
    const n = sent++
    const contact = {
      id: `c${n}`,
      first_name: 'Ada',
      last_name: `Lovelace ${n}`,
      email: `ada${n}@ex.test`,
      city: 'Austin',
    }
    return { ...request, body: JSON.stringify(contact) }
  }
  const startMs = performance.now()
  const result = await autocannon({
    url: address,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    connections: SENDERS,
    duration: SECONDS,
    requests: [{ setupRequest }],
  })
  const written = await countContacts(locationId)
  const meanwhileMs = performance.now() - startMs
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} failed`)
  const rate = Math.round(result.requests.total / result.duration)
  report.add(`deliveries taken, ${SENDERS} senders`, `${count(rate)} a second`, 'at least 2,000', rate >= 2_000)
  const { p50, p99 } = result.latency
  report.add('from delivery to answer, median and p99', `${ms(p50)}, ${ms(p99)}`, 'p99 under 50 ms', p99 < 50)
  const behind = Math.round((written / meanwhileMs) * 1_000)
  report.add('mapped and written meanwhile', `${count(behind)} a second`, 'at least 500', behind >= 500)
  const [restMs] = await timed(() =>
    until(async () => (await countContacts(locationId)) >= result.requests.total, 1_200),
  )
  const rest = Math.round(((result.requests.total - written) / restMs) * 1_000)
  report.add('mapped and written once the senders are done', `${count(rest)} a second`)
}

async function measureFile(locationId: string, rawLocationId: string): Promise<void> {
  const token = await tokenFor(db, companyId, locationId)
  const client = createClient(processes.url, token)
  const { id } = await makeConnection(client, { way: 'file', definition: CONTACT_DEFINITION })
  const lines = ['id,first_name,last_name,email,phone,city,tags']
  for (let n = 0; n < ROWS; n++)
    lines.push(
      `c${n},Ada,Lovelace ${n},ada${n}@ex.test,+1212${String(n + 2_000_000).padStart(7, '0')},Austin,"wedding, vip"`,
    )
  const [takenMs, reply] = await timed(() => upload({ url: processes.url, token }, { id }, lines.join('\n')))
  if (reply.status !== 202) throw new Error(JSON.stringify(reply.body))
  const [writtenMs] = await timed(() =>
    until(async () => {
      const { run } = (await client.get(`/connections/${id}/runs/${reply.body.run.id}`)).body
      if (run.state === 'failed') throw new Error(JSON.stringify(run))
      return run.state === 'done'
    }, 36_000),
  )
  const rate = Math.round((ROWS / (takenMs + writtenMs)) * 1_000)
  report.add(`a file of ${count(ROWS)} contacts: taken, written`, `${ms(takenMs)}, ${ms(writtenMs)}`)
  report.add(
    'the same, from upload to the last contact',
    `${count(rate)} rows a second`,
    'at least 5,000',
    rate >= 5_000,
  )
  const rawMs = await rawContacts(db, { from: locationId, to: rawLocationId })
  report.add(
    'what is kept of them (contact, change, row, link) as four INSERT ... SELECT, one connection',
    `${ms(rawMs)}, ${count(Math.round((ROWS / rawMs) * 1_000))} rows a second`,
  )
  report.add('the file in times of that', `${((takenMs + writtenMs) / rawMs).toFixed(1)} times`)
}
