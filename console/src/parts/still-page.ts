/** What runs, loads, or leads a page elsewhere. `template`: a shadow that is declared in one is part of the page. */
const LIVELY = 'script, iframe, frame, object, embed, link, meta, base, template'
const LOADING = ['src', 'srcset', 'poster', 'background', 'data', 'action', 'formaction', 'ping']

/**
 * What people wrote as a page, as it looks: without whatever a frame that runs no script and loads nothing would
 * complain about. What keeps the page harmless is that frame, not this.
 */
export function stillPage(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html')
  for (const one of page.querySelectorAll(LIVELY)) one.remove()
  for (const one of page.querySelectorAll('*'))
    for (const { name, value } of [...one.attributes]) {
      const loads = LOADING.includes(name) || (name.endsWith('href') && one.tagName !== 'A')
      if (name.startsWith('on') || (loads && !value.startsWith('data:image/')) || /^\s*javascript:/i.test(value))
        one.removeAttribute(name)
      else if (name === 'style') one.setAttribute(name, withoutAddresses(value))
    }
  for (const one of page.querySelectorAll('style')) one.textContent = withoutAddresses(one.textContent ?? '')
  return page.documentElement.outerHTML
}

const withoutAddresses = (css: string): string =>
  css.replace(/@import[^;]*;?/gi, '').replace(/url\((?!\s*['"]?data:)[^)]*\)/gi, 'none')
