import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TSchema } from 'typebox'
import { faultsOf } from '../../src/store/validate.ts'

/**
 * Checks answers against the response schemas of one area of HighLevel's published specification (CC0), which are in
 * `official/AREA.json`: those of the catalogue and of its neighbours.
 */
export function officialAnswers(area: string): (schema: string, answer: unknown) => void {
  const { components } = JSON.parse(readFileSync(join(import.meta.dirname, 'official', `${area}.json`), 'utf8')) as {
    components: { schemas: object }
  }
  const schemas = new Map<string, TSchema>()
  return (name, answer) => {
    assert.ok(name in components.schemas, `the specification has no ${name}`)
    if (!schemas.has(name)) schemas.set(name, { $ref: `#/components/schemas/${name}`, components } as never)
    assert.deepEqual(
      faultsOf(schemas.get(name) as TSchema, answer),
      [],
      `not a ${name}: ${JSON.stringify(answer)?.slice(0, 1000)}`,
    )
  }
}
