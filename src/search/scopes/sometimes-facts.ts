/** Facts that a search must have come across somewhere, or what holds in it means little. */
import type { HistoryFact } from '../../history/index.js'
import type { Mode, WitnessName } from '../scenario.js'
import type { ScopedCheck } from './scope-exploration.js'
import type { Scope } from './scope.js'

/** Names of facts, as reports use them. */
export const SOMETIMES_NAMES = [
  'finished',
  'checkpoint completed',
  'checkpoint aborted',
  'restored after a crash',
  'repeated commit answered already',
  'two attempts alive',
  'a late notification ignored',
  'an older attempt is heard late',
  'duplicates visible',
  'beyond the preconditions: opened behind its successor',
  'beyond the preconditions: lost',
] as const

/** One of them. */
export type SometimesName = (typeof SOMETIMES_NAMES)[number]

/** Whether a fact was seen, and whether the scope asks for it. */
export interface SometimesSeen {
  readonly name: SometimesName
  readonly seen: boolean
  /** Without it the verdict is incomplete. */
  readonly required: boolean
}

interface SometimesFact {
  readonly name: SometimesName
  /** Whether a scope, or the scenario in it, asks for it. */
  readonly isRequired: (scope: Scope, mode: Mode, witnesses: readonly WitnessName[]) => boolean
}

/** All facts, in the order of reports. */
const FACTS: readonly SometimesFact[] = [
  { name: 'finished', isRequired: () => true },
  { name: 'checkpoint completed', isRequired: (_, mode) => mode !== 'off' },
  { name: 'checkpoint aborted', isRequired: () => false },
  { name: 'restored after a crash', isRequired: (scope, mode) => mode !== 'off' && isStruck(scope) },
  {
    name: 'repeated commit answered already',
    isRequired: (scope, _, witnesses) => isStruck(scope) && witnesses.includes('repeated-commit'),
  },
  { name: 'two attempts alive', isRequired: () => false },
  { name: 'a late notification ignored', isRequired: () => false },
  { name: 'an older attempt is heard late', isRequired: () => false },
  { name: 'duplicates visible', isRequired: (scope, _, witnesses) => isStruck(scope) && witnesses.includes('duplicated-output') },
  { name: 'beyond the preconditions: opened behind its successor', isRequired: () => false },
  { name: 'beyond the preconditions: lost', isRequired: () => false },
]

function isStruck({ crashes, jobManagerCrashes }: Scope): boolean {
  return crashes + jobManagerCrashes > 0
}

/** Collects what is seen anywhere; order does not matter, and nothing of it is part of a state. */
export class SometimesFacts {
  private readonly seen = new Set<SometimesName>()

  /** Notes a fact. */
  note(name: SometimesName): void {
    this.seen.add(name)
  }

  /** How many were seen so far. */
  get size(): number {
    return this.seen.size
  }

  /** All that were seen so far. */
  names(): readonly SometimesName[] {
    return [...this.seen]
  }

  /** Notes what a fact of the history shows by itself. */
  noteFact(fact: HistoryFact): void {
    if (fact.kind === 'checkpoint-completed') this.seen.add('checkpoint completed')
    else if (fact.kind === 'checkpoint-aborted') this.seen.add('checkpoint aborted')
    else if (fact.kind === 'restore' && fact.checkpoint !== undefined) this.seen.add('restored after a crash')
    else if (fact.kind === 'commit' && fact.result === 'already') this.seen.add('repeated commit answered already')
  }

  /** Every fact, and whether it was seen. */
  report({ scenario, mode, scope }: Pick<ScopedCheck, 'scenario' | 'mode' | 'scope'>): readonly SometimesSeen[] {
    const witnesses = scenario.witnesses(mode)
    return FACTS.map(({ name, isRequired }) => ({ name, seen: this.seen.has(name), required: isRequired(scope, mode, witnesses) }))
  }
}
