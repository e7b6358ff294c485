import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { breaks } from './breaks.js'
import { classicChains, moreChains } from './causal-chains.js'
import { classicBreaks } from './breaks-of-shows.js'
import { compareChain, explainBreaks } from './explain-breaks.js'
import type { BreakExplained } from './explain-break.js'

const root = join(import.meta.dirname, '../..')
const explained = (...kinds: string[]): BreakExplained => ({
  rule: 'r',
  scenario: 's',
  seed: '1',
  plan: [],
  because: kinds.map((kind) => ({ kind, words: '', timeUs: 0 })),
  certain: null,
  seconds: 0,
  tries: 0,
})

describe('causal chains', () => {
  it('are written for all classic breaks, and name breaks that exist and rules that they are expected to break', () => {
    expect(classicChains.map(({ id }) => id)).toEqual(classicBreaks.map(({ id }) => id))
    for (const { id, rule } of [...classicChains, ...moreChains])
      expect(breaks.find((broken) => broken.id === id)?.expected).toContain(rule)
  })

  it('agree with an explanation that has every link in its order and few others', () => {
    const chain = { id: 'x', rule: 'r', chain: ['checkpoint-triggered', 'fault', 'commit'] } as const
    expect(compareChain(chain, explained('checkpoint-triggered', 'pre-commit', 'fault', 'commit-requested'))).toMatchObject({
      agrees: true,
      others: 1,
    })
    expect(compareChain(chain, explained('fault', 'checkpoint-triggered', 'commit'))).toMatchObject({ agrees: false, missing: ['fault'] })
    const either = { ...chain, atTheEnd: ['fault', 'checkpoint-triggered', 'commit'] } as const
    expect(compareChain(either, explained('fault', 'checkpoint-triggered', 'commit'))).toMatchObject({ agrees: true, missing: [] })
    expect(compareChain(either, explained('commit', 'checkpoint-triggered', 'fault'))).toMatchObject({ agrees: false, missing: ['commit'] })
    expect(compareChain(chain, null)).toMatchObject({ agrees: false, missing: ['checkpoint-triggered', 'fault', 'commit'] })
    const many = ['checkpoint-triggered', 'fault', 'commit', ...Array.from({ length: 6 }, () => 'visible')]
    expect(compareChain(chain, explained(...many))).toMatchObject({ agrees: false, missing: [], others: 6 })
  })
})

describe('explanations', () => {
  it('agree with the chains of the quickest breaks', { timeout: 240_000 }, async () => {
    const quick = ['ack-before-durable', 'no-commit-on-restore']
    const compared = await explainBreaks(
      root,
      classicChains.filter(({ id }) => quick.includes(id)),
      undefined,
      { maxRuns: 60, forks: 2 },
    )
    expect(compared.map(({ id, missing, others }) => [id, missing, others < 6])).toEqual(quick.map((id) => [id, [], true]))
  })
})
