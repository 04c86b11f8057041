import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type Client, createClient, type Reply } from '../support/client.ts'
import { Place, until } from '../support/embedded.ts'

const MOUNTED_MB = 112

/** A disk of its own that is soon full. Only root may mount one. */
function mountSmall(): { path: string; unmount(): void } | null {
  const path = mkdtempSync(join(tmpdir(), `tintype-test-${process.pid}-disk-`))
  const mounted =
    process.getuid?.() === 0 &&
    spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${MOUNTED_MB}m,mode=755`, 'tmpfs', path]).status === 0
  const unmount = () => {
    if (mounted) spawnSync('umount', ['-l', path])
    rmSync(path, { recursive: true, force: true })
  }
  if (mounted) return { path, unmount }
  unmount()
  return null
}

const disk = mountSmall()
const skip = disk === null && 'a small disk can be mounted by root only'
after(() => disk?.unmount())

/** Until there is no byte left. */
function fill(file: string): void {
  const piece = Buffer.alloc(2 ** 20, 1)
  for (let bytes = piece.length; bytes >= 1; bytes >>= 1) {
    try {
      for (;;) appendFileSync(file, piece.subarray(0, bytes))
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC')
    }
  }
}

interface World {
  place: Place
  companyId: string
  locationId: string
  token: string
  acknowledged: string[]
}

async function begin(env: NodeJS.ProcessEnv): Promise<World> {
  const place = new Place(env, join(disk?.path as string, 'data'))
  const made = await place.run('agency', 'create', 'Northlight')
  assert.equal(made.code, 0, made.err)
  const token = made.out.trim()
  const companyId = /companyId +(\S+)/.exec(made.err)?.[1] as string
  place.service.start()
  const agency = createClient(await place.service.ready, token)
  const { body } = await agency.post('/locations/', { companyId, name: 'Studio' })
  return { place, companyId, locationId: body.id, token, acknowledged: [] }
}

const clientOf = async ({ place, token }: World): Promise<Client> => createClient(await place.service.ready, token)

/** Writes until it is refused; answers with what. Nothing of it can be made smaller. */
async function writeUntilRefused(world: World): Promise<{ status: number; message: string }> {
  const client = await clientOf(world)
  for (let count = 0; count < 5_000; count++) {
    // Whether a write that broke off was done nobody knows: it counts for nothing.
    const reply = await write(world, client, `Value ${count}`).catch(() => null)
    if (reply === null || reply.status >= 500)
      return { status: reply?.status ?? 0, message: String(reply?.body?.message) }
    assert.equal(reply.status, 201, JSON.stringify(reply.body))
    world.acknowledged.push(reply.body.customValue.id)
  }
  assert.fail('the disk did not get full')
}

const write = ({ locationId }: World, client: Client, name: string): Promise<Reply> =>
  client.post(`/locations/${locationId}/customValues`, { name, value: randomBytes(14_000).toString('base64') })

const problems = async (world: World): Promise<string> =>
  JSON.stringify((await (await clientOf(world)).get('/ready')).body.problems)

async function allThere(world: World): Promise<void> {
  const { body } = await (await clientOf(world)).get(`/locations/${world.locationId}/customValues`)
  const found = new Set(body.customValues.map(({ id }: { id: string }) => id))
  assert.ok(world.acknowledged.length > 0)
  assert.deepEqual(
    world.acknowledged.filter((id) => !found.has(id)),
    [],
  )
}

test('a full disk: writes are refused with the reason, reads go on, and with room all goes on, nothing acknowledged lost', {
  skip,
}, async () => {
  const world = await begin({ TINTYPE_RATE_LIMIT: '0', TINTYPE_DISK_FREE_MB: '1' })
  await using place = world.place
  const filler = join(disk?.path as string, 'filler')
  for (let count = 0; count < 20; count++)
    world.acknowledged.push((await write(world, await clientOf(world), `Early ${count}`)).body.customValue.id)
  fill(filler)
  const refused = await writeUntilRefused(world)
  assert.equal(refused.status, 503, refused.message)
  // Whatever of it was full first: rows, which PostgreSQL says, or its log, which ends it.
  assert.match(refused.message, /The database cannot write: its disk is full\.|The database does not answer/)
  await until(() => /No space left on device/.test(place.service.output))
  await until(async () => /disk of .* is nearly full, 0 MB of 112 MB are free/.test(await problems(world)))
  const doctor = await place.run('doctor')
  assert.match(doctor.out, /✗ Disk of .*: nearly full, 0 MB of 112 MB are free\n {4}Make room/, doctor.err)
  rmSync(filler)
  const client = await clientOf(world)
  await until(async () => (await write(world, client, 'After')).status === 201, 60_000)
  await until(async () => (await client.get('/ready')).status === 200, 30_000)
  await allThere(world)
  await place.service.stop()
})

test('no room for a backup, for a start, or for a first one: each says so and leaves nothing half-made', {
  skip,
}, async () => {
  const world = await begin({})
  await using place = world.place
  const filler = join(disk?.path as string, 'filler')
  fill(filler)
  const file = join(disk?.path as string, 'all.tintype')
  const backup = await place.run('backup', file)
  assert.deepEqual(
    [backup.code, /There is no room for .* Nothing is left of it/.test(backup.err)],
    [1, true],
    backup.err,
  )
  assert.deepEqual([existsSync(file), existsSync(`${file}.partial`)], [false, false])
  await place.service.stop()
  fill(filler)
  const again = await place.run('up')
  assert.deepEqual(
    [again.code, /is full.*Make room, then start again: what was acknowledged is there/.test(again.err)],
    [3, true],
    again.err,
  )
  const other = new Place({}, join(disk?.path as string, 'other'))
  const first = await other.run('up')
  assert.deepEqual([first.code, /is full.*Make room/.test(first.err)], [3, true], first.err)
  rmSync(filler)
  other.service.start()
  await other.service.ready
  await other.service.stop()
})
