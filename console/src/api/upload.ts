import { CallError, type OperationName, type Output, placed, refusalIn } from './call.ts'
import { HEADERS } from './headers.ts'

/**
 * Sends a file to an operation that takes one as its body, or as part of a form. Answers its output; `onProgress` hears how
 * much has gone, from 0 to 1. `fetch` would not do: it does not tell. Throws `CallError`.
 */
export async function upload<N extends OperationName>(
  name: N,
  { body, ...input }: { body: File | FormData; [part: string]: unknown },
  onProgress: (part: number) => void,
): Promise<Output<N>> {
  const { method, address } = await placed(name, input)
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(method, address)
    for (const [header, value] of Object.entries(HEADERS)) request.setRequestHeader(header, value)
    // Of a form the browser says it itself, with where its parts end.
    if (body instanceof File) request.setRequestHeader('content-type', 'application/x-ndjson')
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total)
    request.onerror = () =>
      reject(new CallError(0, { message: 'The file did not arrive. Check that the server runs, then try again.' }))
    request.onload = () => {
      const answer = bodyOf(request.responseText)
      if (request.status < 300) resolve(answer as Output<N>)
      else reject(new CallError(request.status, { ...refusalIn((name) => request.getResponseHeader(name)), ...answer }))
    }
    request.send(body)
  })
}

function bodyOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
