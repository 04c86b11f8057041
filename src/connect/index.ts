export { codeGrantOf, redirectOf, setAuthorised } from './connections/authorised.ts'
export {
  type Connection,
  countConnections,
  createConnection,
  deleteConnection,
  forgetConnectionsGone,
  getConnection,
  type Hold,
  isOfAgency,
  listConnections,
  locateConnection,
  MOST_CONNECTIONS,
  type Settings,
  STATES,
  setMailName,
  USUAL_SETTINGS,
  updateConnection,
  WAYS,
  type Way,
} from './connections/connection.ts'
export {
  CONNECTION_SORTS,
  type ConnectionSort,
  listAllConnections,
  MOST_FAILED,
  STANDINGS,
  type Standing,
} from './connections/overview.ts'
export { addVersion, Definition, getVersion, listVersions, type Version } from './connections/versions.ts'
export {
  type Attempt,
  addDeliveries,
  countDeliveries,
  DELIVERY_STATES,
  type Delivery,
  forgetDeliveries,
  getDelivery,
  listDeliveries,
  replay,
} from './deliveries.ts'
export {
  countEndpoints,
  createEndpoint,
  deleteEndpoint,
  type Endpoint,
  type EndpointOwner,
  findConnected,
  findEndpointName,
  getEndpoint,
  listAllEndpoints,
  listEndpoints,
  locateEndpoint,
  MOST_ENDPOINTS,
  type PlacedEndpoint,
  updateEndpoint,
} from './endpoints.ts'
export { EVENT_TYPES, eventSamples, eventsOfKind, scopesOf, TEST_EVENT } from './events/index.ts'
export { createAddressGuard } from './forbidden-addresses.ts'
export { createGuardedFetch, urlFault } from './guarded-fetch.ts'
export {
  countByState,
  countWaitingDeliveries,
  type Health,
  longestDeliveryDelay,
  MOST_COUNTED,
  readHealth,
} from './health.ts'
export { type Arrival, forgetArrivals, freeSamples, getArrival, listArrivals } from './incoming/arrivals.ts'
export { type Catcher, createCatcher, type Hook } from './incoming/catch.ts'
export { itemsOf } from './incoming/items.ts'
export { type MailIn, startMailIn } from './incoming/mail-in.ts'
export { askToPoll, pollConnection, pollSince, tryPoll } from './incoming/polls.ts'
export { holdToken, keepToken, NO_TOKEN, readCredentials } from './incoming/tokens.ts'
export { askToFeed } from './incoming/turns.ts'
export { MappingFault } from './mapping/compile.ts'
export type { MappedValues } from './mapping/document.ts'
export { changesOf } from './mapping/settle.ts'
export { LINE_TARGETS, TARGETS } from './mapping/targets.ts'
export { type AttemptCounts, createAttemptCounts } from './outcomes.ts'
export { PRESETS } from './presets/index.ts'
export { CsvUnreadable } from './reading/csv.ts'
export { emailFaults } from './reading/email.ts'
export type { Asking } from './reading/oauth.ts'
export { codeFaults, exchangeCode, permissionAddress, revokeTokens } from './reading/oauth-code.ts'
export { pollSecretFaults } from './reading/poll-secrets.ts'
export { SIGNATURE_PRESETS } from './reading/verify.ts'
export { compiledOf } from './runs/compiled.ts'
export { dryRun, MOST_DRY_ROWS, preview } from './runs/dry.ts'
export type { Feeding } from './runs/feed.ts'
export { feedConnection } from './runs/feed-turns.ts'
export { addFaultsOf, readFile } from './runs/files.ts'
export { moveLinks, recordsByOutsideId } from './runs/links.ts'
export { masked, unmasked } from './runs/masked.ts'
export { decideRevert, namedBy, revertRecords, withoutNulls } from './runs/revert.ts'
export { addRows, listRows, type NewRow, ROW_STATES, type Row, rowIds, settleDead } from './runs/rows.ts'
export {
  beginRun,
  createRun,
  endRun,
  getRun,
  listRuns,
  markUndoing,
  noteWriting,
  RUN_KINDS,
  RUN_STATES,
  type Run,
} from './runs/runs.ts'
export { addSetsOf } from './runs/sets.ts'
export { undoRun } from './runs/undo.ts'
export { learnAnew, stopForLost, watchColumns } from './runs/watch.ts'
export type {
  DryWorld,
  Left,
  MappedItem,
  Revert,
  Reverted,
  Reverting,
  Writer,
  Writers,
  Writing,
  Written,
} from './runs/writer.ts'
export { startWebhookSender, type WebhookSender } from './sender.ts'
export { namesOfSubjects } from './subjects.ts'
export { toDelivery, webhooksTold } from './tell.ts'
