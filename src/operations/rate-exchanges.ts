import { startOf } from '../auth/rate-counts.ts'

export const INTERVAL_MS = 10_000
/** Between two exchanges with the other processes; and where they may have something to say that matters now. */
export const EXCHANGE_MS = 250
export const SOON_MS = 25

/** `known`: the sum of all processes when they were last asked; `unsent`: what this one has counted since. */
export interface Window {
  startedMs: number
  known: number
  unsent: number
}

export interface Entry {
  name: string
  interval: Window
  day: Window
  learntMs: number
}

export const windowAt = (nowMs: number, lengthMs: number): Window => ({
  startedMs: startOf(nowMs, lengthMs),
  known: 0,
  unsent: 0,
})

/** What was sent is part of the sum; a sum of another window says nothing about this one. */
export function settle(window: Window, sent: number, startedMs: number, sum: number): void {
  window.known = window.startedMs === startedMs ? sum : window.known + sent
  window.unsent -= sent
}

/** Runs `exchange` now and then, never twice at a time. The timer keeps no process alive. */
export function createExchanges(exchange: () => Promise<void>) {
  let timer: NodeJS.Timeout | undefined
  let dueMs = Number.POSITIVE_INFINITY
  let running: Promise<void> | null = null

  /** A run that comes due while one is under way follows it, if anybody still asks. */
  function within(delayMs: number): void {
    const wantedMs = performance.now() + delayMs
    if (wantedMs >= dueMs) return
    clearTimeout(timer)
    dueMs = wantedMs
    timer = setTimeout(run, delayMs).unref()
  }

  function run(): void {
    dueMs = Number.POSITIVE_INFINITY
    if (running !== null) {
      within(SOON_MS)
      return
    }
    running = exchange().finally(() => {
      running = null
    })
  }

  return {
    within,
    /** What is still unsent is sent: the next process goes on from there. */
    async end() {
      clearTimeout(timer)
      dueMs = Number.NEGATIVE_INFINITY
      await running
      await exchange()
    },
  }
}
