const { itemsOf } = require('../requests.js')
const { catalogue, connect, entryOf, loadOptions } = require('../client.js')
const { authentication, credentials, inputOf, propertiesOf } = require('../properties.js')

const categories = [...new Set(catalogue.entries.map(({ category }) => category))]

const operationsOf = (category) => {
  const options = catalogue.entries
    .filter((entry) => entry.category === category)
    .map(({ key, title, description = title }) => ({ name: title, value: key, action: title, description }))
  return {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    displayOptions: { show: { resource: [category] } },
    options,
    default: options[0].value,
  }
}

const toJson = (item) => (item !== null && typeof item === 'object' && !Array.isArray(item) ? item : { value: item })

/** The file that an entry answers, under `data`. */
async function download(functions, entry, { client, input }) {
  const answer = await client.call(entry, input, { encoding: 'arraybuffer', json: false, returnFullResponse: true })
  const [, name] = /filename="?([^";]+)/.exec(answer.headers['content-disposition'] ?? '') ?? []
  const type = answer.headers['content-type']
  return {
    json: input,
    binary: { data: await functions.helpers.prepareBinaryData(Buffer.from(answer.body), name, type) },
  }
}

async function run(functions, client, index) {
  const entry = entryOf(functions.getNodeParameter('operation', index))
  const input = inputOf(functions, entry, index)
  if (entry.file) return [await download(functions, entry, { client, input })]
  const answer = await client.call(entry, input)
  return itemsOf(answer ?? {}, entry.items ?? '').map((item) => ({ json: toJson(item) }))
}

/** Everything that Tintype can be asked for, as the catalogue names it. */
class Tintype {
  description = {
    displayName: 'Tintype',
    name: 'tintype',
    icon: 'file:../tintype.svg',
    group: ['transform'],
    version: 1,
    subtitle: '={{$parameter["operation"]}}',
    description: 'Contacts, calendars, opportunities, snapshots and all else of a Tintype installation',
    defaults: { name: 'Tintype' },
    usableAsTool: true,
    inputs: ['main'],
    outputs: ['main'],
    credentials,
    properties: [
      authentication,
      {
        displayName: 'Resource',
        name: 'resource',
        type: 'options',
        noDataExpression: true,
        options: categories.map((name) => ({ name, value: name })),
        default: categories[0],
      },
      ...categories.map(operationsOf),
      ...catalogue.entries.flatMap(propertiesOf),
    ],
  }

  methods = { loadOptions }

  async execute() {
    const client = await connect(this, this.getNodeParameter('authentication', 0))
    const results = []
    for (const index of this.getInputData().keys()) {
      try {
        const items = await run(this, client, index)
        results.push(...items.map((item) => ({ ...item, pairedItem: { item: index } })))
      } catch (error) {
        if (!this.continueOnFail()) throw error
        results.push({ json: { error: error.message }, pairedItem: { item: index } })
      }
    }
    return [results]
  }
}

module.exports = { Tintype }
