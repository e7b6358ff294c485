/** A history cannot be read: where, what is wrong there, and what would be right. Whoever knows the file adds its name. */
export class HistoryFormatError extends Error {
  override readonly name = 'HistoryFormatError'

  /**
   * @param line the line, counted from 1; 0 when the whole file is meant
   * @param what what is wrong there, in one clause
   * @param allowed what would be right; the remedy
   */
  constructor(
    readonly line: number,
    readonly what: string,
    readonly allowed: string,
  ) {
    super(`${line > 0 ? `line ${line}: ` : ''}${what}; allowed: ${allowed}`)
  }
}
