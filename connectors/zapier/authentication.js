const { server } = require('./http.js')

/** Of the Zapier app, as `tintype app create` told them. */
const client = () => ({ client_id: process.env.CLIENT_ID, client_secret: process.env.CLIENT_SECRET })

async function askForTokens(z, fields) {
  const { data } = await z.request({
    method: 'POST',
    url: `${server()}/oauth/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...client(), ...fields }).toString(),
  })
  const { access_token, refresh_token, locationId, companyId } = data
  return { access_token, refresh_token, locationId, companyId }
}

/** The connection is to one location, or to a whole company; its name says which. */
async function test(z, { authData }) {
  const { locationId, companyId } = authData
  const path = locationId ? `/locations/${locationId}` : `/companies/${companyId}`
  const { data } = await z.request({ url: `${server()}${path}` })
  return data.location ?? data.company
}

module.exports = {
  type: 'oauth2',
  test,
  connectionLabel: '{{name}}',
  oauth2Config: {
    authorizeUrl: (_z, { inputData }) => {
      const { redirect_uri, state, code_challenge } = inputData
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: client().client_id,
        redirect_uri,
        state,
        code_challenge,
        code_challenge_method: 'S256',
      })
      return `${server()}/oauth/chooselocation?${query}`
    },
    getAccessToken: (z, { inputData }) => {
      const { code, code_verifier, redirect_uri } = inputData
      return askForTokens(z, { grant_type: 'authorization_code', code, code_verifier, redirect_uri })
    },
    refreshAccessToken: (z, { authData }) =>
      askForTokens(z, { grant_type: 'refresh_token', refresh_token: authData.refresh_token }),
    enablePkce: true,
    autoRefresh: true,
  },
}
