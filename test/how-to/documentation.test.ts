/** The how-to shows what is run as a test, word for word. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import packageFile from '../../package.json' with { type: 'json' }
import { matchers } from '../../src/vitest/index.js'

const page = readFileSync('docs/testing.md', 'utf8')

describe('docs/testing.md', () => {
  it('shows the test as it is, imported as users import it', () => {
    const [, shown] = /```ts\n([^]*?)```/.exec(page) ?? []
    const names = { millrace: 'index', 'millrace/fast-check': 'fast-check/index', 'millrace/vitest': 'vitest/index' }
    let test = readFileSync('test/how-to/shop.test.ts', 'utf8')
    for (const [name, file] of Object.entries(names)) {
      expect(packageFile.exports).toMatchObject({ [name.replace('millrace', '.')]: { default: `./dist/src/${file}.js` } })
      test = test.replace(`'../../src/${file}.js'`, `'${name}'`)
    }
    expect(shown).toBe(test)
  })

  it('has every matcher', () => {
    const named = [...page.matchAll(/^\| `(\w+)\(/gm)].map(([, name]) => name)
    expect(named).toEqual(Object.keys(matchers))
  })
})
