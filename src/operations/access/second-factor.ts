import { Type } from 'typebox'
import { confirmTotp, enrolTotp, renewRecoveryCodes, switchOffTotp } from '../../auth/second-factor.ts'
import { forgiveSignIn } from '../../auth/sign-ins.ts'
import { AppError } from '../../errors.ts'
import { operation } from '../define.ts'
import { DONE, Done } from '../schemas.ts'
import { checkPassword, common, countTry, ownPerson, Password } from './account.ts'

const Codes = Type.Object({
  recoveryCodes: Type.Array(Type.String(), {
    description: 'For the day the device is lost: each works once. This answer is the only time they can be read.',
  }),
})

const enrol = operation({
  ...common,
  name: 'account.enrolSecondFactor',
  title: 'Enrol Second Factor',
  description:
    'A secret for an app that shows codes (TOTP). It counts once a code of it was confirmed. Refused while one is in ' +
    'use: switch that one off first.',
  access: 'write',
  http: 'POST /account/second-factor',
  status: 201,
  input: Type.Object({ password: Password }, { additionalProperties: false }),
  output: Type.Object({
    secret: Type.String({ description: 'Base32, to type in.' }),
    uri: Type.String({ description: 'otpauth://, to show as a QR code.' }),
  }),
  async run(ctx, { password }) {
    const person = await checkPassword(ctx, password)
    if ((await ownPerson(ctx)).hasSecondFactor) throw new AppError('second_factor_there')
    return enrolTotp(ctx.tx, person)
  },
})

const confirm = operation({
  ...common,
  name: 'account.confirmSecondFactor',
  title: 'Confirm Second Factor',
  description: 'A first code of the new secret: from now on signing in asks for one.',
  access: 'write',
  http: 'POST /account/second-factor/confirm',
  input: Type.Object({ code: Type.String({ minLength: 1, maxLength: 20 }) }, { additionalProperties: false }),
  output: Codes,
  async run(ctx, { code }) {
    const person = await ownPerson(ctx)
    if (person.hasSecondFactor) throw new AppError('second_factor_there')
    const attempt = await countTry(ctx, person)
    const recoveryCodes = await confirmTotp(ctx.tx, person.id, code, ctx.clock.nowMs())
    if (recoveryCodes === null) throw new AppError('code_wrong', {}, { keepWrites: true })
    await forgiveSignIn(ctx.tx, attempt)
    return { recoveryCodes }
  },
})

const switchOff = operation({
  ...common,
  name: 'account.switchOffSecondFactor',
  title: 'Switch Off Second Factor',
  description: 'Signing in asks for the password alone again. The recovery codes work no more.',
  access: 'destructive',
  http: 'POST /account/second-factor/off',
  input: Type.Object({ password: Password }, { additionalProperties: false }),
  output: Done(),
  async run(ctx, { password }) {
    const person = await checkPassword(ctx, password)
    await switchOffTotp(ctx.tx, person.id)
    return DONE
  },
})

const renewCodes = operation({
  ...common,
  name: 'account.renewRecoveryCodes',
  title: 'Renew Recovery Codes',
  description: 'Ten new codes for the day the device is lost. Those from before work no more.',
  access: 'destructive',
  http: 'POST /account/recovery-codes',
  input: Type.Object({ password: Password }, { additionalProperties: false }),
  output: Codes,
  async run(ctx, { password }) {
    await checkPassword(ctx, password)
    const person = await ownPerson(ctx)
    if (!person.hasSecondFactor) throw new AppError('bad_request', { reason: 'There is no second factor' })
    return { recoveryCodes: await renewRecoveryCodes(ctx.tx, person.id) }
  },
})

export const secondFactorOperations = [enrol, confirm, switchOff, renewCodes]
