import { Paper, Text } from '@mantine/core'
import { notifyManager, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useReducer, useSyncExternalStore } from 'react'
import type { CallError } from '../api/call.ts'
import { pauseMs } from '../api/query.ts'
import { texts } from '../texts.ts'

/** Says that the server has put off what the page asks for, and when that is asked for again by itself. */
export function PutOff() {
  const cache = useQueryClient().getQueryCache()
  const againAtMs = useSyncExternalStore(
    useCallback((tell: () => void) => cache.subscribe(notifyManager.batchCalls(tell)), [cache]),
    () =>
      cache
        .findAll({ type: 'active', fetchStatus: 'fetching' })
        .map(({ state: { fetchFailureReason: why } }) => (pauseMs(why) === null ? null : (why as CallError).againAtMs))
        .reduce((first, one) => (first === null || (one !== null && one < first) ? one : first), null),
  )
  return againAtMs === null ? null : <Countdown untilMs={againAtMs} />
}

function Countdown({ untilMs }: { untilMs: number }) {
  const [, tick] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    const clock = setInterval(tick, 500)
    return () => clearInterval(clock)
  }, [])
  const seconds = Math.max(1, Math.ceil((untilMs - performance.now()) / 1000))
  return (
    <Paper role="status" withBorder shadow="md" px="md" py="xs" className="put-off">
      <Text size="sm">
        {texts.states.putOff} {/* Told once, not with each second. */}
        <span role="timer" className="tabular">
          {texts.states.goesOn(seconds)}
        </span>
      </Text>
    </Paper>
  )
}
