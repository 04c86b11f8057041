const catalogue = require('./catalogue.json')
const { itemsOf, modelOf, readPages, stagesOf, toChoice, toRequest } = require('./requests.js')

const CREDENTIALS = { token: 'tintypeApi', oAuth2: 'tintypeOAuth2Api' }
const headers = { Version: '2021-07-28' }

const entryOf = (key) => catalogue.entries.find((entry) => entry.key === key)

/**
 * Sends what n8n's helpers of a node are to send. `authentication`: which of the two credentials.
 */
async function connect(functions, authentication) {
  const type = CREDENTIALS[authentication]
  const { url, locationId, companyId, oauthTokenData } = await functions.getCredentials(type)
  const place = {
    locationId: locationId || oauthTokenData?.locationId,
    companyId: companyId || oauthTokenData?.companyId,
  }
  const base = url.replace(/\/$/, '')
  const send = ({ address, ...options }) =>
    functions.helpers.httpRequestWithAuthentication.call(functions, type, {
      url: `${base}${address}`,
      headers,
      json: true,
      ...options,
    })
  /** Where all of an agency is connected, what is a location's is asked by a token of that location. */
  const sendFor = async (location, { address, ...options }) => {
    const body = { companyId: place.companyId, locationId: location }
    const { access_token } = await send({ method: 'POST', address: '/oauth/locationToken', body })
    const own = { ...headers, Authorization: `Bearer ${access_token}` }
    return functions.helpers.httpRequest({ url: `${base}${address}`, json: true, ...options, headers: own })
  }
  return {
    place,
    send,
    call(entry, input, options = {}) {
      const isAgency = oauthTokenData !== undefined && place.locationId === undefined
      const request = { ...toRequest(catalogue, entry, { input, place }), ...options }
      return entry.token === 'location' && isAgency && input.locationId
        ? sendFor(input.locationId, request)
        : send(request)
    },
  }
}

/** What a list offers, with what is filled in already. */
async function choices(functions, name) {
  const given = (parameter) =>
    functions.getCurrentNodeParameter(parameter) ?? functions.getCurrentNodeParameter(`options.${parameter}`)
  const { call } = await connect(functions, given('authentication'))
  const entry = entryOf(catalogue.lists[name === 'stages' ? 'pipelines' : name])
  const locationId = given('locationId')
  const operation = entryOf(given('operation'))
  const input = {
    ...(locationId ? { locationId } : {}),
    ...(name === 'customFields' && operation ? { model: modelOf(operation) } : {}),
  }
  const read = async (asked) => itemsOf(await call(entry, asked), entry.items)
  const items = await readPages(catalogue, entry, { input, read })
  const offered = name === 'stages' ? stagesOf(items, given('pipelineId') ?? given('pipeline_id')) : items.map(toChoice)
  return offered.map(({ id, name }) => ({ name, value: id }))
}

const loadOptions = Object.fromEntries(
  [...Object.keys(catalogue.lists), 'stages'].map((name) => [
    name,
    function () {
      return choices(this, name)
    },
  ]),
)

module.exports = { CREDENTIALS, catalogue, connect, entryOf, loadOptions }
