/** Style and script of the reference page. Both are in the page itself: it must work without any other file. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1c1e21; --soft: #5c6370; --line: #dfe2e6; --back: #fff; --box: #f5f6f8; --link: #0b5cad; --get: #1a7f37; --post: #0b5cad; --put: #8a5a00; --delete: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e8eb; --soft: #9aa3af; --line: #343a42; --back: #16181c; --box: #1f2329; --link: #7ab7ff; --get: #56d364; --post: #7ab7ff; --put: #e3b341; --delete: #ff8f87; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); display: grid; grid-template-columns: 18rem minmax(0, 1fr); }
a { color: var(--link); }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem; border-right: 1px solid var(--line); font-size: .875rem; }
nav h2 { font-size: .8rem; margin: 1rem 0 .25rem; color: var(--soft); }
nav ul { list-style: none; margin: 0; padding: 0; }
nav a { text-decoration: none; overflow-wrap: anywhere; }
main { padding: 1rem 2rem 6rem; max-width: 70rem; }
input[type=search] { width: 100%; padding: .5rem; font: inherit; color: inherit; background: var(--box); border: 1px solid var(--line); border-radius: .25rem; }
article { border-top: 1px solid var(--line); padding: 1rem 0; scroll-margin-top: 1rem; }
h1 { font-size: 1.5rem; } h3 { margin: 0 0 .25rem; font-size: 1.05rem; }
code, pre { font: .85rem/1.45 ui-monospace, monospace; }
pre { background: var(--box); padding: .75rem; overflow-x: auto; border-radius: .25rem; white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.soft { color: var(--soft); font-size: .875rem; margin: .25rem 0; }
.verb { font-weight: 600; } .GET { color: var(--get); } .POST { color: var(--post); } .PUT, .PATCH { color: var(--put); } .DELETE { color: var(--delete); }
summary { cursor: pointer; color: var(--soft); font-size: .875rem; }
[hidden] { display: none; }
@media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; border: 0; } nav ul, nav h2 { display: none; } main { padding: 1rem; } }
`

export const SCRIPT = `
const search = document.querySelector('input[type=search]')
const entries = [...document.querySelectorAll('[data-text]')]
const groups = [...document.querySelectorAll('[data-group]')]
const none = document.querySelector('#none')
search.addEventListener('input', () => {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean)
  let found = 0
  for (const entry of entries) {
    entry.hidden = !words.every((word) => entry.dataset.text.includes(word))
    if (!entry.hidden) found++
  }
  for (const group of groups) group.hidden = !group.querySelector('[data-text]:not([hidden])')
  none.hidden = found > 0
})
`
