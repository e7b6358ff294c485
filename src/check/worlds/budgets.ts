import { hashPlain, mix } from '../../world/index.js'

/** How much may happen in one explored run; what is not mentioned does not happen, except for timers: those fire without limit. */
export interface Budgets {
  /** Crashes of processes, between steps or at a failpoint. Each may be followed by a restart at any time. */
  readonly crashes?: number
  /** Failpoints that fail. */
  readonly failures?: number
  /** Calls that do not end in *done*. */
  readonly outcomes?: number
  /** Messages lost, of those that the exploration calls losable. */
  readonly losses?: number
  /** Connections between processes that break. */
  readonly disconnects?: number
  /** Monitored peers that are suspected although they live. */
  readonly suspicions?: number
  /** Firings by name of the timer. */
  readonly timers?: Readonly<Record<string, number>>
  /** Names of timers that only repeat what may have been lost: they fire where nothing but faults could happen otherwise. */
  readonly lazyTimers?: readonly string[]
  /**
   * Likewise for timers of a budget: so many firings in all, by name. What is beyond the budget comes about only where nothing but faults
   * could happen otherwise.
   */
  readonly reserves?: Readonly<Record<string, number>>
}

/** What a run has used of its budgets: part of its state, because it decides what may still happen. `timers` is replaced, never changed. */
export interface Spent {
  crashes: number
  failures: number
  outcomes: number
  losses: number
  disconnects: number
  suspicions: number
  timers: Readonly<Record<string, number>>
}

/** Where a run begins. */
export function nothingSpent(): Spent {
  return { crashes: 0, failures: 0, outcomes: 0, losses: 0, disconnects: 0, suspicions: 0, timers: {} }
}

/** A copy for a step that may spend more. */
export function copySpent(spent: Spent): Spent {
  // `timers` is replaced, never changed.
  return { ...spent }
}

/** Whether a timer of this name may fire once more, whatever else may happen. */
export function mayFire(budgets: Budgets, spent: Spent, name: string): boolean {
  if (budgets.lazyTimers?.includes(name) === true) return false
  const budget = budgets.timers?.[name]
  return budget === undefined || (spent.timers[name] ?? 0) < budget
}

/** Whether a timer of this name may fire where nothing but faults could happen otherwise. */
export function mayFireAtLast(budgets: Budgets, spent: Spent, name: string): boolean {
  return budgets.lazyTimers?.includes(name) === true || (spent.timers[name] ?? 0) < (budgets.reserves?.[name] ?? 0)
}

/** Whether no timer of this name fires at any time: one that is armed is as good as none, and tells no states apart. */
export function neverFires(budgets: Budgets, name: string): boolean {
  return budgets.timers?.[name] === 0 && (budgets.reserves?.[name] ?? 0) === 0 && budgets.lazyTimers?.includes(name) !== true
}

/** Counts a firing, if there is a budget to count it against: what nobody counts must not tell states apart. */
export function spendTimer(budgets: Budgets, spent: Spent, name: string): void {
  if (budgets.timers?.[name] !== undefined) spent.timers = { ...spent.timers, [name]: (spent.timers[name] ?? 0) + 1 }
}

/** Hash of what was spent, for a lane given by its seed. */
export function hashSpent({ crashes, failures, outcomes, losses, disconnects, suspicions, timers }: Spent, seed: number): number {
  return [crashes, failures, outcomes, losses, disconnects, suspicions].reduce(mix, hashPlain(timers, seed))
}
