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
  getEndpoint,
  listAllEndpoints,
  listEndpoints,
  locateEndpoint,
  MOST_ENDPOINTS,
  type PlacedEndpoint,
  updateEndpoint,
} from './endpoints.ts'
export { EVENT_TYPES, eventSamples, scopesOf, TEST_EVENT } from './events/index.ts'
export { createAddressGuard } from './forbidden-addresses.ts'
export { urlFault } from './guarded-fetch.ts'
export {
  countByState,
  countWaitingDeliveries,
  type Health,
  longestDeliveryDelay,
  MOST_COUNTED,
  readHealth,
} from './health.ts'
export { type AttemptCounts, createAttemptCounts } from './outcomes.ts'
export { startWebhookSender, type WebhookSender } from './sender.ts'
export { toDelivery, webhooksTold } from './tell.ts'
