/** The exploration of a scope by several threads, each of which makes the scenario anew from what it is told. */
import { exploreInWorkers, type CrewResult, type ExploredWorld, type Exploration, type WorldProgress } from '../../check/index.js'
import type { ScenarioSource } from '../chunk-runners.js'
import type { Scenario } from '../scenario.js'
import { scopeExploration, type ScopedCheck } from './scope-exploration.js'
import type { ScopeMemory } from './scope-fold.js'
import type { Slices } from './slices.js'
import { SOMETIMES_NAMES, SometimesFacts } from './sometimes-facts.js'

/** How many threads, and where each gets its scenarios. */
export interface ScopeCrew {
  readonly workers: number
  readonly source: ScenarioSource
}

/** What each thread is told. */
export interface ScopeTask extends Omit<ScopedCheck, 'scenario'> {
  readonly source: ScenarioSource
  readonly scenario: string
}

/** What is heard besides the states themselves. */
export interface Heard {
  readonly sometimes: SometimesFacts
  readonly outputs: Set<string>
}

/** What a crew is to do. */
export interface CrewCheck {
  readonly check: ScopedCheck
  readonly exploration: Exploration<ScopeMemory>
  readonly crew: ScopeCrew
  readonly states: number | undefined
}

/** How what was heard travels. */
const OUTPUT = 'output '

/** Explores a scope by a crew; what its threads hear is put together in `heard`. */
export function* byCrew(
  { check, exploration, crew, states }: CrewCheck,
  heard: Heard,
  goOn: (progress: WorldProgress) => boolean,
): Slices<CrewResult> {
  const { scenario, ...rest } = check
  const told: ScopeTask = { source: crew.source, scenario: scenario.name, ...rest }
  const module = new URL('../scope-worker.js', import.meta.url)
  const exploring = exploreInWorkers(exploration, {
    workers: crew.workers,
    module,
    told,
    goOn,
    ...(states !== undefined && { maxStates: states }),
  })
  const found: CrewResult[] = []
  yield exploring.then((result) => found.push(result))
  const [result] = found
  if (result === undefined) throw new Error('nobody has waited for the threads')
  for (const text of result.heard) {
    if (text.startsWith(OUTPUT)) heard.outputs.add(text.slice(OUTPUT.length))
    const name = SOMETIMES_NAMES.find((each) => each === text)
    if (name !== undefined) heard.sometimes.note(name)
  }
  return result
}

/** What a thread explores that was told this, given the scenario. */
export function exploredScope({ source: _, ...task }: ScopeTask, scenario: Scenario): ExploredWorld<ScopeMemory> {
  const sometimes = new SometimesFacts()
  const outputs = new Set<string>()
  const ended = (status: string, output: string): void => {
    if (status === 'FINISHED') outputs.add(output)
  }
  const { exploration } = scopeExploration({ ...task, scenario }, { sometimes, ended })
  return {
    exploration,
    heard: {
      get size() {
        return sometimes.size + outputs.size
      },
      all: () => [...sometimes.names(), ...[...outputs].map((output) => OUTPUT + output)],
    },
  }
}
