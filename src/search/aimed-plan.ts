/**
 * Plans that aim at cells of the fault matrix. The runs of a campaign aim at one cell after the other by their number, so that every
 * cell has its turn, a seed always has the same plan, and no run needs to know what others have covered.
 */
import type { Depth, FaultMenu, FaultPlan } from '../faults/index.js'
import type { Stream } from '../world/index.js'
import { AimedFaults } from './aimed-faults.js'
import type { AimGroup, Aims } from './aims.js'
import type { MatrixCell } from './landing.js'
import { WaysToAims } from './ways-to-aims.js'

/** Of so many aimed runs this many aim at each depth: what is deep is harder to hit. */
const DEPTHS: readonly Depth[] = [0, 1, 2, 1, 2]

/** What one run aims at, by groups. */
type Course = readonly AimGroup[]

/** In normal running a failure is soon over, and what is aimed at behind it still comes to pass. */
const IN_NORMAL_RUNNING: readonly Course[] = [
  ['failing', 'failing', 'breaking', 'breaking', ...gentle(8)],
  ['failing', 'failing', 'breaking', 'breaking', ...gentle(8)],
  ['far'],
]
/**
 * In a recovery nothing comes to pass behind a failure but what is deeper: no run aims at two, and some at none; the first silence may be
 * one.
 */
const IN_A_RECOVERY: readonly Course[] = [
  ['breaking', ...gentle(6)],
  gentle(10),
  ['far'],
  ['breaking', ...gentle(6)],
  ['far'],
  ['failing', ...gentle(4)],
]
/** So many gentle cells of each level above its own a run aims at besides. */
const BESIDES = 3

function gentle(cells: number): Course {
  return Array.from({ length: cells }, () => 'gentle' as const)
}

/**
 * The plan of the aimed run of this number: failures down to its depth, a few more faults before each of them, and the cells whose turn it
 * is.
 */
export function drawAimedPlan(stream: Stream, aims: Aims, menu: FaultMenu, number: number): FaultPlan {
  const depth = DEPTHS[number % DEPTHS.length] ?? 0
  const turn =
    Math.floor(number / DEPTHS.length) * DEPTHS.filter((other) => other === depth).length +
    DEPTHS.slice(0, number % DEPTHS.length).filter((other) => other === depth).length
  const faults = new AimedFaults(stream, aims, menu)
  const ways = new WaysToAims(stream, aims, menu, faults)
  const targets = targetsOf(aims, depth, turn)
  const [alone] = targets.filter((cell) => aims.byDepth[depth].far.includes(cell))
  if (alone !== undefined) return ways.farPlan(alone)
  const levels = ([0, 1] as const).filter((level) => level < depth)
  const besides = levels.flatMap((level) => besidesAt(aims, level, number))
  const way = levels.map((level) => ways.failureAt(level))
  const aimed = targets.flatMap((cell) => ways.faultsAt(cell))
  return [...besides.flatMap((cell) => ways.faultsAt(cell)), ...way, ...aimed]
}

/** Gentle cells of a level above that of the run, from the last of those that runs of that level aim at backwards. */
function besidesAt({ byDepth }: Aims, level: Depth, number: number): MatrixCell[] {
  const cells = byDepth[level].gentle.toReversed()
  return Array.from({ length: BESIDES }, (_, i) => inTurn(cells, BESIDES * number + i)).flatMap((cell) => cell ?? [])
}

/** The cells whose turn it is: of each group of the turn's course one after the other. */
function targetsOf({ byDepth }: Aims, depth: Depth, turn: number): MatrixCell[] {
  const courses = depth === 0 ? IN_NORMAL_RUNNING : IN_A_RECOVERY
  const course = courses[turn % courses.length] ?? []
  const before = courses.slice(0, turn % courses.length).flat()
  return course.flatMap((group, i) => {
    const of = (groups: readonly AimGroup[]): number => groups.filter((other) => other === group).length
    const place = Math.floor(turn / courses.length) * of(courses.flat()) + of(before) + of(course.slice(0, i))
    return inTurn(byDepth[depth][group], place) ?? []
  })
}

/** One after the other, and from the beginning again. */
function inTurn<T>(cells: readonly T[], turn: number): T | undefined {
  return cells.length === 0 ? undefined : cells[turn % cells.length]
}
