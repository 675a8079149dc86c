/**
 * The tables of one sale's order book. What must never happen is refused by the database itself:
 * two orders of one id, two refunds of one payment, more tickets sold than there are.
 */

const ORDER_STATES = "('O', 'H', 'C', 'X', 'L', 'R', 'D')";

/**
 * The schema of a sale's tables in a database that may serve others too: `onceonly_` and the sale's
 * id, in the letters that need no quotes and cut to the length of a name in PostgreSQL.
 */
export function schemaName(saleId: string): string {
  const NAME_LENGTH_MAX = 63;
  return `onceonly_${saleId.toLowerCase().replace(/[^a-z0-9_]/gu, "_")}`.slice(0, NAME_LENGTH_MAX);
}

/** The statements that make the empty book of a sale of `tickets` tickets. */
export function createTables(tickets: number): string {
  return `
    -- An event that comes late or twice must not take an order back: of two states the one of the
    -- higher rank stays.
    CREATE TABLE orders (
      id text PRIMARY KEY,
      state text NOT NULL CHECK (state IN ${ORDER_STATES}),
      buyer text NOT NULL,
      qty integer NOT NULL CHECK (qty >= 0),
      payment_id text NOT NULL DEFAULT '',
      rank smallint NOT NULL GENERATED ALWAYS AS
        (CASE WHEN state IN ('O', 'H') THEN 0 WHEN state = 'R' THEN 2 ELSE 1 END) STORED
    );
    CREATE TABLE refunds (payment_id text PRIMARY KEY, order_id text NOT NULL);
    -- The first final answer to each payment.
    CREATE TABLE payments (
      payment_id text PRIMARY KEY,
      order_id text NOT NULL,
      code text NOT NULL CHECK (code IN ('PAID', 'REFUND'))
    );
    CREATE TABLE buyers (buyer text PRIMARY KEY, units bigint NOT NULL CHECK (units >= 0));
    -- One row. Its version counts its changes: their order is the order of their commits, since
    -- each holds the row until it commits.
    CREATE TABLE stock (
      single boolean PRIMARY KEY DEFAULT true CHECK (single),
      total integer NOT NULL,
      sold integer NOT NULL DEFAULT 0 CHECK (sold BETWEEN 0 AND total),
      version integer NOT NULL DEFAULT 0
    );
    INSERT INTO stock (total) VALUES (${tickets});
  `;
}
