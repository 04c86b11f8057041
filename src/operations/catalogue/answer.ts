import { Type } from 'typebox'
import { Noun } from '../schemas.ts'

const Names = (description?: string) => Type.Array(Type.String(), description === undefined ? {} : { description })

const DedupeAnswer = Type.Object(
  {
    items: Type.String({
      description:
        'Where the items are in the answer: `contact`, `contacts[]`, `[]` (the answer is the list), `*.slots[]` ' +
        '(lists by any name); empty: the answer itself.',
    }),
    id: Names('Fields that tell an item from others; `.` is the item itself.'),
    version: Names(
      'Fields that differ once an item has changed. None: compare its content (SHA-256 of its canonical JSON, RFC ' +
        '8785, 16 digits) without `traceId`.',
    ),
    request: Names('Input properties that belong to the id, because the answer does not say what was asked for.'),
    newest: Type.Object(
      {},
      {
        additionalProperties: true,
        description: 'Input with which what changed last comes first; empty where it does so anyway, or is all told.',
      },
    ),
    keys: Type.Array(Type.Object({ id: Type.String(), version: Type.String() }), {
      description:
        'What the sample gives: the parts of each key, percent-encoded and joined by slashes, those of the request ' +
        'first.',
    }),
  },
  {
    description:
      'How a polling client tells what it has seen: an item is new with a new id, changed with a new version. Null ' +
      'for actions.',
  },
)

export const Entry = Noun('CatalogueEntry', {
  key: Type.String({ description: 'Unique and lasting. Two entries can be served by one operation.' }),
  category: Type.String(),
  kind: Type.Enum(['trigger', 'action']),
  title: Type.String(),
  description: Type.String(),
  operation: Type.Object({
    name: Type.String(),
    access: Type.Enum(['read', 'write', 'destructive']),
    token: Type.Enum(['agency', 'location', 'either', 'person', 'app', 'operator', 'none']),
    scopes: Names(),
    method: Type.String(),
    path: Type.String(),
    status: Type.Integer(),
    parameters: Type.Object({ path: Names(), query: Names(), body: Names() }),
    input: Type.Unknown({ description: 'JSON Schema of all parameters as one object.' }),
    output: Type.Unknown({ description: 'JSON Schema of the answer; null where it is a stream.' }),
  }),
  also: Type.Array(
    Type.Object({ when: Type.String(), operation: Type.String(), method: Type.String(), path: Type.String() }),
    {
      description: 'Operations that do for this entry what its own cannot.',
    },
  ),
  dedupe: Type.Union([DedupeAnswer, Type.Null()]),
  sample: Type.Unknown({
    description:
      'A realistic answer of a trigger, the same each time; of a stream, all but its bytes. Null for actions.',
  }),
  sampleInput: Type.Unknown({ description: 'What the sample answers, where the dedupe key needs it; else null.' }),
})
