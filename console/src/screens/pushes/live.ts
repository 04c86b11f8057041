import { useEffect } from 'react'
import { follow } from '../../api/follow.ts'
import { forget, queryClient, reads } from '../../api/query.ts'
import { isRunning, type Push } from '../../parts/push-words.ts'

/** After a stream that broke. */
const AGAIN_MS = 2_000
/** Targets end in thousands: their list is asked for anew so often at most. */
const LIST_MS = 1_500

/**
 * Follows a push while it runs: what its stream tells is what `pushes.get` would answer. Whoever leaves ends the
 * following, not the push.
 */
export function useLive(push: Push | undefined): void {
  const id = push?.id
  const runs = push !== undefined && isRunning(push.status)
  useEffect(() => {
    if (id === undefined || !runs) return
    const end = new AbortController()
    let listed = 0
    const put = (data: unknown) => queryClient.setQueryData(reads('pushes.get', { pushId: id }).queryKey, data as never)
    const list = (isLast: boolean) => {
      if (!isLast && performance.now() - listed < LIST_MS) return
      listed = performance.now()
      void forget('pushes.targets', 'pushes.target')
    }
    const run = async () => {
      while (!end.signal.aborted) {
        try {
          for await (const { event, data } of follow('pushes.events', { pushId: id }, end.signal)) {
            if (event === 'target') list(false)
            if (event === 'progress' || event === 'done') put(data)
            if (event === 'done') {
              list(true)
              return void forget('snapshots.conflicts', 'snapshots.drift', 'fleet.list', 'pushes.list')
            }
          }
        } catch {
          // The page is left, or the connection broke: what is shown is looked up, and followed again.
        }
        if (end.signal.aborted) return
        await new Promise((done) => setTimeout(done, AGAIN_MS))
        void forget('pushes.get')
      }
    }
    void run()
    return () => end.abort()
  }, [id, runs])
}
