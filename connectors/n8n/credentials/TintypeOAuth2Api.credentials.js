const hidden = (name, value) => ({ displayName: name, name, type: 'hidden', default: value })

/** An app that somebody allows on a page of Tintype, with PKCE. */
class TintypeOAuth2Api {
  name = 'tintypeOAuth2Api'
  extends = ['oAuth2Api']
  displayName = 'Tintype OAuth2'
  icon = 'file:../tintype.svg'
  properties = [
    {
      displayName: 'Address',
      name: 'url',
      type: 'string',
      default: '',
      required: true,
      placeholder: 'https://tintype.example.com',
    },
    hidden('grantType', 'pkce'),
    hidden('authUrl', '={{$self["url"]}}/oauth/chooselocation'),
    hidden('accessTokenUrl', '={{$self["url"]}}/oauth/token'),
    hidden('scope', ''),
    hidden('authQueryParameters', ''),
    hidden('authentication', 'body'),
  ]
}

module.exports = { TintypeOAuth2Api }
