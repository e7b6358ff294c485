/** A picture for the terminal: time goes down, each actor has a lane, and what happens is written beside it. */
import { plain, type Paint } from './paint.js'

/** One line of the picture. */
export interface LaneRow {
  readonly timeUs: number
  /** Whose it is: the name of a lane. */
  readonly lane: string
  readonly words: string
  /** It is struck, not its own doing. */
  readonly struck?: boolean
  /** What the eye shall find. */
  readonly marked?: boolean
}

/** Draws rows in lanes, in their order; a lane that no row mentions is left out. */
export function laneChart(lanes: readonly string[], rows: readonly LaneRow[], paint: Paint = plain): string[] {
  const used = lanes.filter((lane) => rows.some((row) => row.lane === lane))
  const times = rows.map(({ timeUs }) => (timeUs / 1000).toFixed(3))
  const width = Math.max(2, ...times.map(({ length }) => length))
  const heading = `${'ms'.padStart(width)}  ${used.join('  ')}`
  const drawn = rows.map(({ lane, words, struck, marked }, i) => {
    const marks = used.map((name) => centred(name === lane ? (struck === true ? '✗' : '●') : '│', name.length)).join('  ')
    const text = struck === true ? paint.bad(words) : marked === true ? paint.unsure(words) : words
    return `${paint.dim((times[i] ?? '').padStart(width))}  ${marks}  ${text}`
  })
  return [paint.bold(heading), ...drawn]
}

function centred(mark: string, width: number): string {
  const left = Math.floor((width - 1) / 2)
  return ' '.repeat(left) + mark + ' '.repeat(Math.max(0, width - 1 - left))
}
