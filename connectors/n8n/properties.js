const { fieldsOf, isFilledIn, LONG, labelOf } = require('./requests.js')
const { CREDENTIALS, catalogue } = require('./client.js')

const TYPES = { integer: 'number', number: 'number', boolean: 'boolean', datetime: 'dateTime', json: 'json' }
const EMPTY = { number: 0, boolean: false }

const isNeeded = (entry, field) => field.needed && !isFilledIn(entry, field)

const option = (value) => ({ name: labelOf(value), value })

function shapeOf({ name, type, list, choices, from }) {
  const several = list ? 'multiOptions' : 'options'
  if (from !== undefined) return { type: several, typeOptions: { loadOptionsMethod: from }, default: list ? [] : '' }
  if (choices !== undefined) return { type: several, options: choices.map(option), default: list ? [] : choices[0] }
  if (list) return { type: 'string', typeOptions: { multipleValues: true }, default: [] }
  const kind = TYPES[type] ?? 'string'
  const look = name === 'password' ? { password: true } : LONG.test(name) ? { rows: 4 } : null
  return { type: kind, default: EMPTY[kind] ?? '', ...(look === null ? {} : { typeOptions: look }) }
}

const toProperty = (field) => ({
  displayName: labelOf(field.name),
  name: field.name,
  ...shapeOf(field),
  ...(field.help === undefined ? {} : { description: field.help }),
})

/** The fields that a location has made itself. */
const ownFields = {
  displayName: 'Custom Fields',
  name: 'customFields',
  type: 'fixedCollection',
  typeOptions: { multipleValues: true },
  default: {},
  options: [
    {
      name: 'values',
      displayName: 'Value',
      values: [
        {
          displayName: 'Field',
          name: 'id',
          type: 'options',
          typeOptions: { loadOptionsMethod: 'customFields' },
          default: '',
        },
        { displayName: 'Value', name: 'value', type: 'string', default: '' },
      ],
    },
  ],
}

/** What is needed stands by itself, the rest is added where it is wanted. */
function propertiesOf(entry) {
  const fields = fieldsOf(catalogue, entry)
  const displayOptions = { show: { resource: [entry.category], operation: [entry.key] } }
  const more = fields.filter((field) => !isNeeded(entry, field))
  return [
    ...fields
      .filter((field) => isNeeded(entry, field))
      .map((field) => ({ ...toProperty(field), required: true, displayOptions })),
    ...(more.length === 0
      ? []
      : [
          {
            displayName: 'Additional Fields',
            name: 'options',
            type: 'collection',
            placeholder: 'Add Field',
            default: {},
            displayOptions,
            options: more.map((field) => (field.name === 'customFields' ? ownFields : toProperty(field))),
          },
        ]),
  ]
}

/** What somebody filled in for an entry, as one object. */
function inputOf(functions, entry, index) {
  const needed = fieldsOf(catalogue, entry).filter((field) => isNeeded(entry, field))
  const { customFields, ...more } = functions.getNodeParameter('options', index, {})
  const own = (customFields?.values ?? []).map(({ id, value }) => [`custom_${id}`, value])
  const given = needed.map(({ name }) => [name, functions.getNodeParameter(name, index)])
  return { ...Object.fromEntries(given), ...more, ...Object.fromEntries(own) }
}

const authentication = {
  displayName: 'Authentication',
  name: 'authentication',
  type: 'options',
  default: 'token',
  options: [
    { name: 'Private Token', value: 'token' },
    { name: 'OAuth2', value: 'oAuth2' },
  ],
}

const credentials = Object.entries(CREDENTIALS).map(([value, name]) => ({
  name,
  required: true,
  displayOptions: { show: { authentication: [value] } },
}))

module.exports = { authentication, credentials, inputOf, option, propertiesOf }
