import type { Reply } from './client.ts'
import type { Office } from './office.ts'

type Bytes = Uint8Array<ArrayBuffer>
export interface File {
  bytes?: Bytes
  name: string
  type?: string
  field?: string
}

/** Sends a form with files. */
export async function upload(
  office: Office,
  path: string,
  fields: Record<string, string>,
  files: readonly File[],
  token = office.location.token,
): Promise<Pick<Reply, 'status' | 'body'>> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  for (const {
    bytes = new Uint8Array([1, 2, 3]),
    name,
    type = 'application/octet-stream',
    field = 'fileAttachment',
  } of files)
    form.append(field, new Blob([bytes], { type }), name)
  const headers = { authorization: `Bearer ${token}`, version: '2021-07-28' }
  const response = await fetch(office.server.url + path, { method: 'POST', headers, body: form })
  return { status: response.status, body: await response.json() }
}
