import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { MUTATIONS } from '../model/mutations.ts'

test('each mutation of the model test has its one place in the code', () => {
  const wrong = MUTATIONS.map(({ rule, file, code }) => ({
    rule,
    places: readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8').split(code).length - 1,
  }))
  assert.deepEqual(
    wrong.filter(({ places }) => places !== 1),
    [],
  )
})
