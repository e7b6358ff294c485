/** What the states of a level have come to that a worker has expanded, in their order. */
import { Ints } from '../worlds/ints.js'
import type { Explorer } from './explorer.js'
import type { Found, Note, Sums } from './protocol.js'

const MARKS: readonly Explorer['mark'][] = [undefined, 'terminal', 'depth', 'boundary']

export class ExpandedStates {
  private readonly places = new Ints()
  private readonly generated = new Ints()
  private readonly marks = new Ints()
  private noted: { readonly place: number; readonly notes: readonly Note[] }[] = []
  /** What was found that ends the search. */
  found: Found[] = []

  /** The state at this place has led to so many others. */
  add(place: number, generated: number, mark: Explorer['mark'], notes: readonly Note[]): void {
    this.places.push(place)
    this.generated.push(generated)
    this.marks.push(MARKS.indexOf(mark))
    if (notes.length > 0) this.noted.push({ place, notes })
  }

  /**
   * Something that ends the search. Of states that are wrong for the same reason those with fewer faults than the ones before are wanted.
   */
  find(found: Found): void {
    const { finding } = found
    const isAsGood = ({ finding: other }: Found): boolean =>
      finding.kind === 'wrong' && other.kind === 'wrong' && other.reason === finding.reason && other.faults <= finding.faults
    if (!this.found.some(isAsGood)) this.found.push(found)
  }

  /** All that was found up to this place. */
  sums(until: number): Sums {
    let generated = 0
    const marked = MARKS.map(() => 0)
    for (let i = 0; i < this.places.length && this.places.get(i) <= until; i++) {
      generated += this.generated.get(i)
      const mark = this.marks.get(i)
      marked[mark] = (marked[mark] ?? 0) + 1
    }
    const [, terminals = 0, depthBound = 0, boundary = 0] = marked
    return { generated, terminals, depthBound, boundary }
  }

  /** What was seen up to this place. */
  notes(until: number): Note[] {
    return this.noted.flatMap(({ place, notes }) => (place <= until ? notes : []))
  }

  clear(): void {
    this.places.length = this.generated.length = this.marks.length = 0
    this.noted = []
    this.found = []
  }
}
