/** What an exhaustive check may leave out, by name, and what each of it costs in what it shows. */
import { CREDIT_LANE, MAIL_LANE } from '../../engine/index.js'
import { InputError } from '../../flink/input-error.js'
import { didYouMean } from '../../flink/nearest-name.js'
import { MOST_INTERCHANGEABLE, type LinkEnds } from '../../check/index.js'
import type { Scope } from './scope.js'

/** A reduction by its name. */
export type ReductionName =
  'answers' | 'systems' | 'inline-state' | 'mails' | 'credits' | 'symmetry' | 'late-words' | 'ample' | 'atomic-restart' | 'rpcs'

/** A reduction, and why the rest of the states shows as much; or that it does not. */
export interface ReductionRule {
  readonly name: ReductionName
  readonly about: string
  /** Why nothing is missed, or what is. */
  readonly lemma: string
  /** It is known to hide bugs: what was explored is a hunt, and its verdict never HOLDS. */
  readonly hunt: boolean
  /** It is known to hide bugs unless this one goes with it. */
  readonly huntWithout?: ReductionName
}

/** All reductions, in the order of what they leave out the least. */
export const REDUCTIONS: readonly ReductionRule[] = [
  {
    name: 'answers',
    about: 'a durable system answers in the step in which a request arrives; requests themselves may be late, also those of the dead',
    lemma:
      'Without a fault of the system in the scope its answer depends on the request and on what it has stored. An answer that is still ' +
      'on its way when its task dies is lost, as if the request had come after the death; an answer that is late is a request that is late.',
    hunt: false,
  },
  {
    name: 'systems',
    about: 'requests to durable systems and their answers take no step of their own; there are no late requests then',
    lemma:
      'As for `answers`, and a request that is late is a step of its sender that is late. Requests of a dead process come not late but before its ' +
      'death. But who does not wait for an answer where it should does so unseen: a task that acknowledges with its uploads on their way.',
    hunt: false,
    // Without uploads nothing of the kind is known.
    huntWithout: 'inline-state',
  },
  {
    name: 'inline-state',
    about: 'all state travels inside the acknowledgement, as below the memory threshold',
    lemma: 'It is a configuration that Flink has: what is shown is shown for that configuration.',
    hunt: false,
  },
  {
    name: 'mails',
    about: 'what a TaskExecutor and a task of its process tell each other arrives in the step that sends it',
    lemma:
      'Flink hands it over by a call of a method, without a wire. What the task does with it is a step of its own: its thread takes a mail ' +
      'out of the mailbox when its timer fires.',
    hunt: false,
  },
  {
    name: 'credits',
    about: 'credits between tasks arrive in the step that sends them',
    lemma:
      'A credit only lets its receiver send: whatever it sends later because the credit is late, it may send later as well because the link ' +
      'to its consumer is slow. Bugs of the handling of credits themselves are missed.',
    hunt: false,
  },
  {
    name: 'symmetry',
    about: 'of states that differ only in which TaskManager does what, one is explored',
    lemma:
      'Whatever happens in a state happens in its image, by the TaskManager that stands for the other one. Each step of an actor is run by its ' +
      'image as well, and must do the same; where one does not, there is no verdict. The lemma stands at the head of `symmetry.ts`.',
    hunt: false,
  },
  {
    name: 'late-words',
    about: 'what a dead process had sent arrives first where its receiver does nothing with it any more, now or later',
    lemma:
      'A message that nobody heeds changes nothing, whenever it arrives. That nobody does is tried behind the search in every state that ' +
      'the receiver came to; the proof stands at the head of `late-words.ts`.',
    // Until every break was searched under it, with crashes.
    hunt: true,
  },
  {
    name: 'ample',
    about: 'where one group of actors can act and nothing that the others may still do matters to it, the others wait',
    lemma:
      'Ends, verdicts and witnesses are kept; the proof stands at the head of `ample-sets.ts`. A counterexample may be longer than the ' +
      'shortest there is.',
    // Not every break was searched under it with crashes.
    hunt: true,
  },
  {
    name: 'atomic-restart',
    about: 'a process that dies starts again in the same step',
    lemma:
      'None: what is found is real, and what others do while the process is down is missed; what commutes with its start stands at the head of ' +
      '`atomic-restart.ts`. For a hunt.',
    hunt: true,
  },
  {
    name: 'rpcs',
    about: 'remote procedure calls between JobManager, TaskManagers and tasks arrive in the step that sends them',
    lemma: 'None: acknowledgements and notifications that race with anything are missed. For a hunt only.',
    hunt: true,
  },
]

/** What a reduction leaves out, in words. */
export function aboutReduction(name: ReductionName): string {
  return REDUCTIONS.find((rule) => rule.name === name)?.about ?? ''
}

/** The reductions of these with which nothing HOLDS, in words. */
export function huntsAmong(names: readonly ReductionName[]): string[] {
  return REDUCTIONS.filter(({ name }) => names.includes(name)).flatMap(({ name, hunt, huntWithout }) => {
    if (hunt) return [`${name} is a bug hunt: it leaves out what may matter`]
    if (huntWithout === undefined || names.includes(huntWithout)) return []
    return [`${name} is a bug hunt without ${huntWithout}: it leaves out what may matter`]
  })
}

/** What is left out unless it is said otherwise. */
const USUAL_REDUCTIONS: readonly ReductionName[] = ['answers', 'inline-state', 'mails', 'credits']

/**
 * Reads names of reductions, such as `systems,credits`; `none` for none.
 * @throws InputError for an unknown name, or one that does not go with the scope
 */
export function parseReductions(text: string, scope: Scope): readonly ReductionName[] {
  if (text === 'none') return []
  const names = text.split(',').map((part) => reductionNamed(part.trim()))
  refuseFaultySystems(names, scope)
  refuseSymmetryBeside(names, scope)
  return REDUCTIONS.map(({ name }) => name).filter((name) => names.includes(name))
}

function reductionNamed(name: string): ReductionName {
  const known = REDUCTIONS.map((rule) => rule.name)
  const found = known.find((each) => each === name)
  if (found !== undefined) return found
  throw new InputError(`--reduce ${name}`, `unknown reduction${didYouMean(name, known)}`, [...known, 'none'].join(', '))
}

/** What chooses by order may choose otherwise in an image; and n TaskManagers have n! renamings. */
function refuseSymmetryBeside(names: readonly ReductionName[], { taskManagers }: Scope): void {
  if (!names.includes('symmetry')) return
  if (taskManagers > MOST_INTERCHANGEABLE)
    throw new InputError('--reduce symmetry', `the scope has ${String(taskManagers)} TaskManagers`, `up to ${String(MOST_INTERCHANGEABLE)}`)
  const beside = names.find((name) => name === 'ample' || name === 'late-words' || name === 'atomic-restart')
  if (beside === undefined) return
  throw new InputError(
    '--reduce symmetry',
    `${beside} chooses by an order that images have not`,
    `symmetry without ${beside}, or the reverse`,
  )
}

/** A system that may fail has more than one answer, and when it comes matters. */
export function refuseFaultySystems(names: readonly ReductionName[], { outcomes }: Scope): void {
  const name = names.find((each) => each === 'answers' || each === 'systems')
  if (name === undefined || outcomes === 0) return
  throw new InputError(
    `--reduce ${name}`,
    `the scope lets calls to systems fail (outcomes=${String(outcomes)})`,
    'outcomes=0, or reductions without answers and systems',
  )
}

/** The reductions that a scope allows, of the usual ones. */
export function usualReductions({ outcomes }: Scope): readonly ReductionName[] {
  return USUAL_REDUCTIONS.filter((name) => outcomes === 0 || name !== 'answers')
}

/** Actors by what they are, by their places in the world, which are the same in every fork. */
export interface Places {
  /** What outlives the job: storage, store, brokers, files. */
  readonly systems: ReadonlySet<number>
  /** Who only looks at the output. */
  readonly observers: ReadonlySet<number>
  /** JobManager and TaskExecutors. */
  readonly cluster: ReadonlySet<number>
}

/** Links whose messages are delivered in the step that sends them. Observers influence nobody, and never wait. */
export function eagerLinks(names: readonly ReductionName[], { systems, observers, cluster }: Places): (link: LinkEnds) => boolean {
  const [all, answers, mails, credits, rpcs] = [has('systems'), has('answers'), has('mails'), has('credits'), has('rpcs')]
  return ({ from, to, lane }) =>
    observers.has(from) ||
    observers.has(to) ||
    (systems.has(from) && (all || answers)) ||
    (systems.has(to) && all) ||
    (mails && lane === MAIL_LANE) ||
    (credits && lane === CREDIT_LANE) ||
    (rpcs && (cluster.has(from) || cluster.has(to)))

  function has(name: ReductionName): boolean {
    return names.includes(name)
  }
}
