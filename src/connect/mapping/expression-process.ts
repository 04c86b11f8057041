import { type Batch, evaluateSome, READY } from './evaluation.ts'

/*
 * The process that expressions run in: it knows no secrets, may reach nothing and has little memory. It ends with the
 * one that began it.
 */
process.on('message', (batch: Batch) => {
  process.send?.(evaluateSome(batch))
})
process.on('disconnect', () => process.exit())
process.send?.(READY)
