import { hashOf } from './html.ts'

/**
 * In the page itself: it fetches nothing, not even from here. Colours of text and edges keep the contrast of WCAG 2.2
 * AA on both grounds.
 */
export const STYLE = `
:root { color-scheme: light dark; --text: #1c1e21; --soft: #575e6a; --line: #dfe2e6; --edge: #767d89; --back: #f3f4f6; --card: #fff; --main: #1f6f54; --over: #185a44; --on: #fff; --bad: #a3261c; --badly: #fdf0ee; --focus: #0b5cad; font: 16px/1.5 system-ui, sans-serif }
@media (prefers-color-scheme: dark) { :root { --text: #e6e8eb; --soft: #a5adb9; --line: #343a42; --edge: #7d8693; --back: #101215; --card: #1a1d21; --main: #4fb892; --over: #6fcbaa; --on: #08251b; --bad: #ff9b91; --badly: #33201e; --focus: #7ab7ff } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; background: var(--back); color: var(--text); overflow-wrap: anywhere }
main { margin: 0 auto; max-width: 36rem; padding: clamp(1rem, 6vh, 4rem) 1rem }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: clamp(1.25rem, 5vw, 2rem) }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem }
h2, legend { font-size: 1rem; font-weight: 600; margin: 0; padding: 0 }
p { margin: 0 0 1rem }
small, .soft { color: var(--soft); font-size: .875rem }
code { font: .8125rem/1.5 ui-monospace, monospace }
form { margin: 0 }
section, fieldset { border: 0; border-top: 1px solid var(--line); margin: 1.25rem 0 0; padding: 1.25rem 0 0; min-width: 0 }
fieldset legend { float: left; width: 100%; margin-bottom: .5rem }
fieldset legend + * { clear: both }
.field { display: block; margin: 0 0 1rem; font-weight: 600 }
input:is([type=email], [type=password], [type=search]) { display: block; width: 100%; min-height: 2.75rem; margin-top: .25rem; padding: .5rem .75rem; font: inherit; font-weight: 400; color: inherit; background: var(--card); border: 1px solid var(--edge); border-radius: .5rem }
input[aria-invalid] { border-color: var(--bad) }
input:is([type=radio], [type=checkbox]) { flex: none; width: 1.15rem; height: 1.15rem; margin: .2rem 0 0; accent-color: var(--main) }
.choices { max-height: 22rem; overflow-y: auto; margin: 0 -.75rem; padding: .25rem }
.choice { display: flex; gap: .75rem; min-height: 2.75rem; padding: .6rem .5rem; border-radius: .5rem; cursor: pointer }
.choice:hover { background: var(--back) }
.choice:has(:checked) { background: var(--back) }
.choice small { display: block }
.future { margin-left: 1.9rem }
.choices:not(:has([value=agency]:checked)) .future { display: none }
.search { display: flex; gap: .5rem; align-items: end; margin: 0 0 .75rem }
.search label { flex: 1; margin: 0 }
.rights { list-style: none; margin: .5rem 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 13rem), 1fr)); gap: .5rem 1.5rem }
.rights strong { font-weight: 600 }
.rights :is(span, small) { display: block; color: var(--soft); font-size: .875rem; line-height: 1.35 }
summary { cursor: pointer; padding: .5rem 0; color: var(--soft); font-size: .875rem }
details ul { margin: 0 0 .5rem; padding-left: 1.25rem }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem }
button { min-height: 2.75rem; padding: .5rem 1.5rem; font: inherit; font-weight: 600; color: inherit; background: none; border: 1px solid var(--edge); border-radius: .5rem; cursor: pointer }
button:hover { background: var(--back) }
button.main { background: var(--main); border-color: var(--main); color: var(--on) }
button.main:hover { background: var(--over); border-color: var(--over) }
button.link { min-height: 1.5rem; padding: 0; border: 0; font-size: .875rem; font-weight: 400; text-decoration: underline; color: var(--soft) }
.buttons button { flex: 1 1 8rem }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px }
.fault { margin: 0 0 1rem; padding: .75rem 1rem; border-left: 4px solid var(--bad); border-radius: .25rem; background: var(--badly) }
`

export const STYLE_HASH = hashOf(STYLE)
