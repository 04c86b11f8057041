import { listAgencies } from '../../auth/agencies.ts'
import type { Application, Invocation } from './command.ts'

/** Without an agency nothing can be asked of a server. A hint is no reason to end: the database may just be away. */
export async function hintAtAgency(call: Pick<Invocation, 'print'>, { platform }: Application): Promise<void> {
  const agencies = await listAgencies(platform.db).catch(() => null)
  if (agencies?.length === 0) call.print('Agency          none yet: tintype agency create NAME --admin E-MAIL')
}
