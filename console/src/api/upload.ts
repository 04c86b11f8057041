import { CallError, type OperationName, type Output } from './call.ts'
import { HEADERS } from './headers.ts'
import { LINES } from './operations.ts'
import { currentSession } from './session.ts'

/**
 * Sends a file to an operation of the agency that takes one as its body. Answers its output; `onProgress` hears how much
 * has gone, from 0 to 1. `fetch` would not do: it does not tell. Throws `CallError`.
 */
export function upload<N extends OperationName>(
  name: N,
  file: File,
  onProgress: (part: number) => void,
): Promise<Output<N>> {
  const [method, path] = LINES[name]
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(method, `${path}?companyId=${encodeURIComponent(currentSession()?.company.id ?? '')}`)
    for (const [header, value] of Object.entries(HEADERS)) request.setRequestHeader(header, value)
    request.setRequestHeader('content-type', 'application/x-ndjson')
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total)
    request.onerror = () =>
      reject(new CallError(0, { message: 'The file did not arrive. Check that the server runs, then try again.' }))
    request.onload = () => {
      const body = bodyOf(request.responseText)
      if (request.status < 300) resolve(body as Output<N>)
      else reject(new CallError(request.status, { traceId: request.getResponseHeader('x-trace-id'), ...body }))
    }
    request.send(file)
  })
}

function bodyOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
