import assert from 'node:assert/strict'
import { chownSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type Client, createClient } from '../support/client.ts'
import { Place, until } from '../support/embedded.ts'

let place: Place
let companyId: string
let token: string
const acknowledged: string[] = []

before(async () => {
  place = new Place({ TINTYPE_EMBEDDED_PATIENCE_SECONDS: '2' })
  const made = await place.run('agency', 'create', 'Northlight')
  assert.equal(made.code, 0, made.err)
  token = made.out.trim()
  companyId = /companyId +(\S+)/.exec(made.err)?.[1] as string
  place.service.start()
  await place.service.ready
})
after(() => place?.[Symbol.asyncDispose]())

const agency = async (): Promise<Client> => createClient(await place.service.ready, token)

/** Makes a sub-account, which is acknowledged. */
async function acknowledge(client: Client, name: string): Promise<number> {
  const { status, body } = await client.post('/locations/', { companyId, name })
  if (status === 200) acknowledged.push(body.id)
  return status
}

async function allThere(): Promise<void> {
  const { body } = await (await agency()).get(`/locations/search?companyId=${companyId}&limit=100`)
  assert.deepEqual(body.locations.map((one: { id: string }) => one.id).sort(), [...acknowledged].sort())
}

test('whoever starts a second time in a folder is told who serves it, and changes nothing', async () => {
  const url = await place.service.ready
  const second = await place.run('up')
  assert.equal(second.code, 1)
  assert.match(
    second.err,
    new RegExp(`is served already, by process ${place.service.pid}, at ${url}\\. Stop that one first`),
  )
  assert.equal((await fetch(`${url}/ready`)).status, 200)
})

test('an embedded database that is killed is started again; meanwhile the answer is 503, and nothing acknowledged is lost', async () => {
  const client = await agency()
  assert.equal(await acknowledge(client, 'Before'), 200)
  const killed = place.postmaster
  process.kill(killed, 'SIGKILL')
  const seen = new Set<number>()
  await until(async () => {
    const status = await acknowledge(client, 'Meanwhile')
    seen.add(status)
    return status === 200 && place.postmaster !== killed
  })
  assert.ok(seen.has(503), [...seen].join())
  seen.delete(503)
  assert.deepEqual([...seen], [200])
  await until(async () => (await client.get('/ready')).status === 200)
  await allThere()
})

test('a server that is killed leaves a folder that the next one serves at once', async () => {
  await acknowledge(await agency(), 'Last words')
  await place.service.crash()
  await place.service.ready
  await allThere()
})

test('a postmaster.pid left behind, whose pid is another program by now, is in nobody’s way', async () => {
  assert.equal(await place.service.stop(), 0)
  writeFileSync(
    join(place.data, 'postgres/postmaster.pid'),
    `${process.pid}\n${place.data}/postgres\n1700000000\n5432\n\n127.0.0.1\n 123 456\nready   \n`,
  )
  place.service.start()
  await place.service.ready
  await allThere()
})

test('serve and work share a folder; whoever is left takes the database over', async () => {
  assert.equal(await place.service.stop(), 0)
  const [server, worker] = [place.other('serve'), place.other('work', { TINTYPE_LOG_LEVEL: 'debug' })]
  try {
    worker.start()
    await worker.ready
    server.start()
    const client = createClient(await server.ready, token)
    assert.equal(await worker.stop(), 0, worker.output)
    await until(async () => (await acknowledge(client, 'Taken over')) === 200)
    assert.equal(await server.stop(), 0, server.output)
  } finally {
    await Promise.all([server.end(), worker.end()])
  }
  place.service.start()
  await place.service.ready
  await allThere()
})

test('backup and restore: refused while a server runs or rows are there, and with --replace what was there is kept', async () => {
  const file = join(place.data, 'all.tintype')
  const written = await place.run('backup', file)
  assert.equal(written.code, 0, written.err)
  assert.match(written.out, /\d+ rows of \d+ tables as of \S+Z, \d+ bytes, read back and whole\./)
  assert.match(
    (await place.run('restore', file)).err,
    /Something runs on .* \(PostgreSQL, process \d+\)\. Stop Tintype first\./,
  )
  const kept = [...acknowledged]
  await acknowledge(await agency(), 'After the backup')
  assert.equal(await place.service.stop(), 0)
  const refused = await place.run('restore', file)
  assert.equal(refused.code, 1)
  assert.match(refused.err, /not empty: there are rows in agency, .*With --replace its files are put aside, and kept/)
  writeFileSync(`${file}.broken`, 'nothing')
  const broken = await place.run('restore', `${file}.broken`, '--replace')
  assert.deepEqual([broken.code, /no backup of Tintype/.test(broken.err)], [1, true], broken.err)
  const restored = await place.run('restore', file, '--replace')
  assert.equal(restored.code, 0, restored.err)
  const [, aside] = /What was there before is in (\S+)\./.exec(restored.err) ?? []
  place.service.start()
  await place.service.ready
  acknowledged.splice(0, acknowledged.length, ...kept)
  await allThere()
  // The way back, by hand.
  await place.service.stop()
  rmSync(join(place.data, 'postgres'), { recursive: true })
  renameSync(aside as string, join(place.data, 'postgres'))
  renameSync(`${aside}.password`, join(place.data, 'postgres.password'))
  place.service.start()
  const { body } = await (await agency()).get(`/locations/search?companyId=${companyId}&limit=100`)
  assert.equal(body.locations.length, kept.length + 1)
  for (const wrong of [['backup'], ['restore'], ['backup', 'a', 'b']]) assert.equal((await place.run(...wrong)).code, 2)
  assert.match((await place.run('restore', '/no/such/file')).err, /There is no file/)
})

test('a database that cannot be brought back ends the server, with a code of its own and the reason', async () => {
  const control = join(place.data, 'postgres/global/pg_control')
  renameSync(control, `${control}.away`)
  process.kill(place.postmaster, 'SIGKILL')
  assert.equal(await Promise.race([place.service.ended(), pause(30_000, 'still there', { ref: false })]), 3)
  assert.match(
    place.service.output,
    /does not start\.[\s\S]*pg_control[\s\S]*Nothing that was acknowledged is lost: start it again when that is mended/,
  )
  const again = await place.run('up')
  assert.equal(again.code, 3, again.err)
  renameSync(`${control}.away`, control)
  place.service.start()
  await place.service.ready
})

test('files that were copied as another user are told at once, with what to do', {
  skip: process.getuid?.() !== 0 && 'only root can give files away',
}, async () => {
  const files = join(place.data, 'postgres')
  const { uid, gid } = statSync(files)
  assert.equal(await place.service.stop(), 0)
  giveAway(files, 0, 0)
  const refused = await place.run('up')
  assert.deepEqual(
    [refused.code, /may not read its files\. They belong to the user it runs as.*"cp -a".*chown -R/.test(refused.err)],
    [3, true],
    refused.err,
  )
  giveAway(files, uid, gid)
  place.service.start()
  await place.service.ready
})

function giveAway(folder: string, uid: number, gid: number): void {
  chownSync(folder, uid, gid)
  for (const name of readdirSync(folder, { recursive: true })) chownSync(join(folder, String(name)), uid, gid)
}

test('of two first starts at once one makes the database and says how to make an agency; the other says who does', async () => {
  await using fresh = new Place({ TINTYPE_LOG_LEVEL: 'info' })
  const both = [fresh.service, fresh.other('up')]
  try {
    for (const one of both) one.start()
    const outcomes = await Promise.allSettled(both.map(({ ready }) => ready))
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    const [served, refused] = both.toSorted((a) => (outcomes[both.indexOf(a)]?.status === 'fulfilled' ? -1 : 1))
    assert.match(
      String(refused?.output),
      /is served already, by process \d+, (which is starting|at http\S+)\. Stop that/,
    )
    assert.match(String(served?.output), /"migrations":\d+,"msg":"schema made"/)
    assert.match(String(served?.output), /Agency +none yet: tintype agency create NAME --admin E-MAIL/)
    assert.match(String(served?.output), /Set-up +or http\S+\/app\/setup#code=[\w-]{43} \(once\)/)
    assert.equal((await fetch(`${await served?.ready}/ready`)).status, 200)
  } finally {
    await both[1]?.end()
  }
})
