export function faintTexts(): string[]
export function focused(): { name: string; ring: boolean }
export function layout(): { width: number; small: string[] }
export function schemeNow(): string
export function knowsAxe(): boolean
export function graveFaults(runOnly: string[] | undefined): Promise<object[]>
export function setScheme(scheme: string): Promise<void>
export function nextFrame(): Promise<void>
export function neededWidth(): number
export function openScreen(link: unknown): Promise<number>
export function watchFrames(): void
export function framesSeen(): number[]
export function hasFocus(element: unknown): boolean
export function isFocusSeen(): boolean
export function watchShifts(): void
export function shiftsSeen(): { sum: number; by: string[] }
