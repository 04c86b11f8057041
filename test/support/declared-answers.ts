import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')
const COMPILER = join(ROOT, 'node_modules/typescript/lib/tsc.js')
const SDK = join(ROOT, 'node_modules/@gohighlevel/api-client/dist/index.d.ts')

export interface Answered {
  service: string
  method: string
  answer: unknown
}

/** One line of a program, and the place in an answer that stands there. */
interface Line {
  text: string
  place: string
}

/** What is declared must be there, in that type; more may be. */
const HEAD = `import type { HighLevel } from ${JSON.stringify(SDK.replace(/\.d\.ts$/, '.js'))}
type Open<T> = T extends (infer One)[] ? Open<One>[]
  : T extends object ? { [Key in keyof T]: Open<T[Key]> } & { [more: string]: unknown } : T
type Answer<Method> = Method extends (...given: never[]) => Promise<infer One> ? Open<One> : never
`

/**
 * Where answers break the types that the official SDK declares for them, as TypeScript sees it: sorted, each once, like
 * `contacts.getContact contact.tags[]: Type 'number' is not assignable to type 'string'.`
 */
export function undeclared(answers: readonly Answered[]): string[] {
  const lines = HEAD.split('\n').map((text) => ({ text, place: '' }))
  for (const [index, { service, method, answer }] of answers.entries()) {
    const type = `Answer<HighLevel['${service}']['${method}']>`
    lines.push(...linesOf(answer, `${service}.${method}`, `const answer${index}: ${type} = `, ''))
  }
  lines.push({ text: 'export {}', place: '' })
  return [...new Set(complaintsAbout(lines))].sort()
}

function linesOf(value: unknown, place: string, before: string, after: string): Line[] {
  if (typeof value !== 'object' || value === null) return [{ text: `${before}${JSON.stringify(value)}${after}`, place }]
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  return [
    { text: `${before}${open}`, place },
    ...Object.entries(value).flatMap(([key, one]) =>
      Array.isArray(value)
        ? linesOf(one, `${place}[]`, '', ',')
        : linesOf(one, `${place}${place.includes(' ') ? '.' : ' '}${key}`, `${JSON.stringify(key)}: `, ','),
    ),
    { text: `${close}${after}`, place },
  ]
}

function complaintsAbout(lines: readonly Line[]): string[] {
  // Named so that the runner sweeps it when we are killed.
  using folder = mkdtempDisposableSync(join(tmpdir(), `tintype-test-${process.pid}-declared-`))
  writeFileSync(join(folder.path, 'answers.ts'), lines.map(({ text }) => text).join('\n'))
  const compilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: 'esnext',
    module: 'nodenext',
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
  }
  writeFileSync(join(folder.path, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['answers.ts'] }))
  const options = { encoding: 'utf8', maxBuffer: 2 ** 26 } as const
  const { stdout, stderr } = spawnSync(process.execPath, [COMPILER, '-p', folder.path, '--pretty', 'false'], options)
  return stdout.split('\n').flatMap((line) => {
    // What stands indented below says why, from type to type.
    if (line === '' || line.startsWith(' ')) return []
    const [, number, said] = /^\S*answers\.ts\((\d+),\d+\): error TS\d+: (.*)$/.exec(line) ?? []
    assert.ok(number !== undefined, `${line}\n${stderr}`)
    return [`${lines[Number(number) - 1]?.place}: ${said}`]
  })
}
