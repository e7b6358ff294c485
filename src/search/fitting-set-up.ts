/**
 * Refuses a set-up that speaks of sinks and splits which its job does not have: nothing is ever seen there, so that whatever is claimed
 * of it would hold. And one that leaves splits of its job out: nobody would miss what is lost of them.
 */
import type { ChainedOperator, JobGraph } from '../engine/index.js'
import { InputError } from '../flink/input-error.js'
import { didYouMean } from '../flink/nearest-name.js'
import type { JobSetUp } from './scenario.js'

/**
 * Checks that there is a sink for each place where output is looked at, and that the splits are those of the sources.
 * @param setUp the whole job: a smaller one may do without
 * @throws InputError when they are not
 */
export function refuseUnknownPlaces({ graph, observed, splits }: JobSetUp): void {
  const sinks = namesOf(operatorsOf(graph, 'sink'))
  for (const sink of observed.keys()) if (!sinks.includes(sink)) throw unknownPlace('observed', 'sink', sink, sinks)
  const sources = operatorsOf(graph, 'source')
  splits.forEach(({ vertex, split }, place) => {
    const where = `splits $.${String(place)}`
    const source = sources.find(({ name }) => name === vertex)
    if (source === undefined) throw unknownPlace(`${where}.vertex`, 'source', vertex, namesOf(sources))
    const known = source.splits ?? []
    if (!known.includes(split)) throw unknownPlace(`${where}.split`, `split of ${vertex}`, split, known)
  })
  for (const { name, splits: all = [] } of sources) {
    const missing = all.find((split) => !splits.some((each) => each.vertex === name && each.split === split))
    if (missing !== undefined)
      throw new InputError(
        'set-up splits',
        `nothing is said of split '${missing}' of ${name}`,
        'every split of every source, with its records',
      )
  }
}

function operatorsOf({ vertices }: JobGraph, role: ChainedOperator['role']): ChainedOperator[] {
  return vertices.flatMap(({ operators }) => operators.filter((operator) => operator.role === role))
}

function namesOf(operators: readonly ChainedOperator[]): string[] {
  return operators.map(({ name }) => name)
}

function unknownPlace(where: string, what: string, name: string, known: readonly string[]): InputError {
  const allowed = known.length === 0 ? `none: the job has no ${what}` : known.join(', ')
  return new InputError(`set-up ${where}`, `the job has no ${what} '${name}'${didYouMean(name, known)}`, allowed)
}
