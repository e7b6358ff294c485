/** Each tidy check finds a bad example, and leaves the good one beside it alone. */
import { describe, expect, it } from 'vitest'
import { brokenLinks } from './tidy/link-rules.js'
import { castsAndAnys, longFunctions, missingHeader, undocumentedExports, unexplainedSkips } from './tidy/source-rules.js'
import { badEnding, foreignText, forbiddenName, tooLong, unexplainedDisable } from './tidy/text-rules.js'

const file = (text: string, path = 'src/engine/x.ts') => ({ path, text })

describe('tidy checks bite', () => {
  it('long files', () => {
    expect(tooLong(file('x\n'.repeat(401)))).toHaveLength(1)
    expect(tooLong(file('x\n'.repeat(400)))).toEqual([])
  })

  it('long functions, methods and arrow functions', () => {
    const body = '  f()\n'.repeat(69)
    expect(longFunctions(file(`function long() {\n${body}}\n`))).toEqual(['src/engine/x.ts:1: long has 71 lines, at most 70'])
    expect(longFunctions(file(`class A {\n  run() {\n${body}  }\n}\n`))).toHaveLength(1)
    expect(longFunctions(file(`const long = () => {\n${body}}\n`))).toHaveLength(1)
    const method = '  run() {\n  f()\n  },\n'
    expect(longFunctions(file(`function behavior() {\nreturn {\n${method.repeat(30)}}\n}\n`))).toEqual([])
    expect(longFunctions(file(`function behavior() {\nreturn {\n  run() {\n${body}},\n}\n}\n`))).toEqual([
      'src/engine/x.ts:3: run has 71 lines, at most 70',
    ])
    expect(longFunctions(file(`function short() {\n${body.slice(6)}}\n`))).toEqual([])
  })

  it('casts, any and non-null assertions', () => {
    expect(castsAndAnys(file('const a = b as C\n'))).toEqual(['src/engine/x.ts:1: a type assertion'])
    expect(castsAndAnys(file('const a = <C>b\nlet x: any\nconst y = z!\n'))).toHaveLength(3)
    expect(castsAndAnys(file('const a = [1] as const\nconst text = "as any"\n'))).toEqual([])
  })

  it('names that say nothing', () => {
    for (const path of ['src/engine/utils.ts', 'src/world/types.ts', 'src/common/x.ts', 'test/helpers/y.ts', 'src/a/helper.test.ts']) {
      expect(forbiddenName(path), path).toHaveLength(1)
    }
    expect(forbiddenName('src/engine/actor-types.ts')).toEqual([])
    expect(forbiddenName('src/engine/state/value-types.ts')).toEqual([])
  })

  it('an index without a header', () => {
    expect(missingHeader(file("export * from './a.js'\n", 'src/engine/index.ts'))).toHaveLength(1)
    expect(missingHeader(file("/** x */\nexport * from './a.js'\n", 'src/engine/index.ts'))).toHaveLength(1)
    expect(missingHeader(file("/** The engine: what it is and what others may use of it. */\nexport * from './a.js'\n"))).toEqual([])
  })

  it('undocumented exports of every kind', () => {
    const bad =
      'export function f() {}\nexport class A {}\nexport interface I {}\nexport type T = 1\nexport const c = 1\nexport enum E {}\n'
    expect(undocumentedExports(file(bad))).toHaveLength(6)
    expect(undocumentedExports(file('/** Does. */\nexport function f() {}\n// why\nconst inner = 1\nexport { inner }\n'))).toEqual([])
    expect(undocumentedExports(file('/** Once. */\nexport function f(a: 1): 1\nexport function f(a: 2): 2\n'))).toEqual([])
    const subject = '/** What a barrier aligner is. */\nimport x from "y"\nexport const barrierAligner = x\nexport const other = x\n'
    expect(undocumentedExports(file(subject, 'src/engine/barrier-aligner.ts'))).toEqual([
      'src/engine/barrier-aligner.ts:4: export other has no doc comment',
    ])
    expect(undocumentedExports(file('// no doc comment\nexport const c = 1\n'))).toHaveLength(1)
  })

  it('text that names things outside the project', () => {
    for (const text of [
      'see /wo' + 'rk/main/x',
      "'/ro" + "ot/.npm'",
      'registry.' + 'npmjs.org',
      'as iss' + 'ue 12 says',
      'Iss' + 'ue #3',
    ]) {
      expect(foreignText(file(text)), text).toHaveLength(1)
    }
    expect(foreignText(file('src/framework/x, FLINK-12345, the issue of 3 barriers, https://nodejs.org/work/x'))).toEqual([])
  })

  it('checks that are switched off silently', () => {
    const off = '// eslint-' + 'disable-next-line no-eval'
    expect(unexplainedDisable(file(off))).toHaveLength(1)
    expect(unexplainedDisable(file('// @ts-' + 'ignore'))).toHaveLength(1)
    expect(unexplainedDisable(file('// @ts-' + 'expect-error'))).toHaveLength(1)
    expect(unexplainedDisable(file(`${off} -- the point of this file`))).toEqual([])
    expect(unexplainedDisable(file('// @ts-' + 'expect-error a number is no name'))).toEqual([])
  })

  it('skipped and lonely tests', () => {
    const skips =
      "it.skip('later', f)\nit.skipIf(x)('sometimes', f)\ndescribe.skip('all', f)\nit.only('me', f)\nit.skip.each(t)('each', f)\n"
    expect(unexplainedSkips(file(skips, 'a.test.ts'))).toHaveLength(5)
    expect(
      unexplainedSkips(file("it.skipIf(x)('full set, needs ../shared', f)\nit.each(t)('row', f)\nlist.skip('x')\n", 'a.test.ts')),
    ).toEqual([])
  })

  it('links that lead nowhere', () => {
    const project = { exists: (path: string) => ['src/a.ts', 'docs/b.md', 'docs/c.md'].includes(path), text: () => '# One Heading\n' }
    const broken = (text: string) => brokenLinks({ path: 'docs/c.md', text }, project)
    expect(broken('[x](../src/gone.ts)')).toEqual(['docs/c.md:1: ../src/gone.ts does not exist'])
    expect(broken('[x](../../else/a.ts)')).toHaveLength(1)
    expect(broken('[x](../src/a.ts#L12)')).toHaveLength(1)
    expect(broken('[x](b.md#two) and ![y](gone.png)')).toHaveLength(2)
    expect(broken('[x](../src/a.ts) [y](b.md#one-heading) [z](https://flink.apache.org) [h](#one-heading)')).toEqual([])
    expect(broken('`[x](gone.md)`\n```\n[x](gone.md)\n```\n')).toEqual([])
  })

  it('endings', () => {
    expect(badEnding(file('a'))).toHaveLength(1)
    expect(badEnding(file('a\n\n'))).toHaveLength(1)
    expect(badEnding(file('a \nb\r\n'))).toHaveLength(2)
    expect(badEnding(file('a\n'))).toEqual([])
  })
})
