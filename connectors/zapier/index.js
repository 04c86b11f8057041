const { dependencies, version } = require('./package.json')
const authentication = require('./authentication.js')
const { refuseUnlessAsked, withHeaders } = require('./http.js')
const { hydrators, triggers } = require('./triggers.js')
const { creates, searches, searchOrCreates } = require('./actions.js')

module.exports = {
  version,
  platformVersion: dependencies['zapier-platform-core'],
  authentication,
  beforeRequest: [withHeaders],
  afterResponse: [refuseUnlessAsked],
  hydrators,
  triggers,
  searches,
  creates,
  searchOrCreates,
}
