import { Type } from 'typebox'
import { AppError } from '../../errors.ts'
import { isSignedFile, packFile } from '../../journal/index.ts'
import { operation } from '../define.ts'
import { category, Input, Int64, Offset } from './wire.ts'

export const fileOperation = operation({
  category,
  name: 'journalFiles.get',
  title: 'Get a File of the Journal',
  description: 'What the URLs of the journal lead to. Their signature takes the place of a token.',
  access: 'read',
  token: 'none',
  signed: true,
  scope: [],
  wire: 'hubspot',
  http: 'GET /webhooks-journal/files/:appId/:offset',
  input: Input({
    appId: Type.String({ minLength: 1, maxLength: 64 }),
    offset: Offset(),
    expires: Int64('Milliseconds.'),
    portalId: Type.Optional(Int64()),
    signature: Type.String({ minLength: 1, maxLength: 100 }),
  }),
  output: 'stream',
  async run(ctx, { appId, offset, expires, portalId = null, signature }) {
    const file = { appId, offset, portalId, expiresMs: expires }
    if (!(await isSignedFile(ctx.db, file, signature)))
      throw new AppError('url_refused', { reason: 'its signature does not fit' })
    if (expires <= ctx.clock.nowMs()) throw new AppError('url_refused', { reason: 'it has expired' })
    const packed = await packFile(ctx.db, ctx.bodies, file)
    if (packed === null) throw new AppError('not_found', { what: 'journal file', id: offset })
    return { contentType: 'application/json; charset=utf-8', packed, body: nothing() }
  },
})

async function* nothing(): AsyncGenerator<Uint8Array> {}
