const { keyOf, readPages, stagesOf, toChoice } = require('./requests.js')
const { call, catalogue, entryOf, read, server, toObject } = require('./http.js')
const { inputFields } = require('./fields.js')

const SAMPLES = 3

/** What Zapier remembers of an item: it is new with a new id, and again when it has changed. */
const withKey = (entry, input) => (item) => {
  const { id, version } = keyOf(entry.dedupe, input, item)
  return { ...toObject(item), dedupeKey: `${id}@${version}` }
}

const readAll = (z, bundle, entry) =>
  readPages(catalogue, entry, {
    input: bundle.inputData,
    read: (inputData) => read(z, { ...bundle, inputData }, entry),
  })

const polled = (entry) => async (z, bundle) => {
  const { inputData } = bundle
  const toItem = withKey(entry, inputData)
  if (entry.file) return [{ ...toItem({}), file: z.dehydrateFile(fetchFile, { key: entry.key, asked: inputData }) }]
  const known = new Set()
  return (await readAll(z, bundle, entry)).map(toItem).filter(({ dedupeKey }) => {
    const isNew = !known.has(dedupeKey)
    known.add(dedupeKey)
    return isNew
  })
}

/** A file is fetched when a step needs it. */
const fetchFile = async (z, bundle) => {
  const { key, asked: inputData } = bundle.inputData
  return z.stashFile(call(z, { ...bundle, inputData }, entryOf(key), { raw: true }))
}

const polling = (entry) => ({
  key: entry.key,
  noun: entry.category,
  display: { label: entry.title, description: `${entry.description}.` },
  operation: {
    type: 'polling',
    inputFields: inputFields(entry),
    perform: polled(entry),
    sample: withKey(entry, {})(catalogue.samples[entry.sample]),
    outputFields: [{ key: 'dedupeKey', label: 'What tells it from others', primary: true }],
  },
})

/** A drop-down list. Those of stages show the pipeline that was chosen. */
const choosing = (name, key) => ({
  key: `choose_${name}`,
  noun: name,
  display: { label: `List of ${name}`, description: 'Fills a drop-down list.', hidden: true },
  operation: {
    type: 'polling',
    perform: async (z, bundle) => {
      const { locationId, pipelineId, pipeline_id } = bundle.inputData
      const items = await readAll(z, { ...bundle, inputData: { locationId } }, entryOf(key))
      return name === 'stages' ? stagesOf(items, pipelineId ?? pipeline_id) : items.map(toChoice)
    },
  },
})

/** What Zapier was told of lately, in the very words. */
const lately = (type) => async (z, bundle) => {
  const webhooks = entryOf('webhooks.list')
  const of = (inputData, key) => call(z, { ...bundle, inputData: { ...bundle.inputData, ...inputData } }, entryOf(key))
  const { data } = await call(z, bundle, webhooks)
  for (const { id: webhookId } of data.webhooks.slice(0, SAMPLES)) {
    const { deliveries } = (await of({ webhookId, type, limit: SAMPLES }, 'webhooks.deliveries')).data
    const whole = await Promise.all(
      deliveries.map(async ({ id }) => (await of({ webhookId, deliveryId: id }, 'webhooks.delivery')).data.delivery),
    )
    if (whole.length > 0) return whole.map(({ request }) => toEvent(JSON.parse(request.body)))
  }
  return []
}

const toEvent = (body) => ({ ...body, id: body.id ?? body._id ?? body.webhookId })

const subscribe = (type) => async (z, bundle) => {
  const { locationId } = bundle.inputData
  const place = bundle.authData.locationId ?? locationId
  const { data } = await z.request({
    method: 'POST',
    url: `${server()}/webhooks/`,
    params: place === undefined ? {} : { locationId: place },
    body: { name: `Zapier: ${type}`, url: bundle.targetUrl, events: [{ type }] },
  })
  return data
}

const unsubscribe = async (z, bundle) => {
  const { id } = bundle.subscribeData.webhook
  const { status } = await z.request({
    method: 'DELETE',
    url: `${server()}/webhooks/${id}`,
    skipThrowForStatus: true,
  })
  // What is gone already needs not go.
  if (status >= 400 && status !== 404) throw new z.errors.Error(`The webhook stays: ${status}`, 'Refused', status)
  return { id }
}

const words = (type) => type.replace(/([a-z])([A-Z])/g, '$1 $2')

/** What the server tells at once. It ends a hook that is answered by 410, as Zapier does of one that is switched off. */
const instant = (type, sample) => ({
  key: `instant_${words(type).toLowerCase().replaceAll(' ', '_')}`,
  noun: words(type),
  display: { label: `${words(type)} (Instant)`, description: `Triggers as soon as it happens: ${words(type)}.` },
  operation: {
    type: 'hook',
    inputFields: [
      {
        key: 'locationId',
        label: 'Location Id',
        dynamic: 'choose_locations.id.name',
        helpText: 'Needless where the connection is to one location.',
      },
    ],
    performSubscribe: subscribe(type),
    performUnsubscribe: unsubscribe,
    performList: lately(type),
    perform: (_z, bundle) => [toEvent(bundle.cleanedRequest)],
    sample: toEvent({ type, ...catalogue.samples[sample] }),
  },
})

const byKey = (all) => Object.fromEntries(all.map((one) => [one.key, one]))

module.exports = {
  hydrators: { fetchFile },
  triggers: byKey([
    ...catalogue.entries.filter(({ kind }) => kind === 'trigger').map(polling),
    ...Object.entries(catalogue.lists).map(([name, key]) => choosing(name, key)),
    choosing('stages', catalogue.lists.pipelines),
    ...Object.entries(catalogue.events).map(([type, sample]) => instant(type, sample)),
  ]),
}
