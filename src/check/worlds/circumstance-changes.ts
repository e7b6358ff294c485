/** What steps and faults do to the circumstances, by number: each change is made once and remembered. */
import { copySpent, mayFire, mayFireAtLast, spendTimer, type Budgets, type Spent } from './budgets.js'
import type { Allowance } from './handler-run.js'
import { PairTable } from './pair-table.js'
import type { AllCircumstances, Circumstances } from './parts.js'

/** Budgets that are counted by name. */
export const SPENDS = ['crashes', 'failures', 'outcomes', 'losses', 'disconnects', 'suspicions'] as const
/** One of `SPENDS`. */
export type Spendable = (typeof SPENDS)[number]

/** What may be spent, with a number for each such allowance. */
export interface NumberedAllowance {
  readonly allowance: Allowance
  readonly number: number
}

/** Kinds of changes, by number; what else there is comes behind. */
const SPAWNED = SPENDS.length
const PROCESS = SPAWNED + 1

/** Numbers of circumstances that have changed, and what they allow. */
export class CircumstanceChanges {
  private readonly known = new PairTable()
  private readonly firings = new PairTable()
  private readonly timers: string[] = []
  private readonly allowances: NumberedAllowance[] = []
  private readonly allowanceNumbers = new Map<string, number>()

  /** All timers may fire at any time, and as often as they are armed. */
  private readonly unlimited: boolean

  constructor(
    private readonly all: AllCircumstances,
    private readonly budgets: Budgets,
  ) {
    this.unlimited = budgets.timers === undefined && budgets.lazyTimers === undefined
  }

  /** One more of a budget is used. */
  spent(number: number, which: number): number {
    return this.changed(number, which, ({ spent, ...others }) => {
      const more = copySpent(spent)
      const budget = SPENDS[which]
      if (budget !== undefined) more[budget]++
      return { ...others, spent: more }
    })
  }

  /** How many faults there were. */
  faults(number: number): number {
    const { spent } = this.all.get(number)
    return SPENDS.reduce((sum, budget) => sum + spent[budget], 0)
  }

  /** There is one more actor. */
  spawned(number: number): number {
    return this.changed(number, SPAWNED, ({ actors, ...others }) => ({ ...others, actors: actors + 1 }))
  }

  /** A process has started or died. */
  process(number: number, index: number, alive: boolean): number {
    return this.changed(number, PROCESS + 2 * index + (alive ? 1 : 0), ({ processes, ...others }) => ({
      ...others,
      processes: processes.map((process, i) =>
        i === index ? { ...process, alive, incarnation: process.incarnation + (alive ? 1 : 0) } : process,
      ),
    }))
  }

  /** A timer of this name has fired. */
  fired(number: number, name: string): number {
    if (this.budgets.timers?.[name] === undefined) return number
    const index = this.indexOf(name)
    const known = this.firings.get(number, index)
    if (known >= 0) return known
    const { spent, ...others } = this.all.get(number)
    const more = copySpent(spent)
    spendTimer(this.budgets, more, name)
    const changed = this.all.add({ ...others, spent: more })
    this.firings.set(number, index, changed)
    return changed
  }

  /** Whether a timer of this name may fire. */
  mayFire(number: number, name: string): boolean {
    return this.unlimited || mayFire(this.budgets, this.all.get(number).spent, name)
  }

  /** Whether a timer of this name may fire where nothing else can happen. */
  mayFireAtLast(number: number, name: string): boolean {
    return mayFireAtLast(this.budgets, this.all.get(number).spent, name)
  }

  /** Whether there is anything left of a budget. */
  left(number: number, budget: Spendable): boolean {
    return this.leftOf(this.all.get(number).spent, budget) > 0
  }

  /** What a step may spend. */
  allowance(number: number): NumberedAllowance {
    return (this.allowances[number] ??= this.newAllowance(this.all.get(number)))
  }

  private newAllowance({ spent, actors }: Circumstances): NumberedAllowance {
    const left = (budget: Spendable): number => this.leftOf(spent, budget)
    const allowance = { crashes: left('crashes'), failures: left('failures'), outcomes: left('outcomes'), actors }
    const text = Object.values(allowance).join(' ')
    const number = this.allowanceNumbers.get(text) ?? this.allowanceNumbers.size
    this.allowanceNumbers.set(text, number)
    return { allowance, number }
  }

  private leftOf(spent: Spent, budget: Spendable): number {
    return Math.max(0, (this.budgets[budget] ?? 0) - spent[budget])
  }

  private indexOf(name: string): number {
    const index = this.timers.indexOf(name)
    return index >= 0 ? index : this.timers.push(name) - 1
  }

  private changed(number: number, change: number, make: (circumstances: Circumstances) => Circumstances): number {
    const known = this.known.get(number, change)
    if (known >= 0) return known
    const changed = this.all.add(make(this.all.get(number)))
    this.known.set(number, change, changed)
    return changed
  }
}
