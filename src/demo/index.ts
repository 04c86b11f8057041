/*
 * The demo: two agencies, four sub-accounts, and in one of them two thousand people with what happened to them. The
 * same each time.
 */

export { createDemo, type DemoFile } from './agencies.ts'
export { createDice, type Dice } from './chance.ts'
