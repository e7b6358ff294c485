/**
 * Counts that nobody of this project has made: what other checkers found for the published specifications that these models are
 * written from. Of states: distinct ones, generated ones (initial states and every step), depth in states. Of executions, which are
 * taken without storing a state: all, those given up as repetitions, and nothing.
 */
import { checker, delayBounded, sourceDpor, type CheckResult, type Concurrent } from '../../src/check/index.js'
import { chandyLamport } from './chandy-lamport.js'
import { exactlyOnce } from './exactly-once.js'
import { lastZero, readers, type Access, type ProgramState } from './shared-variables.js'
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
  readonly of: 'states' | 'executions'
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
    of: 'states',
    expected: { distinct, generated, depth },
    large: distinct > LARGE,
    count: () => countsOf(checker(model).breadthFirst()),
  }
}

function countsOf({ verdict, distinct, generated, depth, defect, model }: CheckResult): Counts {
  if (verdict !== 'holds') throw new RangeError(`${model} is ${verdict}: ${JSON.stringify(defect)}`)
  return { distinct, generated, depth }
}

/** By source-DPOR, as Concuerror's option `source` counts. */
function reduced(model: Concurrent<ProgramState, Access>, executions: number, blocked: number): Golden {
  return {
    name: `${model.name} by source-DPOR`,
    of: 'executions',
    expected: { distinct: executions, generated: blocked, depth: 0 },
    large: false,
    count: () => {
      const { complete, blocked: given } = sourceDpor(model)
      return { distinct: complete + given, generated: given, depth: 0 }
    },
  }
}

/** By delay-bounded scheduling, as Concuerror's bound of the type `delay` counts. */
function delayed(model: Concurrent<ProgramState, Access>, delays: number, executions: number): Golden {
  return {
    name: `${model.name} with ${delays} delays`,
    of: 'executions',
    expected: { distinct: executions, generated: 0, depth: 0 },
    large: false,
    count: () => ({ distinct: delayBounded(model, delays), generated: 0, depth: 0 }),
  }
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
  reduced(readers(6), 64, 0),
  reduced(lastZero(5), 97, 33),
  ...[1, 2, 8, 23, 43, 58, 64, 64].map((executions, delays) => delayed(readers(6), delays, executions)),
  explored(twoPhase(8), 1_745_408, 18_507_778, 26),
  explored(twoPhase(9), 10_340_352, 123_558_402, 29),
]
