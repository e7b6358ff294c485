import { describe, expect, it } from 'vitest'
import { InputError } from '../flink/input-error.js'
import { formatToken, parseToken, type RunName } from './replay-token.js'

const name: RunName = { scenario: 'word-count', mode: 'aligned', seed: 'main-17' }
const crash = { kind: 'crash', process: '*', at: { point: 'task.barrier.aligned', nth: 3 }, downUs: 20_000 } as const

function refusal(token: string): string {
  try {
    parseToken(token)
  } catch (error) {
    if (error instanceof InputError) return error.message
  }
  return 'accepted'
}

describe('replay token', () => {
  it('is short when the seed says everything', () => {
    expect(formatToken(name)).toBe('mr1.word-count.aligned.main-17')
  })

  it.each<[string, RunName]>([
    ['a seed', name],
    ['a plan', { ...name, plan: [crash, { kind: 'rpc', rpc: 'acknowledge', nth: 1 }] }],
    ['an empty plan', { ...name, plan: [] }],
    ['overrides', { ...name, overrides: [{ stream: 'link/0/1/0', ordinal: 4, value: 17 }] }],
    ['a smaller job', { ...name, reduction: { without: ['Count', 'Filter'], parallelism: { 'Source: Words': 1 } } }],
    ['a name with dots, blanks and more', { ...name, scenario: "Job 2.0 ('größer' #3)", seed: 'a.b~c' }],
  ])('comes back with %s', (_, run) => {
    const token = formatToken(run)
    expect(token).toMatch(/^[\w.~-]+$/)
    expect(parseToken(token)).toEqual(run)
  })

  it('says which version it is of', () => {
    expect(refusal('mr2.word-count.aligned.1')).toMatch(/is of version 2; this millrace replays version 1/)
  })

  it.each([
    ['', 'does not begin with a version'],
    ['word-count.aligned.1', 'does not begin with a version'],
    ['mr1.word-count', 'cut off'],
    ['mr1.word-count.aligned', 'cut off'],
    ['mr1.word-count.sideways.1', "unknown mode 'sideways'; allowed: aligned"],
    ['mr1.word-count.aligned.1.e30.more', 'too many parts'],
    ['mr1.word-count.aligned.1.not-base64-json', 'damaged last part'],
    [`mr1.word-count.aligned.1.${Buffer.from('{"plan":[{"kind":"flood"}]}').toString('base64url')}`, 'damaged last part'],
    ['mr1.word~zzcount.aligned.1', 'no name'],
  ])('%j is refused', (token, reason) => {
    expect(refusal(token)).toContain(reason)
  })

  it('is refused when it was cut anywhere in its plan', () => {
    const token = formatToken({ ...name, plan: [crash] })
    const cuts = Array.from({ length: 60 }, (_, i) => token.slice(0, token.length - 1 - i))
    expect(cuts.filter((cut) => refusal(cut) === 'accepted')).toEqual([])
  })
})
