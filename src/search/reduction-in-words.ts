import type { JobSetUp } from './scenario.js'
import type { KeptSplit, Reduction } from './reduction.js'

/** Records that a sentence names one by one. */
const MOST_NAMED = 12

/** Records that the splits of a job have, and those that are read. */
export function recordsOf({ splits }: Pick<JobSetUp, 'splits'>): { readonly all: number; readonly left: number } {
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
  return { all: sum(splits.map(({ records, size = records }) => size)), left: sum(splits.map(({ records }) => records)) }
}

/** What was made smaller, a sentence each; none for a whole job. */
export function reductionInWords({ records, without, parallelism, taskManagers, checkpointIntervalUs, leastBut }: Reduction): string[] {
  return [
    ...(records === undefined ? [] : [keptInWords(records)]),
    ...(without === undefined || without.length === 0 ? [] : [`without ${without.join(', ')}`]),
    ...(parallelism === undefined ? [] : [parallelismInWords(parallelism)]),
    ...(taskManagers === undefined ? [] : [`${String(taskManagers)} TaskManager${taskManagers === 1 ? '' : 's'}`]),
    ...(checkpointIntervalUs === undefined ? [] : [`a checkpoint every ${String(checkpointIntervalUs / 1000)} ms`]),
    ...(leastBut === undefined ? [] : [leastInWords(leastBut)]),
  ]
}

function keptInWords(records: readonly KeptSplit[]): string {
  const names = records.flatMap(({ split, offsets }) => offsets.map((offset) => `${split}:${String(offset)}`))
  if (names.length === 0) return 'no record at all'
  const more = names.length > MOST_NAMED ? ` and ${String(names.length - MOST_NAMED)} more` : ''
  return `only the record${names.length === 1 ? '' : 's'} ${names.slice(0, MOST_NAMED).join(', ')}${more}`
}

function parallelismInWords(parallelism: Readonly<Record<string, number>>): string {
  return Object.entries(parallelism)
    .map(([vertex, subtasks]) => `${String(subtasks)} subtask${subtasks === 1 ? '' : 's'} of ${vertex}`)
    .join(', ')
}

function leastInWords(left: readonly string[]): string {
  const but = left.length === 0 ? '' : `, but for ${String(left.length)} stream${left.length === 1 ? '' : 's'} of choices`
  return `every message takes its shortest time, and every choice is the first${but}`
}
