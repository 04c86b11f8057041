import { holdsOneOf } from '../../auth/caller.ts'
import {
  type Connection,
  codeFaults,
  codeGrantOf,
  compiledOf,
  createAddressGuard,
  type Definition,
  emailFaults,
  isOfAgency,
  MappingFault,
  pollSecretFaults,
  urlFault,
} from '../../connect/index.ts'
import { AppError, invalid } from '../../errors.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { invoices } from '../../resources/records/invoices.ts'
import type { Context } from '../define.ts'

const KINDS = { contact: contacts, invoice: invoices } as const
type Made = Definition['mapping']['object']

const scopesOf = (object: Made) => (object === 'location' ? 'locations.write' : KINDS[object].scopes.write)

/**
 * Nobody has a connection write what they could not; and sub-accounts are made by a connection of the agency, which makes
 * nothing else.
 */
export function refuseBeyond(
  { caller, agencyId }: Context,
  { locationId }: Pick<Connection, 'locationId'>,
  { mapping }: Definition,
): void {
  const isAgencys = isOfAgency({ locationId, agencyId })
  if (isAgencys && mapping.object !== 'location')
    throw invalid([`mapping.object: the ${mapping.object}s of which location? Name its locationId`])
  if (!isAgencys && mapping.object === 'location')
    throw invalid(['mapping.object: locations are made by a connection of the agency: its token, and no locationId'])
  if (!holdsOneOf(caller.scopes, [scopesOf(mapping.object)])) throw new AppError('scope_missing')
}

/** Whether the caller may read what a connection brings. */
export function mayRead({ caller }: Context, { mapping }: Definition): boolean {
  if (mapping.object === 'location') return holdsOneOf(caller.scopes, ['locations.readonly', 'locations.write'])
  const { read, write } = KINDS[mapping.object].scopes
  return holdsOneOf(caller.scopes, [read, write])
}

/** 422 with everything that is wrong with it. */
export function checkDefinition(definition: Definition): void {
  const { mail, poll } = definition.source
  const grant = codeGrantOf(definition)
  const unsafe = grant === null ? [] : codeFaults(grant)
  if (unsafe.length > 0) throw invalid(unsafe.map(({ at, message }) => `source.poll.authorisation.${at}: ${message}`))
  const open = poll === undefined ? [] : pollSecretFaults(poll)
  if (open.length > 0) throw invalid(open.map(({ at, message }) => `source.poll.${at}: ${message}`))
  const faults = mail === undefined ? [] : emailFaults(mail)
  if (faults.length > 0) throw invalid(faults.map(({ at, message }) => `source.mail.${at}: ${message}`))
  try {
    compiledOf(definition.mapping)
  } catch (error) {
    if (!(error instanceof MappingFault)) throw error
    throw invalid(error.problems.map(({ at, message }) => `mapping.${at}: ${message}`))
  }
}

export function checkSettings(ctx: Context, { alertUrl }: { alertUrl?: string | null }): void {
  if (typeof alertUrl !== 'string') return
  const fault = urlFault(alertUrl, createAddressGuard(ctx.config.outgoingNetworks))
  if (fault !== null) throw invalid([`settings.alertUrl: ${fault}`])
}
