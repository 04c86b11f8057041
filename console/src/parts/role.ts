import { useRouteContext } from '@tanstack/react-router'
import { mayAct, type Role, type Session } from '../api/session.ts'

/** Whoever is signed in. Only below the shell. */
export const useSession = (): Session => (useRouteContext({ strict: false }) as { session: Session }).session

/** Whether the role reaches that far. What is hidden by it would be refused by the server too. */
export const useRole = (needed: Role): boolean => mayAct(useSession(), needed)

/** Whether somebody may change what is in the sub-accounts that they see: viewers read. */
export const useMayWork = (): boolean => useSession().person.role !== 'viewer'
