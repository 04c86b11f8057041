import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import scalar from '@scalar/fastify-api-reference'
import react from '@vitejs/plugin-react'
import fastify from 'fastify'
import { defineConfig, type Plugin } from 'vite'

/** The running server that `npm run dev` asks. */
const SERVER = process.env.TINTYPE_DEV_SERVER ?? 'http://127.0.0.1:4400'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), reference(), packed()],
  resolve: {
    alias: {
      // Helpers for tests that @rjsf/core exports want one that compiles code, which the page's policy forbids.
      '@rjsf/validator-ajv8': join(import.meta.dirname, 'src/screens/catalogue/validator.ts'),
    },
  },
  build: {
    outDir: process.env.TINTYPE_CONSOLE_OUT ?? join(import.meta.dirname, 'dist'),
    emptyOutDir: true,
    // Older browsers lack what the pages use anyway (`color-mix`, container queries).
    target: 'es2023',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // What most pages use is one file: dozens of tiny ones pack worse, and are asked for one by one.
        codeSplitting: { groups: [{ name: 'shared', minShareCount: 18 }] },
      },
    },
    chunkSizeWarningLimit: 800,
  },
  server: {
    port: 4100,
    strictPort: true,
    proxy: { '^/(?!app|assets|src|@|node_modules|$)': { target: SERVER, changeOrigin: true } },
  },
})

/** The script of `/docs`: its package ships it for servers only, so we ask a server for it. */
function reference(): Plugin {
  return {
    name: 'reference',
    apply: 'build',
    async generateBundle() {
      const http = fastify()
      await http.register(scalar, { routePrefix: '/docs', configuration: { url: '/openapi.json' } })
      const { body } = await http.inject('/docs/js/scalar.js')
      await http.close()
      this.emitFile({ type: 'asset', name: 'reference.js', source: body.replace(/\n\/\/# sourceMappingURL=.*$/, '') })
    },
  }
}

/** Each text beside its packed forms, so that the server packs nothing. */
function packed(): Plugin {
  const forms = [
    ['.br', (text: Buffer) => promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } })],
    ['.gz', (text: Buffer) => promisify(gzip)(text, { level: 9 })],
  ] as const
  return {
    name: 'packed',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      const { writeFile } = await import('node:fs/promises')
      const names = Object.keys(bundle).filter((name) => /\.(js|css|svg)$/.test(name))
      await Promise.all(
        names.flatMap((name) => {
          const text = readFileSync(join(dir, name))
          return forms.map(async ([ending, pack]) => writeFile(join(dir, name + ending), await pack(text)))
        }),
      )
    },
  }
}
