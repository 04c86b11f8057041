import { Type } from 'typebox'
import { record } from '../../store/records/index.ts'
import { Choice, Line } from '../shapes.ts'

/** wire/highlevel/funnels.json: RedirectResponseDTO. A domain is a location's own, so redirects do not travel. */
export const redirects = record({
  kind: 'redirects',
  label: 'Redirect',
  noun: 'redirect',
  scopes: { read: 'funnels/redirect.readonly', write: 'funnels/redirect.write' },
  schema: Type.Object(
    {
      domain: Line(253),
      path: Line(2000),
      pathLowercase: Line(2000),
      type: Choice('Permanent', 'Temporary'),
      target: Line(2000),
      action: Choice('funnel', 'website', 'url', 'all'),
    },
    { additionalProperties: false },
  ),
  search: ['domain', 'path', 'target'],
  exact: ['domain', 'pathLowercase'],
  examples: [
    {
      domain: 'deo.example',
      path: '/Hello',
      pathLowercase: '/hello',
      type: 'Permanent',
      target: 'https://deo.example/welcome',
      action: 'url',
    },
  ],
})
