import { createHmac, sign } from 'node:crypto'
import type { WebhookKey, WebhookKeys } from '../auth/webhook-keys.ts'

export interface Signed {
  id: string
  body: string
  atMs: number
}

/**
 * The headers of a delivery. Standard Webhooks 1.0: v1 by each secret that counts, v1a by each key of the installation,
 * over id, moment and body; HighLevel: its own over the body alone, by the first of the keys.
 */
export function signedHeaders(
  { id, body, atMs }: Signed,
  secrets: readonly Buffer[],
  keys: WebhookKeys,
): Record<string, string> {
  const timestamp = String(Math.floor(atMs / 1000))
  const content = Buffer.from(`${id}.${timestamp}.${body}`)
  const byKey = ({ secret }: WebhookKey, bytes: Buffer) => sign(null, bytes, secret).toString('base64')
  return {
    'content-type': 'application/json',
    'user-agent': 'Tintype-Webhooks/1',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': [
      ...secrets.map((secret) => `v1,${createHmac('sha256', secret).update(content).digest('base64')}`),
      ...keys.map((key) => `v1a,${byKey(key, content)}`),
    ].join(' '),
    'x-ghl-signature': byKey(keys[0], Buffer.from(body)),
  }
}
