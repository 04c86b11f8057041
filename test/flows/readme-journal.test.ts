import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { uuidv7 } from '../../src/ids.ts'
import { type Story, startStory } from '../support/stories.ts'

let story: Story
const folder = mkdtempSync(join(tmpdir(), 'tintype-readme-'))
before(async () => {
  // What it reads from the beginning is its own.
  story = await startStory({ alone: true })
  mkdirSync(join(folder, 'data'))
  writeFileSync(join(folder, 'data/demo.json'), JSON.stringify({ ...story.demo, baseUrl: story.server.url }))
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
  const [, program = ''] = /```js\n([\s\S]*?)```/.exec(readme) ?? []
  assert.ok(program.trim().split('\n').length <= 45, 'about forty lines')
  writeFileSync(join(folder, 'follow.mjs'), program)
})
after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await story?.[Symbol.asyncDispose]()
})

function follow(): { child: ChildProcess; lines: string[]; see(pattern: RegExp): Promise<void> } {
  const child = spawn(process.execPath, ['follow.mjs'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => lines.push(...chunk.toString().split('\n').filter(Boolean)))
  return {
    child,
    lines,
    async see(pattern) {
      const endMs = performance.now() + 15_000
      while (!lines.some((line) => pattern.test(line))) {
        if (performance.now() > endMs) assert.fail(`${pattern} is not told:\n${lines.join('\n')}`)
        await pause(20)
      }
    },
  }
}

/** Until a consumer has noted on the server that it has come as far as the journal: told is not yet noted. */
async function noted(): Promise<void> {
  const owner = story.server.owner()
  for (let tries = 0; ; tries++) {
    const { rows } = await sql<{ is: boolean }>`select exists (select 1 from journal_consumer
      where name = 'readme' and "offset" = (select max("offset"::text)::uuid from journal_segment)) as is`.execute(
      owner,
    )
    if (rows[0]?.is) return
    assert.ok(tries < 1_000, 'the consumer does not note how far it has come')
    await pause(20)
  }
}

test('the consumer of the README follows the journal while contacts are edited, and goes on where it was', async () => {
  const { client, id: locationId } = story.empty
  const first = follow()
  await first.see(/^following 3 portals/)
  const made = await client.post('/contacts/', { locationId, firstName: 'Ann' })
  await first.see(/^CREATE .*"firstname":"Ann"/)
  await client.put(`/contacts/${made.body.contact.id}`, { firstName: 'Anna' })
  await first.see(/^UPDATE .*"firstname":"Anna"/)
  await noted()
  first.child.kill('SIGKILL')
  await client.put(`/contacts/${made.body.contact.id}`, { firstName: 'Meanwhile' })
  const second = follow()
  await second.see(/^UPDATE .*"firstname":"Meanwhile"/)
  assert.ok(!second.lines.some((line) => line.includes('"Ann"') || line.includes('"Anna"')), second.lines.join('\n'))
  await client.delete(`/contacts/${made.body.contact.id}`)
  await second.see(/^DELETE /)
  await noted()
  second.child.kill('SIGKILL')
})

test('a consumer that was away for longer than the journal is kept says so, and begins again where it begins now', async () => {
  const { client, id: locationId } = story.empty
  const old = uuidv7(Date.now() - 40 * 86_400_000)
  const owner = story.server.owner()
  await sql`update journal_consumer set "offset" = ${old}::uuid`.execute(owner)
  const late = follow()
  await late.see(new RegExp(`${old} has expired.* Earliest: \\d{4}-`))
  await client.post('/contacts/', { locationId, firstName: 'Late' })
  await late.see(/^CREATE .*"firstname":"Late"/)
  assert.ok(
    late.lines.some((line) => line.includes('"Ann"')),
    'from its beginning',
  )
  late.child.kill('SIGKILL')
})
