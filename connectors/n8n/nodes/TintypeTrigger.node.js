const { createHmac, timingSafeEqual } = require('node:crypto')
const { catalogue, connect, loadOptions } = require('../client.js')
const { authentication, credentials, option } = require('../properties.js')

const PATIENCE_S = 300

/** Whether Tintype signed it, and lately: Standard Webhooks, `v1`. */
function isOurs({ headers, body, secret, nowMs }) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures = '' } = headers
  if (!(Math.abs(nowMs / 1000 - Number(timestamp)) <= PATIENCE_S)) return false
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const right = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest()
  return signatures
    .split(' ')
    .filter((one) => one.startsWith('v1,'))
    .map((one) => Buffer.from(one.slice(3), 'base64'))
    .some((one) => one.length === right.length && timingSafeEqual(one, right))
}

const clientOf = (functions) => connect(functions, functions.getNodeParameter('authentication'))
const isMissing = (error) => String(error.httpCode ?? error.statusCode ?? error.response?.status) === '404'

/** Of an agency's connection its locations' webhooks are named with their location. */
const queryOf = (functions, { place }) => {
  const locationId = functions.getNodeParameter('locationId', '') || place.locationId
  return locationId ? `?locationId=${encodeURIComponent(locationId)}` : ''
}

const webhookMethods = {
  default: {
    async checkExists() {
      const kept = this.getWorkflowStaticData('node')
      if (kept.webhookId === undefined) return false
      try {
        const client = await clientOf(this)
        const { webhook } = await client.send({ method: 'GET', address: `/webhooks/${kept.webhookId}` })
        return webhook.enabled && webhook.url === this.getNodeWebhookUrl('default')
      } catch (error) {
        if (isMissing(error)) return false
        throw error
      }
    },

    async create() {
      const client = await clientOf(this)
      const { webhook, secret } = await client.send({
        method: 'POST',
        address: `/webhooks/${queryOf(this, client)}`,
        body: {
          name: `n8n: ${this.getWorkflow().name ?? this.getWorkflow().id}`,
          url: this.getNodeWebhookUrl('default'),
          events: this.getNodeParameter('events').map((type) => ({ type })),
          ordered: this.getNodeParameter('ordered', false),
        },
      })
      Object.assign(this.getWorkflowStaticData('node'), { webhookId: webhook.id, secret })
      return true
    },

    async delete() {
      const kept = this.getWorkflowStaticData('node')
      if (kept.webhookId === undefined) return true
      try {
        const client = await clientOf(this)
        await client.send({ method: 'DELETE', address: `/webhooks/${kept.webhookId}` })
      } catch (error) {
        if (!isMissing(error)) return false
      }
      delete kept.webhookId
      delete kept.secret
      return true
    },
  },
}

/** Starts a workflow as soon as something happens. */
class TintypeTrigger {
  description = {
    displayName: 'Tintype Trigger',
    name: 'tintypeTrigger',
    icon: 'file:../tintype.svg',
    group: ['trigger'],
    version: 1,
    subtitle: '={{$parameter["events"].join(", ")}}',
    description: 'Starts a workflow when something happens in a sub-account',
    defaults: { name: 'Tintype Trigger' },
    inputs: [],
    outputs: ['main'],
    credentials,
    webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' }],
    properties: [
      authentication,
      {
        displayName: 'Events',
        name: 'events',
        type: 'multiOptions',
        required: true,
        options: catalogue.events.map(option),
        default: [],
      },
      {
        displayName: 'Location',
        name: 'locationId',
        type: 'options',
        typeOptions: { loadOptionsMethod: 'locations' },
        description: 'Needless where the credential is for one location',
        default: '',
      },
      {
        displayName: 'In Order',
        name: 'ordered',
        type: 'boolean',
        description: 'Whether later events of a record wait until the earlier one was taken',
        default: false,
      },
    ],
  }

  methods = { loadOptions }
  webhookMethods = webhookMethods

  async webhook() {
    const request = this.getRequestObject()
    const { secret } = this.getWorkflowStaticData('node')
    const body = request.rawBody ?? JSON.stringify(request.body)
    if (secret === undefined || !isOurs({ headers: this.getHeaderData(), body, secret, nowMs: Date.now() })) {
      this.getResponseObject().status(401).end()
      return { noWebhookResponse: true }
    }
    return { workflowData: [this.helpers.returnJsonArray(this.getBodyData())] }
  }
}

module.exports = { TintypeTrigger }
