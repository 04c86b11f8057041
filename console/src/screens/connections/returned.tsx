import { Alert, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useRouterState } from '@tanstack/react-router'
import { useEffect } from 'react'
import { CallError, call } from '../../api/call.ts'
import { forget } from '../../api/query.ts'
import { Page } from '../../parts/page.tsx'
import { Empty, Failure, Waiting } from '../../parts/states.tsx'
import { broughtBack } from './arrived.ts'
import { ofConnection, toConnection, type Whole } from './standing.tsx'
import { texts } from './texts.ts'

const words = texts.returned

/** What came of asking for permission, as the connection's screen is told. */
interface Told {
  isAuthorised: boolean
  message: string
}

const toList = <Link to="/app/connections">{words.toList}</Link>

/** Somebody is back from another program: what they bring is handed on once, and they see their connection again. */
export function ReturnPage() {
  const { server } = useParams({ strict: false }) as { server: string }
  const navigate = useNavigate()
  const back = broughtBack(server)
  const { data, error } = useQuery({
    queryKey: ['returned', back?.state],
    queryFn: async () => (back === null ? null : call('connections.acceptAuthorisation', back)),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  useEffect(() => {
    if (!data) return
    const { outcome, message, connection } = data
    void forget('connections.get', 'connections.list')
    const told: Told = { isAuthorised: outcome === 'authorised', message }
    const { search, ...to } = toConnection(connection)
    // In place of this address: nobody goes back to a code.
    void navigate({
      ...to,
      search: { ...(search as object), tab: 'source' } as never,
      state: { told } as never,
      replace: true,
    })
  }, [data, navigate])
  const isGone = error instanceof CallError && error.status === 404
  return (
    <Page title={words.title} trail={<Link to="/app/connections">{texts.title}</Link>}>
      {isGone ? (
        <Empty title={words.gone} action={toList}>
          {words.goneHint}
        </Empty>
      ) : back === null ? (
        <Empty title={words.unknown} action={toList}>
          {words.unknownHint}
        </Empty>
      ) : error ? (
        <Failure error={error} title={words.failed} />
      ) : (
        <Waiting lines={4} />
      )}
    </Page>
  )
}

/** On the connection's screen: what came of it and, where it was allowed, what was reached by that. */
export function Returned({ connection }: { connection: Whole }) {
  const told = useRouterState({ select: ({ location }) => (location.state as { told?: Told }).told })
  if (told === undefined) return null
  const { isAuthorised, message } = told
  return (
    <Alert
      role="status"
      color={isAuthorised ? 'green' : 'red'}
      variant="outline"
      title={isAuthorised ? words.yes : words.no}
      styles={{ title: { color: isAuthorised ? 'var(--tone-good)' : 'var(--tone-bad)' } }}
    >
      <Text size="sm" dir="auto">
        {message}
      </Text>
      {isAuthorised && <Reached connection={connection} />}
    </Alert>
  )
}

function Reached({ connection }: { connection: Whole }) {
  const { data } = useQuery({
    queryKey: ['reached', connection.id, connection.authorisation?.at],
    queryFn: () => call('connections.test', ofConnection(connection)),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  return (
    <Text size="sm" dir="auto">
      {data?.message ?? words.asks}
    </Text>
  )
}
