import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

const MAIN = join(import.meta.dirname, '../../bin/tintype.js')
/** Each start says with which flags, and the last one is what runs. */
const TELLS = "--import=data:text/javascript,process.stderr.write('flags:'+process.execArgv.join()+'%5Cn')"

/** Megabytes of short-lived values. */
function semiSpaceOf(command: string): number {
  const { stderr } = spawnSync(process.execPath, [MAIN, command, '--help'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: TELLS },
  })
  const last = stderr.split('\n').findLast((line) => line.startsWith('flags:')) ?? ''
  return Number(/.*--max-semi-space-size=(\d+)/.exec(last)?.[1])
}

test('a worker, whose sets of rows live long, has more room for short-lived values than a server', () => {
  assert.deepEqual(['serve', 'up', 'work'].map(semiSpaceOf), [4, 4, 16])
})
