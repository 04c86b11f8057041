import { EventSourceParserStream } from 'eventsource-parser/stream'
import { type Input, type OperationName, request } from './call.ts'

export interface StreamEvent {
  event: string
  data: unknown
}

/**
 * The events of an operation that streams, until it ends or `signal` aborts. `EventSource` would not do: it sends no
 * headers of ours.
 */
export async function* follow<N extends OperationName>(
  name: N,
  input: Input<N>,
  signal: AbortSignal,
): AsyncGenerator<StreamEvent> {
  const { body } = await request(name, input, { signal })
  if (body === null) return
  const events = body.pipeThrough(new TextDecoderStream() as never).pipeThrough(new EventSourceParserStream())
  for await (const { event = 'message', data } of events as unknown as AsyncIterable<{ event?: string; data: string }>)
    yield { event, data: JSON.parse(data) }
}
