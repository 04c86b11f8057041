import { listAgencies } from '../../auth/agencies.ts'
import type { Application, Invocation } from './command.ts'

/** Without an agency nothing can be asked of a server. */
export async function hintAtAgency(call: Pick<Invocation, 'print'>, { platform }: Application): Promise<void> {
  if ((await listAgencies(platform.db)).length === 0) call.print('Agency          none yet: tintype agency create NAME --admin E-MAIL')
}
