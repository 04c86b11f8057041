import { Type } from 'typebox'
import { record, TO_USER } from '../../store/records/index.ts'
import { Free, Line, List, Shape, WireValues } from '../shapes.ts'

const Id = () => Line(64)
const Writer = () => Shape({ channel: Line(40), source: Line(40), sourceId: Line(64), createdAt: Line(40) })

/** wire/highlevel/objects.json: RecordResponseDTO. Properties are known by their keys without the object's. */
export const objectRecords = record({
  kind: 'object_records',
  label: 'Object Record',
  noun: 'record',
  idFormat: 'hex24',
  scopes: { read: 'objects/record.readonly', write: 'objects/record.write' },
  schema: Type.Object(
    {
      objectId: Line(100),
      properties: Free(),
      wireProperties: WireValues(),
      owner: List(Id(), 10),
      followers: List(Id(), 200),
      createdBy: Writer(),
      lastUpdatedBy: Writer(),
    },
    { additionalProperties: false },
  ),
  search: ['properties'],
  exact: ['objectId', 'owner', 'followers'],
  counted: ['objectId'],
  refs: { owner: TO_USER, followers: TO_USER },
  examples: [
    {
      objectId: '661c06b4ffde146bdb469442',
      properties: { name: 'The barn', guests: 120, kind: 'outdoors' },
      owner: [],
      followers: [],
      createdBy: { channel: 'OAUTH', source: 'PUBLIC_API', sourceId: 'demo', createdAt: '2026-03-01T09:00:00.000Z' },
      lastUpdatedBy: {
        channel: 'OAUTH',
        source: 'PUBLIC_API',
        sourceId: 'demo',
        createdAt: '2026-03-01T09:00:00.000Z',
      },
    },
  ],
})
