/**
 * How SQL describes a table that is read or written: `[1]:TableSourceScan(table=[[catalog, database, orders, filter=[…]]], fields=[id,
 * at])`, `[4]:Sink(table=[catalog.database.out], fields=[id, at])`.
 */
const tableOfSql = /^(?:(?:Source|Sink): )?(?:\[\d+\]:)?\w+\((?:table|name)=\[+([^\](]*?)(?:, [\w-]+=|[\](])/

/**
 * What of an operator's name may tell the kind of a source or a sink. Of a table of SQL that is its name: columns, filters and watermarks
 * are words of the data, and a column `socket_id` makes no socket.
 */
export function tellingName(name: string): string {
  return tableOfSql.exec(name)?.[1] ?? name
}
