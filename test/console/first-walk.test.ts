import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { openWindow, startChromium } from '../support/chromium.ts'
import { BARE_ENV } from '../support/crash.ts'

const BIN = resolve(import.meta.dirname, '../../bin/tintype.js')
const MOST_SECONDS = 180
/** What somebody who reads the screen for the first time takes to find each thing that is clicked or typed. */
const FIND_SECONDS = 5

let browser: Browser
before(async () => {
  browser = await startChromium()
})
after(() => browser?.close())

/** What `npm start` runs, in an empty folder, until it has printed the link that signs the owner in. */
async function start(data: string): Promise<{ server: ChildProcess; link: string }> {
  const env = { ...BARE_ENV, TINTYPE_DATA: data, TINTYPE_DISK_FREE_MB: '0' }
  const server = spawn(process.execPath, [BIN, 'up', '--port', '0'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  await new Promise<void>((ready, fail) => {
    const read = (chunk: Buffer) => {
      output += chunk
      if (output.includes('Ctrl-C')) ready()
    }
    server.stdout?.on('data', read)
    server.stderr?.on('data', read)
    server.once('exit', () => fail(new Error(`the server ended: ${output}`)))
  })
  const link = /^Sign in +(\S+)/m.exec(output)?.[1]
  assert.ok(link, output)
  return { server, link }
}

for (const [device, viewport] of [
  ['a desk', { width: 1440, height: 900 }],
  ['a phone', { width: 390, height: 844 }],
] as const) {
  test(`from npm start to a finished push and its undo takes a newcomer less than three minutes, on ${device}`, async (t) => {
    const data = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tintype-test-walk-'))
    const began = performance.now()
    const { server, link } = await start(data)
    try {
      await using window = await openWindow(browser, { viewport })
      window.page.setDefaultTimeout(15_000)
      const acts = await walk(window.page, link)
      assert.deepEqual(window.complaints, [])
      const seconds = (performance.now() - began) / 1000
      t.diagnostic(`${seconds.toFixed(1)} s and ${acts} acts`)
      assert.ok(seconds + acts * FIND_SECONDS < MOST_SECONDS, `${seconds} s and ${acts} acts`)
    } finally {
      const ended = new Promise((done) => server.once('exit', done))
      server.kill('SIGTERM')
      await ended
      rmSync(data, { recursive: true, force: true })
    }
  })
}

/** As whoever reads nothing but the screen goes on: how many things were clicked and typed. */
async function walk(page: Page, link: string): Promise<number> {
  let acts = 0
  const click = async (what: Locator) => {
    acts++
    await what.click()
  }
  const type = async (what: Locator, text: string) => {
    acts++
    await what.fill(text)
  }
  acts++
  await page.goto(link)
  await click(page.getByRole('button', { name: 'Sign in' }))
  await click(page.getByRole('link', { name: 'Begin with a capture' }))
  const form = page.getByRole('dialog', { name: 'Capture a sub-account' })
  await type(form.getByRole('combobox', { name: 'Sub-account' }), 'Templ')
  await click(page.getByRole('option', { name: 'Template' }))
  await type(form.getByLabel('Name of the snapshot'), 'Studio')
  await click(form.getByRole('button', { name: 'Capture', exact: true }))
  await page.getByRole('heading', { name: 'Studio', level: 1 }).waitFor()
  await click(page.getByRole('link', { name: 'Push', exact: true }))
  await click(page.getByRole('row', { name: /New studio/ }).getByRole('checkbox'))
  await page.getByText(/This creates \d+ assets in 1 sub-account/).waitFor()
  await click(page.getByRole('button', { name: 'Push', exact: true }))
  await page.getByRole('status').getByText('Done', { exact: true }).waitFor()
  await click(page.getByRole('link', { name: 'Roll back' }))
  await page.getByText(/This deletes \d+ assets/).waitFor()
  await click(page.getByRole('button', { name: 'Roll back' }))
  await page.getByRole('heading', { name: 'Roll-back of Studio, version 1' }).waitFor()
  await page.getByRole('status').getByText('Done', { exact: true }).waitFor()
  return acts
}
