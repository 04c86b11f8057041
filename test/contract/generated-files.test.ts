import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { generatedFiles } from '../../scripts/generated-files.ts'

for (const [path, text] of Object.entries(generatedFiles())) {
  test(`${path} is what the code says`, () => {
    assert.equal(
      readFileSync(join(import.meta.dirname, '../..', path), 'utf8'),
      text,
      'npm run generate writes it anew',
    )
  })
}
