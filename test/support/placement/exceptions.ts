import type { Rule } from './rules.ts'

/** What stands although a cluster refuses it, or does it on all its nodes: by the file that wrote it. */
export interface Exception {
  rule: Rule
  why: string
  files: string[]
}

const OF_AN_AGENCY =
  'A list for people of what an agency has in all its sub-accounts: every node is asked, and no push waits for it.'
const WITHOUT_LOCATION = 'Only an id is known, and which sub-account holds it is the question.'
const NOT_YET_LISTS =
  'Not yet: its locations come as a list that is joined, of a batch or of a round, and not as a parameter as well.'
const NOT_YET_HIDDEN =
  'Not yet: the location is hidden (`location_id || …`) so that another index is taken, and from a cluster too.'
const NOT_YET_INSERTS = 'Not yet: several writes in one statement that is itself an insert, where it could be a select.'
const NOT_YET_COORDINATOR = 'Not yet: for each row of one side the other is asked, and one of them is the coordinator.'
const NOT_YET_LOCKS = 'Not yet: rows of several locations are locked by one statement.'

/** A new one needs its reason; one that nothing needs any more goes. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    rule: 'correlated across',
    why: OF_AN_AGENCY,
    files: [
      'src/auth/installed-locations.ts',
      'src/auth/installs.ts',
      'src/operations/snapshots/mixed.ts',
      'src/snapshots/drift.ts',
      'src/snapshots/fleet.ts',
      'src/snapshots/recent.ts',
      'src/snapshots/standing.ts',
      'src/store/changes/history.ts',
    ],
  },
  {
    rule: 'correlated across',
    why: WITHOUT_LOCATION,
    files: ['src/auth/tenants.ts'],
  },
  {
    rule: 'correlated across',
    why: NOT_YET_LISTS,
    files: [
      'src/journal/as-of.ts',
      'src/journal/inbox.ts',
      'src/snapshots/apply.ts',
      'src/snapshots/broken-counts.ts',
      'src/snapshots/conflicts-noted.ts',
      'src/snapshots/covered.ts',
      'src/snapshots/decide.ts',
      'src/snapshots/elsewhere.ts',
      'src/snapshots/finish.ts',
      'src/snapshots/going.ts',
      'src/snapshots/keys.ts',
      'src/snapshots/match.ts',
      'src/snapshots/missing.ts',
      'src/snapshots/ref-names.ts',
      'src/snapshots/remove.ts',
      'src/snapshots/revive.ts',
      'src/snapshots/tag-follow.ts',
      'src/snapshots/undo-buried.ts',
      'src/snapshots/undo.ts',
      'src/snapshots/write.ts',
      'src/store/records/standing.ts',
      'src/store/records/ties.ts',
    ],
  },
  {
    rule: 'correlated across',
    why: NOT_YET_HIDDEN,
    files: [
      'src/store/records/gathered-statements.ts',
      'src/store/records/identities.ts',
      'src/store/records/reads.ts',
    ],
  },
  {
    rule: 'correlated with the coordinator',
    why: NOT_YET_COORDINATOR,
    files: [
      'src/auth/installed-locations.ts',
      'src/auth/installs.ts',
      'src/auth/tenants.ts',
      'src/journal/requests.ts',
      'src/snapshots/apply.ts',
      'src/snapshots/conflicts-noted.ts',
      'src/snapshots/decide.ts',
      'src/snapshots/drift.ts',
      'src/snapshots/elsewhere.ts',
      'src/snapshots/finish.ts',
      'src/snapshots/fleet.ts',
      'src/snapshots/load-names.ts',
      'src/snapshots/location-assets.ts',
      'src/snapshots/progress.ts',
      'src/snapshots/recent.ts',
      'src/snapshots/remove.ts',
      'src/snapshots/standing.ts',
      'src/snapshots/undo-adopted.ts',
      'src/snapshots/write.ts',
    ],
  },
  {
    rule: 'ends with an insert',
    why: NOT_YET_INSERTS,
    files: [
      'src/snapshots/release.ts',
      'src/snapshots/remove.ts',
      'src/snapshots/revive.ts',
      'src/snapshots/undo-buried.ts',
      'src/snapshots/undo.ts',
      'src/store/records/gathered-statements.ts',
    ],
  },
  {
    rule: 'locked across',
    why: NOT_YET_LOCKS,
    files: ['src/store/changes/append.ts', 'src/store/records/counts.ts', 'src/store/records/sets.ts'],
  },
  {
    rule: 'whole table',
    why: OF_AN_AGENCY,
    files: [
      'src/auth/installed-locations.ts',
      'src/auth/installs.ts',
      'src/operations/snapshots/mixed.ts',
      'src/snapshots/drift.ts',
      'src/snapshots/fleet.ts',
      'src/snapshots/progress.ts',
      'src/snapshots/push-list.ts',
      'src/snapshots/recent.ts',
      'src/snapshots/standing.ts',
      'src/store/changes/history.ts',
    ],
  },
  {
    rule: 'whole table',
    why: WITHOUT_LOCATION,
    files: ['src/auth/tenants.ts', 'src/connect/subjects.ts'],
  },
  {
    rule: 'whole table',
    why: NOT_YET_LISTS,
    files: [
      'src/journal/as-of.ts',
      'src/journal/inbox.ts',
      'src/snapshots/apply.ts',
      'src/snapshots/bare-tags.ts',
      'src/snapshots/batch.ts',
      'src/snapshots/bookings.ts',
      'src/snapshots/broken-counts.ts',
      'src/snapshots/check-options.ts',
      'src/snapshots/conflicts-noted.ts',
      'src/snapshots/covered.ts',
      'src/snapshots/decide.ts',
      'src/snapshots/elsewhere.ts',
      'src/snapshots/finish.ts',
      'src/snapshots/going.ts',
      'src/snapshots/identify.ts',
      'src/snapshots/keys.ts',
      'src/snapshots/load-names.ts',
      'src/snapshots/match.ts',
      'src/snapshots/merge-tags.ts',
      'src/snapshots/missing.ts',
      'src/snapshots/moved.ts',
      'src/snapshots/plan.ts',
      'src/snapshots/push.ts',
      'src/snapshots/release.ts',
      'src/snapshots/remove.ts',
      'src/snapshots/revive.ts',
      'src/snapshots/rollback-accepted.ts',
      'src/snapshots/rollback-parts.ts',
      'src/snapshots/rollback-rest.ts',
      'src/snapshots/rollback.ts',
      'src/snapshots/same-texts.ts',
      'src/snapshots/snapshots.ts',
      'src/snapshots/stages-after.ts',
      'src/snapshots/tag-follow.ts',
      'src/snapshots/undo-adopted.ts',
      'src/snapshots/undo-buried.ts',
      'src/snapshots/undo-links.ts',
      'src/snapshots/undo.ts',
      'src/snapshots/write.ts',
      'src/store/changes/append.ts',
      'src/store/records/object-ids.ts',
      'src/store/records/sets.ts',
      'src/store/records/standing.ts',
      'src/store/records/ties.ts',
    ],
  },
  {
    rule: 'whole table',
    why: NOT_YET_HIDDEN,
    files: [
      'src/store/records/counts.ts',
      'src/store/records/gathered-statements.ts',
      'src/store/records/identities.ts',
      'src/store/records/locks.ts',
      'src/store/records/paging.ts',
      'src/store/records/reads.ts',
    ],
  },
]
