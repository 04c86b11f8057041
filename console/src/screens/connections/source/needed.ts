import type { Definition, Whole } from '../standing.tsx'
import { texts } from './texts.ts'

export type SecretName = keyof typeof texts.secrets.names
type Authorisation = NonNullable<Definition['source']['poll']>['authorisation']

const OF_KIND: Record<Exclude<Authorisation['kind'], 'oauth'>, readonly SecretName[]> = {
  none: [],
  key: ['key'],
  basic: ['username', 'password'],
  bearer: ['token'],
}

/** Without which secrets nothing can come, by how it comes. */
export function neededSecrets(
  { way }: Pick<Whole, 'way'>,
  { verify, poll }: Definition['source'],
): readonly SecretName[] {
  if (way === 'hook') return verify === undefined || verify.kind === 'address' ? [] : ['signing']
  if (way !== 'poll' || poll === undefined) return []
  const { authorisation } = poll
  if (authorisation.kind !== 'oauth') return OF_KIND[authorisation.kind]
  const own = ['clientId', 'clientSecret'] as const
  if (authorisation.grant === 'authorization_code') return authorisation.clientIn === 'none' ? ['clientId'] : own
  return authorisation.grant === 'refresh_token' ? [...own, 'refreshToken'] : own
}

/** What is needed and not set. */
export function missingSecrets(connection: Whole, source = connection.definition.source): readonly SecretName[] {
  const set = new Set(connection.secrets.map(({ name }) => name))
  return neededSecrets(connection, source).filter((name) => !set.has(name))
}

export const secretLabel = (name: string): string =>
  (texts.secrets.names as Readonly<Record<string, string>>)[name] ?? name
