/** Links whose messages must not wait, and on which something was sent in the step that runs. */
import { Ints } from './ints.js'
import type { LinkPlaces } from './link-places.js'
import type { Links } from './links.js'
import type { Symmetry } from './reductions/symmetry.js'
import type { Row } from './row.js'

export class HastyLinks {
  private readonly hasty = new Ints()

  constructor(
    private readonly links: Links,
    private readonly places: LinkPlaces,
  ) {}

  push(place: number): void {
    this.hasty.push(place)
  }

  /** What a step has left undone that failed or was cut off is forgotten. */
  clear(): void {
    if (this.hasty.length > 0) this.hasty.length = 0
  }

  /** The place that is first in order of those from which something is to be delivered at once; -1: none. */
  next(row: Row, symmetry?: Symmetry): number {
    const { hasty, links, places } = this
    if (hasty.length === 0) return -1
    let first = -1
    for (let i = 0; i < hasty.length; i++) {
      const place = hasty.get(i)
      if (links.takeable.get(row.link(place)) === 0) continue
      if (first < 0 || places.compare(place, first) < 0) first = place
    }
    if (first < 0) hasty.length = 0
    else if (symmetry !== undefined && hasty.length > 1) this.others(row, first, symmetry)
    return first
  }

  private others(row: Row, first: number, symmetry: Symmetry): void {
    for (let i = 0; i < this.hasty.length; i++) {
      const other = this.hasty.get(i)
      if (other !== first && this.links.takeable.get(row.link(other)) > 0) symmetry.inTurn(first, other)
    }
  }
}
