import pg from 'pg'
import { EXCEPTIONS } from './exceptions.ts'
import { judge, VOLATILITY } from './judge.ts'
import { ownersOf } from './owners.ts'
import type { Rule, Volatility } from './rules.ts'

/** What functions of this database are. */
export async function readVolatility(url: string): Promise<Volatility> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query(VOLATILITY)
    return new Map(rows.map(({ name, kind }) => [name, kind]))
  } finally {
    await client.end()
  }
}

interface Checked {
  /** Each with where it comes from and what is wrong with it. */
  problems: string[]
  /** Exceptions that nothing needed. */
  unused: string[]
}

/** Looks at statements of ours for what a cluster would refuse or do on all its nodes; those of tests are left out. */
export function checkStatements(texts: readonly string[], volatility: Volatility): Checked {
  const judged = texts.map((text) => ({ text, findings: judge(text, volatility) }))
  const found = judged.filter(({ findings }) => findings === null || findings.length > 0)
  const owners = ownersOf(found.map(({ text }) => text))
  const used = new Set<string>()
  const excepted = new Set(EXCEPTIONS.flatMap(({ rule, files }) => files.map((file) => keyOf(rule, file))))
  const problems = found.flatMap(({ text, findings }) => {
    const owner = owners.get(text) as string
    if (owner.startsWith('test/')) return []
    if (findings === null) return [`${owner} sends what no parser understands: ${short(text)}`]
    return findings.flatMap(({ rule, table }) => {
      const key = keyOf(rule, owner)
      used.add(key)
      return excepted.has(key) ? [] : [`${key} (${table}): ${short(text)}`]
    })
  })
  return { problems, unused: [...excepted].filter((key) => !used.has(key)) }
}

const keyOf = (rule: Rule, file: string) => `${file}: ${rule}`
const short = (text: string) => text.replace(/\s+/g, ' ').trim().slice(0, 600)
