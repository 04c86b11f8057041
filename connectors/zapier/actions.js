const { itemsOf } = require('./requests.js')
const { call, catalogue, entryOf, refuse, toObject } = require('./http.js')
const { inputFields } = require('./fields.js')

const { entries } = catalogue
/** What a search finds: one thing, or nothing. */
const findsOne = ({ kind, file, items }) => kind === 'search' || (kind === 'trigger' && !file && !items.includes('[]'))

/** Keys of Zapier have no dots. */
const shown = ({ key, category, title, description }) => ({
  key: key.replaceAll('.', '_'),
  noun: category,
  display: { label: title, description: `${description}.` },
})

const searching = (entry) => ({
  ...shown(entry),
  operation: {
    inputFields: inputFields({ ...entry, kind: 'search' }),
    perform: async (z, bundle) => {
      const response = await call(z, bundle, entry, { skipThrowForStatus: true })
      return response.status === 404 ? [] : itemsOf(refuse(response, z).data, entry.items).map(toObject)
    },
    sample: toObject(catalogue.samples[entry.sample]),
  },
})

const perform = async (z, bundle, entry) => {
  const { data } = await call(z, bundle, entry)
  return toObject(itemsOf(data ?? {}, entry.items ?? '')[0] ?? {})
}

const creating = (entry) => ({
  ...shown(entry),
  operation: {
    inputFields: inputFields(entry),
    perform: (z, bundle) => perform(z, bundle, entry),
    sample: toObject(catalogue.samples[entry.sample]),
  },
})

const others = entries.filter(({ kind }) => kind === 'other')
const chosen = ({ inputData }) => entryOf(inputData.tintypeOperation)

/** Everything else that the server can be asked for, with the fields of what was chosen. */
const another = {
  key: 'any_other_operation',
  noun: 'Operation',
  display: { label: 'Any Other Operation', description: 'Asks for any operation that has no action of its own.' },
  operation: {
    inputFields: [
      {
        key: 'tintypeOperation',
        label: 'Operation',
        required: true,
        choices: Object.fromEntries(others.map(({ key, category, title }) => [key, `${category}: ${title}`])),
        altersDynamicFields: true,
      },
      (z, bundle) => {
        const entry = chosen(bundle)
        if (entry === undefined) return []
        return inputFields(entry).flatMap((field) => (typeof field === 'function' ? field(z, bundle) : [field]))
      },
    ],
    perform: (z, bundle) => perform(z, bundle, chosen(bundle)),
    sample: { id: catalogue.samples[entries[0].sample].id },
  },
}

const byKey = (all) => Object.fromEntries(all.map((one) => [one.key, one]))
const searches = byKey(entries.filter(findsOne).map(searching))
const creates = byKey([...entries.filter(({ kind }) => kind === 'create').map(creating), another])

/** `find_contact` and `create_contact` in one step. */
const searchOrCreates = byKey(
  Object.keys(searches).flatMap((key) => {
    const create = key.replace(/^find_/, 'create_')
    if (create === key || creates[create] === undefined) return []
    const thing = key.replace(/^find_/, '').replaceAll('_', ' ')
    const display = { label: `Find or Create ${thing}`, description: `Finds a ${thing}, or creates it.` }
    return [{ key, display, search: key, create }]
  }),
)

module.exports = { creates, searches, searchOrCreates }
