import { listPeople } from '../auth/people.ts'
import { managesAccess } from '../auth/roles.ts'
import { keepEvent } from '../auth/security-events.ts'
import type { Tx } from '../db/pool.ts'
import { enqueue } from '../db/queue.ts'
import type { SwitchedOff } from './leases.ts'

const WHY = {
  gone: 'The receiver answered 410: it does not want to be called any more.',
  failing: 'What was tried over several days could not be delivered.',
  person: 'Somebody switched it off.',
} as const

/** Says it where the agency looks for such things and, where mail is set up, to whoever looks after its programs. */
export async function tellOwners(
  tx: Tx,
  { agencyId, id, name, off, locationId }: SwitchedOff,
  { atMs, byMail }: { atMs: number; byMail: boolean },
): Promise<void> {
  const detail = `${name} (${id}): ${WHY[off]}`
  const about = [{ what: 'webhook', id, name } as const]
  const event = { event: 'webhooks.switched-off', outcome: 'done', from: '', traceId: '', detail, about } as const
  await keepEvent(tx, { agencyId }, event, atMs)
  if (!byMail) return
  await mailOwners(tx, agencyId, {
    subject: `A webhook was switched off: ${name}`,
    text:
      `The webhook ${name} (${id}${locationId === '' ? '' : `, sub-account ${locationId}`}) is not called any more.\n` +
      `${WHY[off]}\n\nWhat waits is kept. Once the receiver works again, switch the webhook on.\n`,
  })
}

/** Whoever looks after the programs of an agency. */
export async function mailOwners(tx: Tx, agencyId: string, mail: { subject: string; text: string }): Promise<void> {
  const people = (await listPeople(tx, agencyId)).filter(({ role }) => managesAccess(role))
  await enqueue(
    tx,
    'mail-news',
    people.map(({ id: personId }) => ({ personId, ...mail })),
  )
}
