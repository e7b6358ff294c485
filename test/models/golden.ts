/**
 * Counts that nobody of this project has made: what other checkers found for the published specifications that these models are
 * written from. Distinct states, generated states (initial states and every step), depth in states.
 */
import { checker, type CheckResult } from '../../src/check/index.js'
import { chandyLamport } from './chandy-lamport.js'
import { exactlyOnce } from './exactly-once.js'
import { transactionCommit } from './transaction-commit.js'
import { twoPhase } from './two-phase.js'

/** What a model counts to. */
export interface Counts {
  readonly distinct: number
  readonly generated: number
  readonly depth: number
}

/** A model with what it must count to. */
export interface Golden {
  readonly name: string
  readonly expected: Counts
  /** Takes too long for a test: by command only. */
  readonly large: boolean
  count(): Counts
}

const LARGE = 300_000

/** Explored breadth-first. */
function explored<S, A>(model: Parameters<typeof checker<S, A>>[0], distinct: number, generated: number, depth: number): Golden {
  return {
    name: model.name,
    expected: { distinct, generated, depth },
    large: distinct > LARGE,
    count: () => countsOf(checker(model).breadthFirst()),
  }
}

function countsOf({ verdict, distinct, generated, depth, defect, model }: CheckResult): Counts {
  if (verdict !== 'holds') throw new RangeError(`${model} is ${verdict}: ${JSON.stringify(defect)}`)
  return { distinct, generated, depth }
}

/** All of them, small ones first. */
export const goldens: readonly Golden[] = [
  explored(transactionCommit(3), 34, 94, 7),
  explored(twoPhase(3), 288, 1_146, 11),
  explored(twoPhase(5), 8_832, 58_146, 17),
  explored(twoPhase(6), 50_816, 402_306, 20),
  explored(twoPhase(7), 296_448, 2_744_706, 23),
  explored(twoPhase(3, true), 80, 318, 11),
  explored(twoPhase(5, true), 314, 2_048, 17),
  explored(twoPhase(7, true), 920, 8_410, 23),
  explored(chandyLamport(2), 56, 71, 11),
  explored(chandyLamport(3), 3_672, 12_412, 16),
  explored(chandyLamport(2, true), 28, 36, 9),
  explored(chandyLamport(3, true), 616, 2_085, 14),
  explored(exactlyOnce(), 556, 1_337, 12),
  explored(twoPhase(8), 1_745_408, 18_507_778, 26),
  explored(twoPhase(9), 10_340_352, 123_558_402, 29),
]
