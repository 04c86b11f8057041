import { createHmac, sign } from 'node:crypto'
import type { WebhookKey } from '../auth/webhook-keys.ts'

export interface Signed {
  id: string
  body: string
  atMs: number
}

/**
 * The headers of a delivery. Standard Webhooks 1.0: v1 by each secret that counts, v1a by the installation's key, over id,
 * moment and body; HighLevel: its own over the body alone.
 */
export function signedHeaders(
  { id, body, atMs }: Signed,
  secrets: readonly Buffer[],
  key: WebhookKey,
): Record<string, string> {
  const timestamp = String(Math.floor(atMs / 1000))
  const content = Buffer.from(`${id}.${timestamp}.${body}`)
  const byKey = (bytes: Buffer) => sign(null, bytes, key.secret).toString('base64')
  return {
    'content-type': 'application/json',
    'user-agent': 'Tintype-Webhooks/1',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': [
      ...secrets.map((secret) => `v1,${createHmac('sha256', secret).update(content).digest('base64')}`),
      `v1a,${byKey(content)}`,
    ].join(' '),
    'x-ghl-signature': byKey(Buffer.from(body)),
  }
}
