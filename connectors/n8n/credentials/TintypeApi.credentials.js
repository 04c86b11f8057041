const text = (displayName, name, more = {}) => ({ displayName, name, type: 'string', default: '', ...more })

/** A private token of one sub-account, or of the agency. */
class TintypeApi {
  name = 'tintypeApi'
  displayName = 'Tintype Private Token'
  icon = 'file:../tintype.svg'
  properties = [
    text('Address', 'url', { required: true, placeholder: 'https://tintype.example.com' }),
    text('Token', 'token', { required: true, typeOptions: { password: true } }),
    text('Location ID', 'locationId', { description: 'The sub-account of the token' }),
    text('Company ID', 'companyId', { description: 'The agency, for a token of the agency' }),
  ]
  authenticate = {
    type: 'generic',
    properties: { headers: { Authorization: '=Bearer {{$credentials.token}}' } },
  }
  test = {
    request: {
      baseURL: '={{$credentials.url}}',
      url: '=/{{$credentials.locationId ? "locations/" + $credentials.locationId : "companies/" + $credentials.companyId}}',
      headers: { Version: '2021-07-28' },
    },
  }
}

module.exports = { TintypeApi }
