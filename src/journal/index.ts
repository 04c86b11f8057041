export { type BodyStore, BodyStoreAway, IN_DATABASE } from './bodies.ts'
export { statesAfter } from './changes.ts'
export { deleteConsumer, findConsumer, setConsumer } from './consumers.ts'
export { createJournalFeeds, followJournal, type JournalFeeds } from './feeds.ts'
export { isSignedFile, packFile, readFile, signFile } from './files.ts'
export { needsValue, needsValues, OPERATORS, type Operator } from './filters.ts'
export { type AppLife, type Committed, isOfApp, type LocationLife } from './inbox.ts'
export { LISTED_TYPE } from './lists.ts'
export { LIFE_EVENTS } from './lives.ts'
export { createObjectStore } from './object-store.ts'
export { isGivenOffset, msOfOffset, offsetBefore } from './offsets.ts'
export { listeningApps, listListeners, listReaders, MOST_FILES } from './overview.ts'
export { ensureJournalPartitions, forgetSegments, keptFromMs } from './partitions.ts'
export { createReadingPlaces, type ReadingPlaces } from './places.ts'
export {
  acceptRequest,
  countWaiting,
  forgetRequests,
  type Item,
  itemId,
  JOURNAL_WORK,
  MOST_ITEMS,
  readRequest,
  readStatus,
} from './requests.ts'
export { type AlsoTold, ROUND_LOCK } from './round.ts'
export { firstOffsets, type Journal, knownOffsets, lastOffsets, offsetsAfter, seal } from './segments.ts'
export {
  ACTIONS,
  type Condition,
  countSubscriptions,
  createFilter,
  deleteFilter,
  deleteSubscription,
  deleteSubscriptionsOf,
  type Filter,
  findFilter,
  findSubscription,
  listFilters,
  listSubscriptions,
  MARK,
  SUBSCRIPTION_TYPES,
  type Subscription,
  upsertSubscription,
  type Wish,
} from './subscriptions.ts'
export { type JournalWriter, startJournalWriter } from './writer.ts'
