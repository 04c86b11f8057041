import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import autocannon from 'autocannon'
import { sql } from 'kysely'
import { newKeyText } from '../src/auth/outside-keys.ts'
import { startEmbedded } from '../src/db/embedded.ts'
import { migrate } from '../src/db/migrate.ts'
import { openDatabase, query } from '../src/db/pool.ts'
import { createDice } from '../src/demo/index.ts'
import { createLog } from '../src/log.ts'
import { contactOf, createContacts, createFullMonth, TAGS } from './contacts.ts'
import { createFleet, tokenFor } from './fleet.ts'
import { count, createReport, median, megabytes, ms, peakMemory, quantile, timed } from './report.ts'

/**
 * Speed of CRM records over HTTP, on the embedded database as users get it (durable), the server as a process of its
 * own that also serves the bare routes it is measured against (contacts-server.ts), the load from this one.
 */
const quick = process.argv.includes('--quick')
const CONTACTS = quick ? 100_000 : 1_000_000
const ROUNDS = quick ? 2 : 5
const SECONDS = quick ? 2 : 5
const SEARCHES = quick ? 60 : 300
/** Requests before slots are measured: the code is compiled by then. */
const WARM = 100
const report = createReport(
  'Records',
  'Rates are requests a second at 32 connections, ours and the bare route in turn, the middle of five rounds. ' +
    'Searches are one after the other, each with another value.',
)
const dice = createDice(11)
const folder = mkdtempSync(join(tmpdir(), 'tintype-bench-'))
const log = createLog('warn')
const server = await startEmbedded({ dataDir: folder, log })
const database = openDatabase({ url: server.url, poolSize: 4, log })
let child: ChildProcess | undefined

try {
  await migrate(database)
  const { companyId, locationIds } = await createFleet(database.db, 3)
  const [many, few, booked] = locationIds as [string, string, string]
  const [made] = await timed(() => createContacts(database.db, many, CONTACTS))
  report.add(
    `${count(CONTACTS)} contacts made by the store`,
    `${ms(made)}, ${count(Math.round((CONTACTS / made) * 1000))} a second`,
  )
  await createContacts(database.db, few, 10_000)
  const calendarId = await createFullMonth(database.db, booked, { members: 10, appointments: 1_000 })
  await sql`vacuum analyze`.execute(database.db)
  child = spawn(process.execPath, [...process.execArgv, join(import.meta.dirname, 'contacts-server.ts')], {
    env: {
      ...process.env,
      DATABASE_URL: server.url,
      TINTYPE_SECRET_KEY: newKeyText(),
      TINTYPE_PORT: '0',
      TINTYPE_LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line')) as [string]
  const { url, bareUrl } = JSON.parse(line) as { url: string; bareUrl: string }
  const headersFor = async (locationId: string) => ({
    authorization: `Bearer ${await tokenFor(database.db, companyId, locationId)}`,
    version: '2021-07-28',
  })
  await measureRates({ url, bareUrl, locationId: few, headers: await headersFor(few) })
  await sql`vacuum analyze`.execute(database.db)
  await measureSearches({ url, locationId: many, headers: await headersFor(many) })
  await measureSlots({ url, calendarId, headers: await headersFor(booked) })
  const peak = peakMemory(child.pid)
  if (peak !== null)
    report.add(
      `memory of the server, peak of the whole run, ${count(CONTACTS)} contacts behind it`,
      megabytes(peak),
      '<= 300 MB',
      peak <= 300 * 2 ** 20,
    )
  if (!quick) report.write()
} finally {
  if (child !== undefined) {
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
  }
  await database.close()
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}

interface Target {
  url: string
  locationId: string
  headers: Record<string, string>
}

async function measureRates({ url, bareUrl, locationId, headers }: Target & { bareUrl: string }): Promise<void> {
  const rows = await query(
    database.db,
    sql<{
      id: string
      email: string
    }>`select id, doc->>'email' as email from record where location_id = ${locationId} and kind = 'contacts'`,
  )
  const json = { 'content-type': 'application/json' }
  let next = 5_000_000
  const person = () => {
    const { followers: _, tags, ...contact } = contactOf(dice, next++)
    return { ...contact, tags: (tags as string[]).filter((tag) => tag in TAGS) }
  }
  const bareGet = () =>
    rate({
      url: bareUrl,
      requests: [
        { setupRequest: (request) => ({ ...request, path: `/${locationId}/contacts/${dice.pick(rows).id}` }) },
      ],
    })
  const barePost = () =>
    rate({
      url: bareUrl,
      method: 'POST',
      headers: json,
      requests: [
        {
          setupRequest: (request) => ({ ...request, path: `/${locationId}/contacts`, body: JSON.stringify(person()) }),
        },
      ],
    })
  const post = (path: string, body: () => object) => () =>
    rate({
      url,
      method: 'POST',
      headers: { ...headers, ...json },
      requests: [
        { setupRequest: (request) => ({ ...request, path, body: JSON.stringify({ locationId, ...body() }) }) },
      ],
    })
  const get = () =>
    rate({
      url,
      headers,
      requests: [{ setupRequest: (request) => ({ ...request, path: `/contacts/${dice.pick(rows).id}` }) }],
    })
  /** Somebody known and somebody new, in turn. */
  const someone = () => (next % 2 === 0 ? person() : { ...person(), email: dice.pick(rows).email, phone: null })
  await compare('GET /contacts/{id}', 'one prepared point query', get, bareGet, 0.9)
  await compare('POST /contacts/', 'one prepared insert of the same row', post('/contacts/', person), barePost, 0.7)
  await compare(
    'POST /contacts/upsert, every second one known',
    'one prepared insert',
    post('/contacts/upsert', someone),
    barePost,
    0.4,
  )
}

/** Requests a second. Throws when one was refused. */
async function rate(options: Parameters<typeof autocannon>[0]): Promise<number> {
  const result = await autocannon({ connections: 32, duration: SECONDS, ...options })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${options.url}: ${result.non2xx} refused, ${result.errors} failed`)
  return result.requests.total / result.duration
}

async function compare(
  name: string,
  bareName: string,
  ours: () => Promise<number>,
  bare: () => Promise<number>,
  bound: number,
): Promise<void> {
  await bare()
  await ours()
  const rounds: { ours: number; bare: number; ratio: number }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const pair = { bare: await bare(), ours: await ours() }
    rounds.push({ ...pair, ratio: pair.ours / pair.bare })
  }
  const middle = (key: 'ours' | 'bare' | 'ratio') => median(rounds.map((round) => round[key]))
  const ratios = rounds.map(({ ratio }) => ratio)
  const value =
    `${count(Math.round(middle('ours')))} a second, bare ${count(Math.round(middle('bare')))}: ` +
    `${middle('ratio').toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`
  report.add(`${name}, against a bare route with ${bareName}`, value, `>= ${bound}`, middle('ratio') >= bound)
}

async function measureSearches({ url, locationId, headers }: Target): Promise<void> {
  const search = async (body: object): Promise<number> => {
    const [took, response] = await timed(async () => {
      const answer = await fetch(`${url}/contacts/search`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ locationId, pageLimit: 20, ...body }),
      })
      return { status: answer.status, body: (await answer.json()) as { total: number } }
    })
    if (response.status !== 200) throw new Error(JSON.stringify(response.body))
    return took
  }
  const measure = async (name: string, bodies: () => object, bound: number | null, times = SEARCHES) => {
    for (let n = 0; n < 10; n++) await search(bodies())
    const took: number[] = []
    for (let n = 0; n < times; n++) took.push(await search(bodies()))
    const p95 = quantile(took, 0.95)
    report.add(
      name,
      `p50 ${ms(median(took))}, p95 ${ms(p95)}`,
      bound === null ? '-' : `p95 <= ${bound} ms`,
      bound === null || p95 <= bound,
    )
  }
  const eq = (field: string, value: string) => ({ filters: [{ field, operator: 'eq', value }] })
  const someone = () => contactOf(createDice(dice.roll(1_000_000)), dice.roll(CONTACTS)) as Record<string, string>
  const known = await query(
    database.db,
    sql<{ email: string; phone: string }>`
      select doc->>'email' as email, doc->>'phone' as phone from record where location_id = ${locationId}
        and kind = 'contacts' order by id limit 500`,
  )
  const all = `of ${count(CONTACTS)} contacts`
  await measure(`search ${all}: no filter`, () => ({}), null)
  for (const [tag, percent] of Object.entries(TAGS))
    await measure(`search ${all}: a tag of ${percent} %`, () => eq('tags', tag), 50, SEARCHES / 3)
  await measure(
    `search ${all}: a tag of 0.1 %, old or new`,
    () => eq('tags', `import ${dice.roll(CONTACTS / 1000)}`),
    50,
  )
  await measure(
    `search ${all}: source, city or type`,
    () =>
      (({ source, city, type }) =>
        dice.pick([eq('source', source as string), eq('city', city as string), eq('type', type as string)]))(someone()),
    50,
  )
  await measure(`search ${all}: e-mail`, () => eq('email', dice.pick(known).email), 50)
  await measure(`search ${all}: phone`, () => eq('phone', dice.pick(known).phone), 50)
  const words = [
    () => (someone().firstName as string).toLowerCase(),
    () => (someone().lastName as string).slice(0, 5),
    () => (({ firstName, lastName }) => `${firstName} ${lastName}`)(someone()),
    () => dice.pick(known).email.split('@')[0] as string,
    () => dice.pick(known).phone,
  ]
  await measure(
    `full text ${all}: first, last or full name, e-mail or phone, as people have them`,
    () => ({ query: dice.pick(words)() }),
    150,
  )
  await measure(`full text ${all}: a word of 40 % of them`, () => ({ query: 'gmail' }), null, 5)
}

async function measureSlots({
  url,
  calendarId,
  headers,
}: Omit<Target, 'locationId'> & { calendarId: string }): Promise<void> {
  const startDate = Date.UTC(2027, 2, 1)
  const took: number[] = []
  let slots = 0
  for (let n = 0; n < WARM + 300; n++) {
    const [each, body] = await timed(async () => {
      const answer = await fetch(
        `${url}/calendars/${calendarId}/free-slots?startDate=${startDate}&endDate=${startDate + 31 * 86_400_000}`,
        { headers },
      )
      return (await answer.json()) as Record<string, { slots: string[] }>
    })
    if (n >= WARM) took.push(each)
    slots = Object.values(body).reduce((sum, day) => sum + (day.slots?.length ?? 0), 0)
  }
  if (slots < 100) throw new Error(`only ${slots} free slots`)
  report.add(
    `free slots of a month for 10 team members with 1,000 appointments (${count(slots)} slots)`,
    `p50 ${ms(median(took))}, p95 ${ms(quantile(took, 0.95))}`,
    'p50 <= 20 ms',
    median(took) <= 20,
  )
}
