import { type Associated, associate, dissociate, type ObjectType, type PairInput } from '../../objects/index.ts'
import { messages } from '../../resources/records/messages.ts'
import type { RecordScope } from '../../store/records/index.ts'
import { threadMessages } from '../conversations/index.ts'
import type { Context } from '../define.ts'

interface Ends {
  from: ObjectType
  to: ObjectType
}

/** Associates objects (`associate`); a call or an e-mail stands in the conversation of the contact that it names. */
export async function tie(
  ctx: Context,
  ends: Ends,
  inputs: readonly PairInput[],
  scope: RecordScope = ctx.scope,
): Promise<Associated> {
  const done = await associate(scope, ends, inputs)
  await thread(ctx, done)
  return done
}

/** Takes objects apart (`dissociate`). */
export async function untie(ctx: Context, ends: Ends, inputs: readonly PairInput[]): Promise<void> {
  await thread(ctx, await dissociate(ctx.scope, ends, inputs))
}

async function thread(ctx: Context, { pairs, field, owner }: Associated): Promise<void> {
  if (field?.kind === messages.kind) await threadMessages(ctx, [...new Set(pairs.map((pair) => pair[owner].id))])
}
