import Fastify from 'fastify'
import { createApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { newId } from '../src/ids.ts'
import { contacts } from '../src/resources/records/contacts.ts'
import { termsOf } from '../src/store/records/index.ts'

/*
 * `tintype serve` and, in the same process and on the same pool, what it is measured against: bare Fastify routes, one
 * with a prepared point query, one with a prepared insert of the row that a contact is. Prints both addresses as one
 * line of JSON.
 */
const app = await createApp(readConfig(process.env))
const url = await app.serve()
const { pool } = app.database

const bare = Fastify()
bare.get<{ Params: { locationId: string; id: string } }>('/:locationId/contacts/:id', async ({ params }) => {
  const { rows } = await pool.query({
    name: 'bare-get',
    text: `select id, doc, created_at, updated_at from record where location_id = $1 and kind = 'contacts' and id = $2`,
    values: [params.locationId, params.id],
  })
  return { contact: rows[0] }
})
bare.post<{ Params: { locationId: string }; Body: Record<string, unknown> }>(
  '/:locationId/contacts',
  async ({ params, body }) => {
    const { rows } = await pool.query({
      name: 'bare-insert',
      text: `insert into record (location_id, kind, id, object_id, doc, terms, created_at, updated_at)
      values ($1, 'contacts', $2, $3, $4, array_to_tsvector($5), now(), now())
        returning id, doc, created_at, updated_at`,
      values: [
        params.locationId,
        newId(),
        Math.floor(Math.random() * 2 ** 50),
        JSON.stringify(body),
        termsOf(contacts, params.locationId, body),
      ],
    })
    return { contact: rows[0] }
  },
)
const bareUrl = await bare.listen({ port: 0, host: '127.0.0.1' })
process.stdout.write(`${JSON.stringify({ url, bareUrl })}\n`)

process.once('SIGTERM', async () => {
  await bare.close()
  await app[Symbol.asyncDispose]()
})
