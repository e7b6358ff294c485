import { NOTHING, type ProtocolFacts } from '../../src/guarantees/index.js'

/** The facts that make a class of outcome: what is restored in which state, and what is left in the end. */
export const CLASS_FACTS = [
  'restored checkpoint',
  'committed before the failure',
  'pending at a failure',
  'transactions',
  'duplicates',
  'loss',
  'wrong counts',
  'uncommitted seen twice',
] as const

/** Name of one of these facts. */
export type ClassFact = (typeof CLASS_FACTS)[number]

/** A class of outcome, as a tuple in the order of `CLASS_FACTS`. */
export type OutcomeClass = readonly string[]

/** The class of a history, by its facts. */
export function classOf(facts: ProtocolFacts): OutcomeClass {
  return CLASS_FACTS.map((name) => facts.get(name) ?? NOTHING)
}

/** The class in words, without what its history cannot show. */
export function classInWords(outcome: OutcomeClass): string {
  return CLASS_FACTS.flatMap((name, index) => (outcome[index] === NOTHING ? [] : [`${name}: ${String(outcome[index])}`])).join('; ')
}

/** The member of a class. */
export function memberOf(outcome: OutcomeClass, fact: ClassFact): string {
  return outcome[CLASS_FACTS.indexOf(fact)] ?? NOTHING
}
