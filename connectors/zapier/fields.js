const { fieldsOf, isFilledIn, LONG, labelOf, modelOf, PAGING } = require('./requests.js')
const { catalogue, entryOf, read } = require('./http.js')

const TYPES = { TEXT: 'string', NUMERICAL: 'number', MONETORY: 'number', FLOAT: 'number', DATE: 'string' }

/** The step that finds one of a list, where there is one: Zapier offers to add it. */
const finderOf = (from) => entryOf(`find_${String(from).replace(/s$/, '')}`)

/** A field as Zapier's editor shows it. */
function toInput(entry, field) {
  const { name, needed, type = LONG.test(name) ? 'text' : 'string', list, choices, from, help } = field
  return {
    key: name,
    label: labelOf(name),
    type: name === 'password' ? 'password' : type,
    required: needed && !isFilledIn(entry, field),
    ...(list ? { list } : {}),
    ...(choices === undefined ? {} : { choices }),
    ...(from === undefined ? {} : { dynamic: `choose_${from}.id.name` }),
    ...(finderOf(from) === undefined ? {} : { search: `${finderOf(from).key}.id` }),
    ...(help === undefined ? {} : { helpText: help }),
    ...(from === 'pipelines' ? { altersDynamicFields: true } : {}),
  }
}

/** The fields that a location has made for its contacts or opportunities. */
const ownFields = (entry) => async (z, bundle) => {
  const list = entryOf(catalogue.lists.customFields)
  const own = await read(z, { ...bundle, inputData: { ...bundle.inputData, model: modelOf(entry) } }, list)
  return own.map(({ id, name, dataType, picklistOptions }) => ({
    key: `custom_${id}`,
    label: name,
    type: TYPES[dataType] ?? (dataType === 'LARGE_TEXT' ? 'text' : 'string'),
    required: false,
    ...(picklistOptions?.length > 0
      ? { choices: picklistOptions.map((one) => one.label ?? one.name ?? String(one)) }
      : {}),
    ...(/^(CHECKBOX|MULTIPLE_OPTIONS|TEXTBOX_LIST)$/.test(dataType) ? { list: true } : {}),
  }))
}

/** What an entry takes. Of what is read in turns, the turns are ours. */
function inputFields(entry) {
  const fields = fieldsOf(catalogue, entry)
  const reads = entry.kind === 'trigger' || entry.kind === 'search'
  const shown = fields.filter(({ name }) => !(reads && PAGING.test(name)) && name !== 'customFields')
  const takesOwn = fields.some(({ name }) => name === 'customFields')
  return [...shown.map((field) => toInput(entry, field)), ...(takesOwn ? [ownFields(entry)] : [])]
}

module.exports = { inputFields }
