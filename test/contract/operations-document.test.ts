import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { SETTINGS } from '../../src/config-settings.ts'
import { COMMANDS } from '../../src/surfaces/command-line/index.ts'
import { startTestServer } from '../support/server.ts'

const text = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8')

test('every metric of ours is explained, and every metric that is explained is there', async () => {
  await using server = await startTestServer({ work: false })
  await server.client().get('/health')
  const metrics: string = (await server.client().get('/metrics')).body
  const there = new Set([...metrics.matchAll(/^# HELP (\S+)/gm)].map((match) => match[1] as string))
  const told = new Set(
    [...text.matchAll(/`((?:tintype|nodejs|process)_[a-z0-9_]+)/g)].map((match) => match[1] as string),
  )
  assert.deepEqual(
    [...there].filter((name) => name.startsWith('tintype_') && !told.has(name)),
    [],
  )
  assert.deepEqual(
    [...told].filter((name) => !there.has(name)),
    [],
  )
})

test('commands and settings of the document are there', () => {
  const commands = new Set(COMMANDS.map(({ name }) => name))
  const lines = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap((match) => (match[1] as string).split('\n'))
  const asked = [
    ...lines.flatMap((line) => /^tintype (\w+)/.exec(line)?.[1] ?? []),
    ...[...text.matchAll(/`tintype (\w+)/g)].map((match) => match[1] as string),
  ]
  assert.ok(asked.length > 10)
  assert.deepEqual(
    asked.filter((name) => !commands.has(name)),
    [],
  )
  const settings = new Set(Object.values(SETTINGS).map(({ env }) => env))
  const named = [...text.matchAll(/\b(TINTYPE_[A-Z_]+|DATABASE_URL)\b/g)].map((match) => match[1] as string)
  assert.deepEqual(
    named.filter((name) => !settings.has(name as never)),
    [],
  )
})

test('links within the document lead somewhere', () => {
  const anchors = new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map((match) => (match[1] as string).toLowerCase().replaceAll(' ', '-')),
  )
  const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map((match) => match[1] as string)
  assert.deepEqual(
    links.filter((link) => !anchors.has(link)),
    [],
  )
})
