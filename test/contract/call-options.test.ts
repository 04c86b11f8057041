import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { registry } from '../../src/operations/index.ts'
import { parseArguments } from '../../src/surfaces/command-line/arguments.ts'
import { runCall } from '../../src/surfaces/command-line/call.ts'
import { CALL_OPTIONS, inputOptions, parserOptions, readInput } from '../../src/surfaces/command-line/call-options.ts'
import type { UsageError } from '../../src/surfaces/command-line/command.ts'

/** What `tintype call NAME ...` sends. */
function inputOf(name: string, ...args: string[]): Record<string, unknown> {
  const operation = registry.get(name)
  const options = inputOptions(operation)
  return readInput(operation, options, parseArguments(args, { ...CALL_OPTIONS, ...parserOptions(options) }).values)
}

test('a list that may also be a word is written as a list, an element of it, or the word', () => {
  const push = (...args: string[]) => inputOf('snapshots.push', ...args).locationIds
  assert.deepEqual(push('--location-ids', 'a'), ['a'])
  assert.deepEqual(push('--location-ids', 'a,b'), ['a', 'b'])
  assert.deepEqual(push('--location-ids', 'a', '--location-ids', 'b'), ['a', 'b'])
  assert.deepEqual(push('--location-ids', '["a","b"]'), ['a', 'b'])
  assert.equal(push('--location-ids', 'all'), 'all')
  for (const [said, meant] of [
    ['true', true],
    ['false', false],
    ['all', 'all'],
  ] as const)
    assert.equal(inputOf('snapshots.push', '--deletions', said).deletions, meant)
})

test('a file is read where a file is meant', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tintype-call-'))
  try {
    writeFileSync(join(folder, 'studio.ndjson'), 'one\ntwo\n')
    assert.equal(
      inputOf('snapshots.importFile', '--archive', `@${join(folder, 'studio.ndjson')}`).archive,
      'one\ntwo\n',
    )
    assert.throws(
      () => inputOf('snapshots.importFile', '--archive', `@${join(folder, 'gone')}`),
      /--archive: .*gone cannot be read/,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('an unknown option is named, and nothing is said of other things', () => {
  assert.throws(
    () => inputOf('tags.create', '--nmae', 'x'),
    (error: UsageError) => {
      assert.equal(error.message, "Unknown option '--nmae'. With --help you see those that there are.")
      return true
    },
  )
})

test('operations are found by a word', async () => {
  const list = async (...args: string[]) => {
    const lines: string[] = []
    assert.equal(await runCall(args, { env: {}, print: (line: string) => void lines.push(line) } as never), 0)
    return lines.join('\n')
  }
  const found = await list('rollback')
  assert.match(found, /pushes\.rollback/)
  assert.doesNotMatch(found, /tags\.create/)
  assert.match(await list('Snapshots'), /snapshots\.push/)
  assert.match(await list(), /tags\.create/)
  await assert.rejects(list('nonsense'), /There is no operation nonsense/)
  await assert.rejects(list('tags.nonsense'), /Did you mean one of tags\./)
})
