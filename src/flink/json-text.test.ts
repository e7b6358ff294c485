import { describe, expect, it } from 'vitest'
import { InputError } from './input-error.js'
import { jsonPath, parseJsonText } from './json-text.js'

function messageOf(text: string): string {
  try {
    parseJsonText(text, 'plan.json')
  } catch (error) {
    if (error instanceof InputError) return error.message
    throw error
  }
  return 'accepted'
}

describe('parseJsonText', () => {
  it('reads JSON', () => {
    expect(parseJsonText(' {"a": [1, -2.5e3, "x\\u0041\\n", true, null, {}, []]}\n', 'x')).toEqual({
      a: [1, -2500, 'xA\n', true, null, {}, []],
    })
  })
  it('names line and column of what is not JSON', () => {
    expect(messageOf('{\n  "a": 1,\n  b: 2\n}')).toBe(`plan.json:3:3: not JSON, found "b"; allowed: a name in double quotes`)
    expect(messageOf('{"a": 1')).toBe(`plan.json:1:8: not JSON, the text ends here; allowed: ',' or '}'`)
    expect(messageOf('[1 2]')).toBe(`plan.json:1:4: not JSON, found "2"; allowed: ',' or ']'`)
    expect(messageOf('{} x')).toBe(`plan.json:1:4: not JSON, found "x"; allowed: the end of the text`)
    expect(messageOf('')).toBe('plan.json:1:1: not JSON, the text ends here; allowed: a value')
    expect(messageOf('{"a": "b')).toBe('plan.json:1:7: not JSON, the text ends within the quotes that begin here; allowed: a value')
    expect(messageOf('{"a": 1, "b')).toBe(
      'plan.json:1:10: not JSON, the text ends within the quotes that begin here; allowed: a name in double quotes',
    )
    expect(messageOf('["a\nb", "c"]')).toBe(`plan.json:1:2: not JSON, found "\\""; allowed: a value`)
    expect(messageOf('nodes: []')).toBe('plan.json:1:1: not JSON, found "n"; allowed: a value')
    expect(messageOf('{"a" 1}')).toBe(`plan.json:1:6: not JSON, found "1"; allowed: ':'`)
  })
  it('reads texts of any length, and says where one is cut short', () => {
    const long = '\\n"'.replace('"', 'x').repeat(3_000_000)
    expect(parseJsonText(`["${long}"]`, 'x')).toEqual(['\nx'.repeat(3_000_000)])
    expect(messageOf(`["${long}`)).toMatch(/^plan\.json:1:2: not JSON, the text ends within the quotes/)
  })
  it('refuses what is nested deeper than any document of Flink', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
    expect(messageOf(nested(500))).toBe('accepted')
    expect(messageOf(nested(5000))).toBe('plan.json:1:501: more than 500 objects or lists within one another; allowed: less depth')
    expect(messageOf(`[${'[],'.repeat(5000)}1]`)).toBe('accepted')
  })
  it('agrees with JSON.parse on what is JSON', () => {
    for (const text of [
      '01',
      '1.',
      '+1',
      '"\t"',
      '"\\x"',
      '[1,]',
      '{"a":1,}',
      '{"a":}',
      'tru',
      '""',
      '0',
      '[[]]',
      '1e5',
      'nul l',
      '"a" ,',
    ]) {
      let parses = true
      try {
        JSON.parse(text)
      } catch {
        parses = false
      }
      expect([text, messageOf(text) === 'accepted']).toEqual([text, parses])
    }
  })
})

describe('jsonPath', () => {
  it('writes names and indices', () => {
    expect(jsonPath(['nodes', 2, 'id'])).toBe('$.nodes[2].id')
  })
})
