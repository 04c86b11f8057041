import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { signIn } from '../support/oauth.ts'
import { readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
const folder = mkdtempSync(join(tmpdir(), 'tintype-readme-'))
before(async () => {
  story = await startStory()
  mkdirSync(join(folder, 'data'))
  symlinkSync(join(import.meta.dirname, '../../bin'), join(folder, 'bin'))
  writeFileSync(join(folder, 'data/demo.json'), JSON.stringify({ ...story.demo, baseUrl: story.server.url }))
})
after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await story?.[Symbol.asyncDispose]()
})

test('the walks through of the README run as they stand: from capture to rollback, and from an app to its tokens', async () => {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
  const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)]
    .map((match) => match[1] as string)
    .filter((block) => !block.startsWith('npm '))
  assert.ok(blocks.length >= 7)
  assert.doesNotMatch(blocks.join('\n'), /^\s*#/m, 'zsh takes a comment that is typed for a command')
  const { code, output } = await bash(blocks.join('\n'))
  assert.equal(code, 0, output)
  assert.ok(!/"statusCode"|undefined|TypeError|SyntaxError/.test(output), output)
  assert.match(output, /event: done/)
  assert.match(output, /"change":"edited"/)
  assert.match(output, /\?share=/)
  const { snapshots } = await story.agency.get('/')
  const rootOf = async (type: string) =>
    (await story.agency.get(`/${snapshots.find((row: { type: string }) => row.type === type).id}`)).snapshot.root
  assert.equal(await rootOf('imported'), await rootOf('own'), 'the exported file came back whole')
  assert.ok(output.includes(`${await rootOf('imported')}\n`))
  assert.match(output, /"contacts":\[/)
  assert.match(output, /My first app +\w{20} +\d{4}-\d\d-\d\d +contacts\.readonly,contacts\.write/)
  assert.match(output, /App \w+ is out of location \w+\./)
  const form = (await readAll(story, story.empty.id)).find((asset) => asset.document.description === 'Our own words')
  assert.ok(form, "the client's words are there at the end")
  assert.notEqual(form.name, 'Ask us anything', 'the rollback took the new name back')
  const between = output
    .split('\n')
    .some(
      (line) =>
        line.startsWith(`{"form":{"id":"${form.id}"`) &&
        line.includes('"name":"Ask us anything"') &&
        line.includes('"description":"Our own words"'),
    )
  assert.ok(between, 'in between, both stood')
})

/** Runs a script in a folder like a clone's. Where it says "Open", somebody does. */
async function bash(script: string): Promise<{ code: number | null; output: string }> {
  const env = {
    ...process.env,
    DATABASE_URL: story.server.databaseUrl,
    CALLBACK: `http://127.0.0.1:${await freePort()}/callback`,
  }
  const child = spawn('bash', ['-eu', '-o', 'pipefail', '-c', script], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let visit: Promise<void> | null = null
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const [, url] = /^Open (\S+)\n/m.exec(output) ?? []
      if (url === undefined || visit !== null) return
      visit = allowAt(url)
      // The script waits for somebody who does not come.
      visit.catch(() => child.kill())
    })
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  await visit
  return { code, output }
}

/** The admin allows the app in the first location, and the browser goes where it is sent. */
async function allowAt(url: string): Promise<void> {
  const { browser, consent } = await signIn(story, url)
  await browser.send(consent, 'name="target"', { target: story.template.id, decision: 'allow' })
  for (let tries = 0; ; tries++) {
    try {
      const page = await fetch(browser.leftTo as URL)
      assert.equal(await page.text(), 'Done. Back to the terminal.')
      return
    } catch (error) {
      // The app has just been started.
      if (tries === 200) throw error
      await pause(50)
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}
