import type { TaskList } from 'graphile-worker'
import { connectionAlert } from './connection-alert.ts'
import type { JobContext } from './context.ts'
import { dryRunOf } from './dry-run.ts'
import { feedConnectionOf } from './feed-connection.ts'
import { mailLink } from './mail-link.ts'
import { mailNews } from './mail-news.ts'
import { maintain } from './maintain.ts'
import { pollConnectionOf } from './poll-connection.ts'
import { pushBatch } from './push-batch.ts'
import { recurringTask } from './recurring-task.ts'
import { releaseMessage } from './release-message.ts'
import { sumCountsOf } from './sum-counts.ts'
import { undoRunOf } from './undo-run.ts'

/** What happens later: one file per job. */
export function createTasks(context: JobContext): TaskList {
  return {
    'connection-alert': (payload, helpers) => connectionAlert(context, payload, helpers),
    'dry-run': (payload) => dryRunOf(context, payload),
    'feed-connection': (payload) => feedConnectionOf(context, payload),
    'mail-link': (payload, helpers) => mailLink(context, payload, helpers),
    'mail-news': (payload, helpers) => mailNews(context, payload, helpers),
    maintain: () => maintain(context),
    'poll-connection': (payload) => pollConnectionOf(context, payload),
    'push-batch': (payload, helpers) => pushBatch(context, payload, helpers),
    'release-message': (payload) => releaseMessage(context, payload),
    'recurring-task': (payload) => recurringTask(context, payload),
    'sum-counts': (payload) => sumCountsOf(context, payload),
    'undo-run': (payload) => undoRunOf(context, payload),
  }
}
