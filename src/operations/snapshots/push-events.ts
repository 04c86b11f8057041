import type { Clock } from '../../clock.ts'
import { onBehalfOf } from '../../db/fair-pool.ts'
import type { Db } from '../../db/pool.ts'
import type { PushRow } from '../../snapshots/push.ts'
import type { PushFeeds } from '../platform.ts'
import { Feed } from './push-feed.ts'

/**
 * Between two looks at a push: so long, and longer where a tenant has many followed at a time, so that all of them cost
 * it 40 looks a second at most.
 */
const LOOK_MS = 250
const LOOK_EACH_MS = 25
const HEARTBEAT_MS = 15_000

export function createPushFeeds({ db, clock }: { db: Db; clock: Clock }): PushFeeds {
  const feeds = new Map<string, Feed>()
  const countOf = (agencyId: string) => [...feeds.values()].filter((feed) => feed.push.agencyId === agencyId).length

  function feedOf(push: PushRow): Feed {
    const known = feeds.get(push.id)
    if (known !== undefined && !known.hasEnded) return known
    const feed = new Feed(db, push, () => Math.max(LOOK_MS, LOOK_EACH_MS * countOf(push.agencyId)))
    feeds.set(push.id, feed)
    // On nobody's errand in particular: whoever came first may leave first.
    void onBehalfOf(push.agencyId, () => feed.live()).finally(() => {
      if (feeds.get(push.id) === feed) feeds.delete(push.id)
    })
    return feed
  }

  return {
    async *follow(push, isLetIn) {
      const feed = feedOf(push)
      feed.followers++
      let [pages, told, spokenMs] = [0, 0, clock.nowMs()]
      try {
        for (;;) {
          if (!(await isLetIn())) return
          const { done, progress, looks } = feed.state()
          while (pages < feed.pageCount) {
            yield await feed.page(pages++)
            if (!(await isLetIn())) return
          }
          if (progress !== null && progress.number > told) {
            told = progress.number
            yield progress.text
            spokenMs = clock.nowMs()
          }
          if (done !== null) {
            yield done
            return
          }
          if (clock.nowMs() - spokenMs > HEARTBEAT_MS) {
            spokenMs = clock.nowMs()
            yield ': still here\n\n'
          }
          await feed.lookAfter(looks)
        }
      } finally {
        feed.followers--
      }
    },
  }
}
