import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

interface Figure {
  name: string
  value: string
  bound: string
  holds: boolean
}

const RESULTS = join(import.meta.dirname, 'RESULTS.md')
const HEAD =
  '# Results\n\nWritten by `npm run bench`, part by part (`npm run bench -- snapshots`, `npm run bench -- ' +
  'records`). The figures of a part are from one run.\n'

export const median = (values: readonly number[]) => quantile(values, 0.5)
export const quantile = (values: readonly number[], part: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] as number
export const ms = (value: number) =>
  value >= 1_000 ? `${(value / 1_000).toFixed(2)} s` : value >= 10 ? `${value.toFixed(0)} ms` : `${value.toFixed(1)} ms`
export const count = (value: number) => value.toLocaleString('en-US')
export const megabytes = (bytes: number) => `${Math.round(bytes / 1_048_576)} MB`

export async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const started = performance.now()
  const result = await work()
  return [performance.now() - started, result]
}

/** Looks every 50 ms, so many times. */
export async function until(condition: () => Promise<boolean>, most = 600): Promise<void> {
  for (let tries = 0; tries < most; tries++) {
    if (await condition()) return
    await pause(50)
  }
  throw new Error(`it did not come to this: ${condition}`)
}

/** The most memory a process has had so far, in bytes; null where the system does not tell. */
export function peakMemory(pid: number | undefined): number | null {
  try {
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return peak === undefined ? null : Number(peak) * 1024
  } catch {
    return null
  }
}

/** One part of RESULTS.md: prints figures as they come and writes them as a table at the end. */
export function createReport(title: string, about: string) {
  const figures: Figure[] = []
  return {
    add(name: string, value: string, bound = '-', holds = true): void {
      figures.push({ name, value, bound, holds })
      console.log(`${holds ? ' ' : '!'} ${name}: ${value}${bound === '-' ? '' : ` (${bound})`}`)
    },
    /** Replaces this part and leaves the others as they are. */
    write(): void {
      const machine =
        `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, embedded ` +
        `PostgreSQL 18 (durable), ${new Date().toISOString().slice(0, 10)}`
      const rows = figures.map(
        ({ name, value, bound, holds }) =>
          `| ${name} | ${value} | ${bound} | ${bound === '-' ? '' : holds ? 'yes' : '**no**'} |`,
      )
      const part =
        `## ${title}\n\n${machine}. ${about}\n\n| what | measured | bound | holds ` +
        `|\n|---|---|---|---|\n${rows.join('\n')}\n`
      const [, ...parts] = (existsSync(RESULTS) ? readFileSync(RESULTS, 'utf8') : '').split(/^(?=## )/m)
      const others = parts.filter((other) => !other.startsWith(`## ${title}\n`)).map((other) => `${other.trimEnd()}\n`)
      writeFileSync(RESULTS, [HEAD, ...[...others, part].sort()].join('\n'))
    },
  }
}
