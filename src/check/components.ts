/** Strongly connected components (Tarjan 1972), without recursion: a graph is as deep as it likes. */

/** For each vertex of 0 … n-1 the number of its component. */
export function componentsOf(n: number, edgesOf: (vertex: number) => readonly { readonly to: number }[]): Int32Array {
  return new Components(n, edgesOf).find()
}

class Components {
  private readonly component: Int32Array
  private readonly order: Int32Array
  private readonly lowest: Int32Array
  /** How many edges of a vertex were followed. */
  private readonly followed: Int32Array
  private readonly path: number[] = []
  private readonly open: number[] = []
  private visited = 0
  private components = 0

  constructor(
    private readonly n: number,
    private readonly edgesOf: (vertex: number) => readonly { readonly to: number }[],
  ) {
    this.component = new Int32Array(n).fill(-1)
    this.order = new Int32Array(n).fill(-1)
    this.lowest = new Int32Array(n)
    this.followed = new Int32Array(n)
  }

  find(): Int32Array {
    for (let vertex = 0; vertex < this.n; vertex++) {
      if (this.order[vertex] === -1) this.enter(vertex)
      for (let top = this.path.at(-1); top !== undefined; top = this.path.at(-1)) this.follow(top)
    }
    return this.component
  }

  private enter(vertex: number): void {
    this.order[vertex] = this.lowest[vertex] = this.visited++
    this.path.push(vertex)
    this.open.push(vertex)
  }

  /** Follows one more edge of the last vertex of the path, or leaves it. */
  private follow(vertex: number): void {
    const next = this.followed[vertex] ?? 0
    const edge = this.edgesOf(vertex)[next]
    if (edge === undefined) {
      this.leave(vertex)
      return
    }
    this.followed[vertex] = next + 1
    if (this.order[edge.to] === -1) this.enter(edge.to)
    else if (this.component[edge.to] === -1) this.lower(vertex, this.order[edge.to] ?? 0)
  }

  private leave(vertex: number): void {
    this.path.pop()
    const lowest = this.lowest[vertex] ?? 0
    const before = this.path.at(-1)
    if (before !== undefined) this.lower(before, lowest)
    if (lowest !== this.order[vertex]) return
    for (let member = this.open.pop(); member !== undefined; member = this.open.pop()) {
      this.component[member] = this.components
      if (member === vertex) break
    }
    this.components++
  }

  private lower(vertex: number, to: number): void {
    if (to < (this.lowest[vertex] ?? 0)) this.lowest[vertex] = to
  }
}
