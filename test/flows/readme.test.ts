import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
const folder = mkdtempSync(join(tmpdir(), 'tintype-readme-'))
before(async () => {
  story = await startStory()
  mkdirSync(join(folder, 'data'))
  writeFileSync(join(folder, 'data/demo.json'), JSON.stringify({ ...story.demo, baseUrl: story.server.url }))
})
after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await story?.[Symbol.asyncDispose]()
})

test('the walk through of the README runs as it stands, from capture to rollback', async () => {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
  const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] as string).filter((block) => !block.startsWith('npm '))
  assert.ok(blocks.length >= 7)
  const { code, output } = await bash(blocks.join('\n'))
  assert.equal(code, 0, output)
  assert.ok(!/"statusCode"|undefined|TypeError|SyntaxError/.test(output), output)
  assert.match(output, /event: done/)
  assert.match(output, /"change":"edited"/)
  assert.match(output, /\?share=/)
  const form = (await readAll(story, story.empty.id)).find((asset) => asset.document.description === 'Our own words')
  assert.ok(form, "the client's words are there at the end")
  assert.notEqual(form.name, 'Ask us anything', 'the rollback took the new name back')
  const between = output
    .split('\n')
    .some(
      (line) => line.startsWith(`{"form":{"id":"${form.id}"`) && line.includes('"name":"Ask us anything"') && line.includes('"description":"Our own words"'),
    )
  assert.ok(between, 'in between, both stood')
})

function bash(script: string): Promise<{ code: number | null; output: string }> {
  const child = spawn('bash', ['-eu', '-o', 'pipefail', '-c', script], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })))
}
