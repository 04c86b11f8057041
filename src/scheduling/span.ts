import { invalid } from '../errors.ts'

/** 422 unless the end comes after the start, and not too long after. */
export function checkedSpan(startMs: number, endMs: number, longestMs: number): Span {
  if (endMs <= startMs) throw invalid(['endTime must be after startTime'])
  if (endMs - startMs > longestMs)
    throw invalid([`endTime must be at most ${longestMs / 86_400_000} days after startTime`])
  return { startMs, endMs }
}

export const isoOf = (ms: number) => new Date(ms).toISOString()

/** From this moment until before that one. */
export interface Span {
  startMs: number
  endMs: number
}

/** Spans that touch or overlap as one, in order. */
export function joinedSpans(spans: readonly Span[]): Span[] {
  const joined: Span[] = []
  for (const { startMs, endMs } of [...spans].sort((a, b) => a.startMs - b.startMs)) {
    const last = joined.at(-1)
    if (last !== undefined && startMs <= last.endMs) last.endMs = Math.max(last.endMs, endMs)
    else joined.push({ startMs, endMs })
  }
  return joined
}
