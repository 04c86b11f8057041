import { useQuery } from '@tanstack/react-query'
import { lazy, memo, Suspense } from 'react'
import { reads } from '../../api/query.ts'
import { isRunning } from '../../parts/push-words.ts'

// Most of the time nothing runs.
const RunningCards = lazy(() => import('./running-cards.tsx'))

const LOOK_MS = 5_000
const SHOWN = 3

/** Pushes that are under way. Nothing where there is none. */
export const RunningPushes = memo(function RunningPushes() {
  const { data } = useQuery({ ...reads('pushes.list', { limit: 20 }), refetchInterval: LOOK_MS })
  const running = data?.pushes.filter(({ status }) => isRunning(status)).slice(0, SHOWN) ?? []
  if (running.length === 0) return null
  return (
    <Suspense>
      <RunningCards pushes={running} />
    </Suspense>
  )
})
