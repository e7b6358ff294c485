/**
 * Something the user gave is wrong: a file, a key, an option. The command line prints the message, never a stack trace, and exits with code
 * 2.
 */
export class InputError extends Error {
  override readonly name = 'InputError'

  /**
   * @param where place of the mistake: `path:line:column`, `path $.json.path`, or the option's name
   * @param what what is wrong there, in one clause
   * @param allowed what would be right; the remedy
   */
  constructor(
    readonly where: string,
    readonly what: string,
    readonly allowed: string,
  ) {
    super(`${where}: ${what}; allowed: ${allowed}`)
  }
}
