/** The goldens catch a checker that is wrong in the ways in which checkers are wrong without saying so: verdict and depth stay right. */
import { describe, expect, it } from 'vitest'
import { Fingerprinter } from '../../src/check/fingerprint.js'
import { sourceDpor } from '../../src/check/index.js'
import { SourceDpor } from '../../src/check/source-dpor.js'
import { goldens, type Counts } from './golden.js'
import { lastZero, readers } from './shared-variables.js'
import { countWith, Truncated } from './truncated.js'
import { twoPhase } from './two-phase.js'

function goldenOf(name: string): Counts {
  const found = goldens.find((golden) => golden.name === name)
  if (found === undefined) throw new RangeError(name)
  return found.expected
}

/** Parts combined by exclusive or, and no regard for where they are: equal parts cancel out, and exchanged ones are the same. */
class ExclusiveOr extends Fingerprinter {
  override whole(state: unknown): void {
    this.high = this.low = 0
    this.combine(state)
  }

  override follow(_before: unknown, _high: number, _low: number, after: unknown): void {
    this.whole(after)
  }

  private combine(value: unknown): void {
    if (Array.isArray(value)) for (const element of value) this.combine(element)
    else if (typeof value === 'object' && value !== null && 'rms' in value) for (const member of Object.values(value)) this.combine(member)
    else {
      const part = new Fingerprinter()
      part.whole(value)
      this.high ^= part.high
      this.low ^= part.low
    }
  }
}

describe('goldens catch', () => {
  it('fingerprints that are too short: as many states are lost as birthdays say', () => {
    const { distinct, depth } = goldenOf('TwoPhase(5)')
    const found = [0, 1, 2].map((seed) => countWith(twoPhase(5), new Truncated(20, seed)))
    const lost = found.reduce((sum, counts) => sum + distinct - counts.distinct, 0)
    const expected = (3 * distinct ** 2) / 2 ** 21
    expect(found.map((counts) => counts.depth)).toEqual([depth, depth, depth])
    expect(lost).toBeGreaterThan(expected - 5 * Math.sqrt(expected))
    expect(lost).toBeLessThan(expected + 5 * Math.sqrt(expected))
  })

  it('parts that are combined by exclusive or', () => {
    expect(countWith(twoPhase(3), new ExclusiveOr()).distinct).toBeLessThan(goldenOf('TwoPhase(3)').distinct)
  })

  it('and nothing where nothing is wrong', () => {
    expect(countWith(twoPhase(5), new Fingerprinter(1))).toEqual(goldenOf('TwoPhase(5)'))
  })

  it('a sleep set that nothing wakes', () => {
    class Careless<S, A> extends SourceDpor<S, A> {
      protected override staysAsleep(): boolean {
        return true
      }
    }
    expect(new Careless(readers(6), undefined).explore().complete).toBeLessThan(goldenOf('readers(6) by source-DPOR').distinct)
    expect(new Careless(lastZero(5), undefined).explore().complete).toBeLessThan(64)
  })

  it('a sleep set that everything wakes', () => {
    class Wasteful<S, A> extends SourceDpor<S, A> {
      protected override staysAsleep(): boolean {
        return false
      }
    }
    expect(new Wasteful(lastZero(5), undefined).explore().complete).toBeGreaterThan(64)
  })

  it('a wrong independence relation', () => {
    const onlyWrites = {
      ...lastZero(5),
      dependent: (one: { kind: string }, other: { kind: string }) => one.kind === 'write' && other.kind === 'write',
    }
    expect(sourceDpor({ ...readers(6), dependent: () => false }).complete).toBe(1)
    expect(sourceDpor(onlyWrites).complete).not.toBe(64)
    expect(sourceDpor({ ...readers(3), dependent: () => true }).complete).toBeGreaterThan(8)
  })
})
