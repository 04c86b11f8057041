import { ROLES, type Role } from '../../src/auth/roles.ts'

/** Somebody who is signed in, by what they may; the stranger is an owner of another agency. */
export type PersonName = `person-${Role | 'stranger'}`

/**
 * Who asks: a private token or one of an app, of the agency or of the location; an app for itself; somebody of another agency; nobody;
 * somebody unknown; whoever runs the server; people.
 */
export type CallerName =
  | PersonName
  | 'app'
  | 'agency'
  | 'location'
  | 'app-agency'
  | 'app-location'
  | 'stranger'
  | 'nobody'
  | 'unknown'
  | 'operator'

/** One request, ids and secrets of the world under their names (`ZZmine.formZZ`): it means the same in every world. */
export interface FuzzRequest {
  operation: string
  caller: CallerName
  method: string
  /** As it stands in the request line. */
  path: string
  headers: Record<string, string>
  body: string | undefined
  /** `bytes`: each letter is one byte. */
  encoding: 'utf8' | 'bytes' | 'gzip'
}

export const personOf = (role: Role): PersonName => `person-${role}`

/** Of people of the agency: what they may. Null for everybody else. */
export const roleOf = (caller: CallerName): Role | null => ROLES.find((role) => personOf(role) === caller) ?? null

export const isPerson = (caller: CallerName): caller is PersonName => caller.startsWith('person-')

export type OwnerName = 'mine' | 'neighbour' | 'stranger'

export const mark = (owner: OwnerName, name: string) => `ZZ${owner}.${name}ZZ`
const MARK = /ZZ(mine|neighbour|stranger)\.([\w.]+?)ZZ/g

/** The text with names in place of marks. What is not there in this world stays a name. */
export const unmarked = (text: string, find: (owner: OwnerName, name: string) => string | undefined) =>
  text.replace(MARK, (all, owner: OwnerName, name: string) => find(owner, name) ?? all)

const SHOWN = 2_000

/** A command that repeats the request. `saved`: the file with a body that is too long to read. */
export function toCurl(
  { method, path, headers, body, encoding, caller }: FuzzRequest,
  saved: (body: string) => string,
): string {
  const shell = (text: string) =>
    `'${text.replaceAll("'", `'\\''`).replace(MARK, (_, owner: string, name: string) => `'"$${owner}_${name.replaceAll('.', '_')}"'`)}'`
  const lines = [`curl -i -X ${method} --path-as-is -g "$URL"${shell(path)}`]
  const shout = caller.replace('-', '_').toUpperCase()
  if (isPerson(caller)) lines.push(`-H "Cookie: tintype_session=$${shout}_SESSION"`)
  else if (caller !== 'nobody') lines.push(`-H "Authorization: Bearer $${shout}_TOKEN"`)
  for (const [name, value] of Object.entries(headers)) lines.push(`-H ${shell(`${name}: ${value}`)}`)
  const plain = encoding === 'utf8' && !/[^\n\x20-\x7e]/.test(body ?? '')
  if (body !== undefined)
    lines.push(body.length <= SHOWN && plain ? `--data-raw ${shell(body)}` : `--data-binary @${saved(body)}`)
  return lines.join(' \\\n  ')
}
