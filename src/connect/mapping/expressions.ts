import { type ChildProcess, fork } from 'node:child_process'
import type { Habits } from './document.ts'
import { type Batch, READY } from './evaluation.ts'
import type { Evaluated, Job } from './inside.ts'

/*
 * Expressions are programs of strangers: they run in a process of their own (expression-process.ts), one for all, which is there
 * while it has work. Nobody waits for one that goes on for ever, and one that eats all memory ends its own process only.
 */

const MEMORY_MB = 96
const FLAGS = [`--max-old-space-size=${MEMORY_MB}`, '--max-semi-space-size=4', '--permission', '--allow-fs-read=*']
/** What starts Node faster, and what it needs on small systems; nothing else is passed on. */
const ENVIRONMENT = ['LD_LIBRARY_PATH', 'MALLOC_ARENA_MAX', 'NODE_COMPILE_CACHE', 'SYSTEMROOT']
/** Without work it ends: it holds some 60 MB. */
const IDLE_MS = 60_000
/** Each expression is ended after a second. Whoever does not answer for so long is broken. */
const PATIENCE_MS = 30_000
/** Between batches of one mapping those of others have their turn. */
const BATCH = 200
const BATCH_CHARACTERS = 2_000_000

/** What became of the first jobs of a batch; or it ended the process, which had answered so many before. */
type Came = Evaluated[][] | { endedAfter: number }

interface Waiting {
  batch: Batch
  settle(came: Came): void
  fail(error: Error): void
}

let child: ChildProcess | null = null
let current: Waiting | null = null
const waiting: Waiting[] = []
let timer: NodeJS.Timeout | undefined

/** What each expression of each job makes, in their order. */
export async function evaluateAll(jobs: readonly Job[], habits: Habits): Promise<Evaluated[][]> {
  const results: Evaluated[][] = []
  /** Up to here they go one by one: one of them has ended the process. */
  let suspects = 0
  let deaths = 0
  while (results.length < jobs.length) {
    const isSuspect = results.length < suspects
    const batch = firstOf(jobs, results.length, isSuspect ? 1 : BATCH)
    const came = await evaluateBatch({ jobs: batch, habits })
    if (Array.isArray(came)) {
      results.push(...came)
      deaths = 0
    } else if (batch.length > 1) suspects = results.length + batch.length
    // What others left behind may have been too much already.
    else if (came.endedAfter > 0 && ++deaths < MOST_DEATHS) suspects = Math.max(suspects, results.length + 1)
    else results.push((batch[0] as Job).expressions.map(() => TOO_MUCH))
  }
  return results
}

const MOST_DEATHS = 3
const TOO_MUCH = { error: `it needs more than ${MEMORY_MB} MB of memory` }

function firstOf(jobs: readonly Job[], start: number, most: number): readonly Job[] {
  let end = start
  for (let characters = 0; end < jobs.length && end < start + most; end++) {
    characters += jobs[end]?.json.length ?? 0
    if (characters > BATCH_CHARACTERS && end > start) break
  }
  return jobs.slice(start, end)
}

function evaluateBatch(batch: Batch): Promise<Came> {
  const { promise, resolve: settle, reject: fail } = Promise.withResolvers<Came>()
  waiting.push({ batch, settle, fail })
  if (current === null) next()
  return promise
}

function next(): void {
  clearTimeout(timer)
  current = waiting.shift() ?? null
  if (current === null) {
    child?.unref()
    child?.channel?.unref()
    timer = setTimeout(() => child?.kill('SIGKILL'), IDLE_MS).unref()
    return
  }
  child ??= start()
  child.ref()
  child.channel?.ref()
  child.send(current.batch)
  timer = setTimeout(() => child?.kill('SIGKILL'), PATIENCE_MS)
}

function start(): ChildProcess {
  const started = fork(new URL('./expression-process.ts', import.meta.url), {
    execArgv: FLAGS,
    env: Object.fromEntries(
      ENVIRONMENT.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    ),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  let isReady = false
  let answers = 0
  const end = (error = new Error('the process that expressions run in does not start')) => {
    if (child !== started) return
    child = null
    if (isReady) current?.settle({ endedAfter: answers })
    else current?.fail(error)
    next()
  }
  return started
    .on('message', (came) => {
      isReady = true
      if (came === READY) return
      answers++
      current?.settle(came as Evaluated[][])
      next()
    })
    .on('error', end)
    .on('exit', () => end())
}
