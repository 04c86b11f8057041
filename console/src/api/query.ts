import { onlineManager, QueryClient, queryOptions, type UseQueryResult } from '@tanstack/react-query'
import { CallError, type CallOptions, call, type Input, type OperationName, type Output, send } from './call.ts'
import { hasNoCookie, rememberSession, type Session } from './session.ts'

const TRIES = 2
/** Of what the server has put off, and how long that may take to be waited for: beyond, it is told as what went wrong. */
const PUT_OFF_TRIES = 10
const LONGEST_PAUSE_MS = 60_000

/** How long until the server takes a request again that it has put off; null: it has not been, or for too long. */
export function pauseMs(error: unknown): number | null {
  if (!(error instanceof CallError) || error.againAtMs === null) return null
  const ms = error.againAtMs - performance.now()
  return ms > LONGEST_PAUSE_MS ? null : Math.max(0, ms)
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // Refusals stay refusals; what failed for now is asked again, and what was put off when the server has said.
      retry: (count, error) =>
        pauseMs(error) !== null
          ? count < PUT_OFF_TRIES
          : count < TRIES && error instanceof CallError && (error.status === 0 || error.status >= 500),
      retryDelay: (count, error) => pauseMs(error) ?? 1000 * 2 ** count,
    },
  },
})

// What a browser says of its network says nothing of a server that may run beside it: all is asked for, and told where
// it does not come. Once the network is back, what did not come is asked for again.
onlineManager.setEventListener(() => {
  const again = () =>
    void queryClient.refetchQueries({ type: 'active', predicate: ({ state }) => state.error !== null })
  window.addEventListener('online', again)
  return () => window.removeEventListener('online', again)
})

/** An operation that reads, as a query: under the same name and input it is asked once. */
export const reads = <N extends OperationName>(name: N, input: Input<N>, options: Omit<CallOptions, 'signal'> = {}) =>
  queryOptions<Output<N>>({
    queryKey: [name, input, options.locationId ?? null],
    queryFn: ({ signal }) => call(name, input, { ...options, signal }),
  })

/** Asks again what has failed of these, on a click. */
export const askAgain =
  (...asked: readonly Pick<UseQueryResult, 'error' | 'refetch'>[]) =>
  (): void => {
    for (const { error, refetch } of asked) if (error !== null) void refetch()
  }

/** Forgets what these operations have answered: something has changed it. */
export const forget = (...names: OperationName[]): Promise<unknown> =>
  Promise.all(names.map((name) => queryClient.invalidateQueries({ queryKey: [name] })))

/** Who is signed in; null where nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async (): Promise<Session | null> => {
    const session = hasNoCookie() ? null : await askSession()
    rememberSession(session)
    return session
  },
})

async function askSession(): Promise<Session | null> {
  try {
    return (await (await send('GET', '/session')).json()) as Session
  } catch (error) {
    if (error instanceof CallError && error.status === 401) return null
    throw error
  }
}
