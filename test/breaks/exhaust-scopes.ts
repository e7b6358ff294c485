/** Scopes in which breaks are searched for exhaustively, from the smallest up, and what may be left out in doing so. */
import type { Mode } from '../../src/search/scenario.js'

/** One of them. */
export interface ExhaustScope {
  readonly scenario: string
  readonly mode: Mode
  /** As `--scope` takes it. */
  readonly scope: string
}

const kafka = (scope: string, mode: Mode = 'aligned'): ExhaustScope => ({ scenario: 'kafka-to-kafka-exactly-once', mode, scope })
const file = (scope: string): ExhaustScope => ({ scenario: 'file-to-file', mode: 'aligned', scope })
const small = 'sources=1,records=1,checkpoints=1'
/** Two pipelines side by side, each in a TaskManager of its own: those are interchangeable. */
const twins = 'sources=2,subtasks=2,taskManagers=2,records=1,checkpoints=1'

/** Those that are searched unless it is said otherwise. */
const usualScopes: readonly ExhaustScope[] = [
  kafka(`${small},crashes=0`),
  kafka('sources=1,records=1,checkpoints=2,crashes=0'),
  file(`${small},crashes=0,losses=1`),
  file(`${small},crashes=0,expiries=1`),
  file(`${small},crashes=1`),
  kafka(`${small},crashes=1`),
  kafka(`${small},crashes=0,jobManagerCrashes=1`),
  file(`${small},crashes=0,outcomes=1`),
  file(`${small},crashes=0,failures=1`),
  kafka('sources=2,records=1,checkpoints=1,crashes=0', 'at-least-once'),
  kafka('sources=2,records=1,checkpoints=1,crashes=0'),
  kafka(`${small},crashes=0,outcomes=1`),
  kafka('sources=1,records=2,checkpoints=2,crashes=0'),
  kafka('sources=2,records=1,checkpoints=1,crashes=0,expiries=1'),
  kafka('sources=1,records=1,checkpoints=2,crashes=1'),
  kafka('sources=2,records=1,checkpoints=2,crashes=0', 'at-least-once'),
  kafka('sources=2,records=1,checkpoints=2,crashes=0'),
  // Its sink is that of an outside store, whose commits the committer asks for itself.
  { scenario: 'session-windows', mode: 'aligned', scope: `${small},crashes=0,outcomes=1` },
]

/** In this order; behind the usual ones those for `symmetry`. */
export const exhaustScopes: readonly ExhaustScope[] = [
  ...usualScopes,
  file(`${twins},crashes=0`),
  file(`${twins},crashes=0,losses=1`),
  file(`${twins},crashes=0,expiries=1`),
  file(`${twins},crashes=0,failures=1`),
  file(`${twins},crashes=0,outcomes=1`),
  file(`${twins},crashes=1`),
]

/** How many of them are searched unless it is said otherwise. */
export const USUAL_SCOPES = usualScopes.length

/** What is left out: nothing, each reduction by itself, and some together; as `--reduce` takes it. */
export const exhaustReductions: readonly string[] = [
  'none',
  'ample',
  'answers',
  'systems',
  'mails',
  'credits',
  'mails,credits',
  'answers,inline-state,mails,credits',
  'systems,inline-state,mails,credits',
  'systems,inline-state,mails,credits,symmetry',
  'systems,inline-state,mails,credits,late-words',
  'systems,inline-state,mails,credits,ample',
  'systems,inline-state,mails,credits,atomic-restart',
  'systems,inline-state,mails,credits,rpcs',
]

/** In words that fit a cell of a table. */
export function describeScope({ scenario, mode, scope }: ExhaustScope): string {
  return `${scenario} ${mode} \`${scope}\``
}
