import { QueryClient, queryOptions } from '@tanstack/react-query'
import { CallError, type CallOptions, call, type Input, type OperationName, type Output, send } from './call.ts'
import { hasNoCookie, rememberSession, type Session } from './session.ts'

const TRIES = 2

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // Refusals stay refusals; what failed for now is asked again.
      retry: (count, error) =>
        count < TRIES && error instanceof CallError && (error.status === 0 || error.status >= 500),
    },
  },
})

/** An operation that reads, as a query: under the same name and input it is asked once. */
export const reads = <N extends OperationName>(name: N, input: Input<N>, options: Omit<CallOptions, 'signal'> = {}) =>
  queryOptions<Output<N>>({
    queryKey: [name, input, options.locationId ?? null],
    queryFn: ({ signal }) => call(name, input, { ...options, signal }),
  })

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
