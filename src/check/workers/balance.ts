/** Who gives states away, and to whom, so that all have about as much to do. */

/** So many states go from one worker to another. */
export interface Move {
  readonly from: number
  readonly to: number
  readonly count: number
}

/** States that are worth a message. */
const WORTH = 32

/** What is above the average by less than a fraction of it stays where it is: the ways of what is moved must be walked again. */
const TOLERATED = 8

/** Moves between workers that have so many states each. */
export function balanced(counts: readonly number[]): Move[] {
  const average = Math.ceil(counts.reduce((sum, count) => sum + count, 0) / counts.length)
  const left = [...counts]
  const moves: Move[] = []
  if (Math.max(...counts) <= average + Math.max(WORTH, average / TOLERATED)) return []
  for (let from = 0, to = 0; from < left.length && to < left.length;) {
    const surplus = (left[from] ?? 0) - average
    const room = average - (left[to] ?? 0)
    if (surplus <= 0) from++
    else if (room <= 0) to++
    else {
      const count = Math.min(surplus, room)
      moves.push({ from, to, count })
      left[from] = average + surplus - count
      left[to] = average - room + count
    }
  }
  return moves
}
