// Switches off each rule of test/model/mutations.ts in a copy, and tells how long the model test takes to notice: npm
// run test:mutations -- --minutes 5 [NUMBER ...]
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { MUTATIONS, type Mutation } from '../test/model/mutations.ts'

const ROOT = resolve(import.meta.dirname, '..')
const given = process.argv.slice(2)
const at = given.indexOf('--minutes')
const minutes = at < 0 ? 5 : Number(given[at + 1])
const numbers = given.filter((argument, index) => /^\d+$/.test(argument) && index !== at + 1).map(Number)

function copyProject(): string {
  const copy = mkdtempSync(join(tmpdir(), 'tintype-mutant-'))
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0').filter(Boolean)
  for (const file of files) {
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    cpSync(join(ROOT, file), join(copy, file))
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

/** Plays worlds until one is at odds with the model. Returns its seed and what was wrong, or null. */
async function findFault(folder: string, settings: readonly string[]): Promise<{ seed: number; fault: string } | null> {
  const child = spawn(process.execPath, ['scripts/run-tests.ts', '--model', ...settings], {
    cwd: folder,
    env: { ...process.env, TINTYPE_MODEL_FIRST: 'yes' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  await new Promise((done) => child.once('close', done))
  const [, seed, fault] = /^Seed (\d+): (.*)$/m.exec(output) ?? []
  if (seed === undefined && child.exitCode !== 0)
    throw new Error(`The model test ended with ${child.exitCode}:\n${output.slice(-2_000)}`)
  return seed === undefined ? null : { seed: Number(seed), fault: fault as string }
}

/** A world that is at odds without the mutation, too, proves nothing: the next one is asked. */
async function tryOne(copy: string, { file, code, instead }: Mutation): Promise<string> {
  const path = join(copy, file)
  const text = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    text.replace(code, () => instead),
  )
  try {
    const began = Date.now()
    for (let seed = 1; Date.now() < began + minutes * 60_000; ) {
      const left = minutes - (Date.now() - began) / 60_000
      const found = await findFault(copy, ['--minutes', left.toFixed(2), '--seed', String(seed)])
      if (found === null) break
      const seconds = Math.round((Date.now() - began) / 1000)
      const without = await findFault(ROOT, ['--minutes', '0.01', '--seed', String(found.seed)])
      if (without === null) return `found after ${seconds} s, seed ${found.seed}: ${found.fault}`
      process.stdout.write(`   (seed ${found.seed} is at odds without it, too: ${without.fault})\n`)
      seed = found.seed + 1
    }
    return 'NOT FOUND'
  } finally {
    writeFileSync(path, text)
  }
}

const copy = copyProject()
try {
  for (const [index, mutation] of MUTATIONS.entries()) {
    if (numbers.length > 0 && !numbers.includes(index + 1)) continue
    const result = await tryOne(copy, mutation)
    if (result === 'NOT FOUND') process.exitCode = 1
    process.stdout.write(`${index + 1}. Without "${mutation.rule}": ${result}\n`)
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
