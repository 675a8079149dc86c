/**
 * The SQL of the order book. One call costs as many statements as the model in
 * `core/orders/database.ts` counts.
 *
 * Rows are locked in one order: the order, the payment, the buyer, the stock. The stock row, which
 * everybody wants, comes last, so that it is held for no longer than a commit takes.
 *
 * All run at READ COMMITTED. A part of a statement sees what was committed when the statement
 * began; only rows that it inserts against a conflict, locks or updates are seen as they are now.
 */

/** `name` is what a connection prepares it under. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

function statement(name: string, text: string): Statement {
  return { name, text };
}

const MOVES_UP = `(EXCLUDED.rank > orders.rank OR EXCLUDED.state = 'C' AND orders.state = 'X')`;
const BRINGS_PAYMENT = `(EXCLUDED.payment_id <> '')`;

/**
 * $1 ids, $2 states, $3 buyers, $4 quantities, $5 payment ids: one of each for an order. An order
 * that the event does not change is not written again.
 */
export const RECORD_ORDERS = statement(
  "record-orders",
  `WITH recorded AS (
    INSERT INTO orders (id, state, buyer, qty, payment_id)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::text[])
    ON CONFLICT (id) DO UPDATE SET
      state = CASE WHEN ${MOVES_UP} THEN EXCLUDED.state ELSE orders.state END,
      payment_id = CASE WHEN ${BRINGS_PAYMENT} THEN EXCLUDED.payment_id ELSE orders.payment_id END
    WHERE ${MOVES_UP} OR ${BRINGS_PAYMENT} AND EXCLUDED.payment_id <> orders.payment_id
  )
  SELECT total - sold AS "left" FROM stock`,
);

/** $1 payment ids, $2 the orders they were charged for. */
export const RECORD_REFUNDS = statement(
  "record-refunds",
  `INSERT INTO refunds (payment_id, order_id) SELECT * FROM unnest($1::text[], $2::text[])
  ON CONFLICT (payment_id) DO NOTHING`,
);

/**
 * $1 id, $2 state, $3 buyer, $4 quantity, $5 tickets per buyer. An id that another transaction is
 * inserting is waited for.
 */
export const PLACE = statement(
  "place",
  `WITH placed AS (
    INSERT INTO orders (id, state, buyer, qty) VALUES ($1, $2, $3::text, $4::integer)
    ON CONFLICT (id) DO NOTHING RETURNING id
  ), counted AS (
    INSERT INTO buyers (buyer, units)
    SELECT $3::text, $4::integer FROM placed
    WHERE $3::text <> '' AND ($5::integer = 0 OR $4::integer <= $5::integer)
    ON CONFLICT (buyer) DO UPDATE SET units = buyers.units + EXCLUDED.units
    WHERE $5::integer = 0 OR buyers.units + EXCLUDED.units <= $5::integer
    RETURNING buyer
  )
  SELECT EXISTS (SELECT FROM placed) AS placed,
    $3::text = '' OR EXISTS (SELECT FROM counted) AS "withinLimit"`,
);

/** $1 id: of an order that is there. */
export const FIND = statement(
  "find",
  `SELECT state, total - sold AS "left" FROM orders, stock WHERE id = $1`,
);

export const READ_STOCK = statement("read-stock", `SELECT total - sold AS "left" FROM stock`);

/** $1 quantity. Without enough stock, `version` is null and nothing changes. */
export const DEDUCT = statement(
  "deduct",
  `WITH deducted AS (
    UPDATE stock SET sold = sold + $1::integer, version = version + 1
    WHERE sold + $1::integer <= total
    RETURNING total - sold AS "left", version
  )
  SELECT total - sold AS before, deducted."left", deducted.version
  FROM stock LEFT JOIN deducted ON true`,
);

/** $1 quantity. */
export const GIVE_BACK = statement(
  "give-back",
  `UPDATE stock SET sold = sold - $1::integer, version = version + 1
  RETURNING total - sold AS "left", version`,
);

/**
 * $1 order, $2 payment. Locks the order and gives the payment its answer by the order's state; that
 * of an order without stock ('O') is PAID until the stock says otherwise.
 */
export const CLAIM_PAYMENT = statement(
  "claim-payment",
  `WITH locked AS (
    SELECT state, qty FROM orders WHERE id = $1 FOR UPDATE
  ), claimed AS (
    INSERT INTO payments (payment_id, order_id, code)
    SELECT $2, $1,
      CASE WHEN EXISTS (SELECT FROM locked WHERE state IN ('H', 'O')) THEN 'PAID' ELSE 'REFUND' END
    ON CONFLICT (payment_id) DO NOTHING RETURNING code
  )
  SELECT (SELECT code FROM claimed) AS code, (SELECT state FROM locked) AS state,
    (SELECT qty FROM locked) AS qty`,
);

/** $1 payment: one that has its answer. */
export const FIND_PAYMENT = statement(
  "find-payment",
  `SELECT order_id AS id, code, total - sold AS "left" FROM payments, stock WHERE payment_id = $1`,
);

/** $1 order, $2 payment. */
export const CONFIRM = statement(
  "confirm",
  `WITH confirmed AS (
    UPDATE orders SET state = 'C', payment_id = $2 WHERE id = $1
  )
  SELECT total - sold AS "left" FROM stock`,
);

/** $1 order, $2 payment: to be given back, whatever the order is. */
export const REFUND = statement(
  "refund",
  `WITH refunded AS (
    INSERT INTO refunds (payment_id, order_id) VALUES ($2, $1)
    ON CONFLICT (payment_id) DO NOTHING
  )
  SELECT total - sold AS "left" FROM stock`,
);

/** $1 order, $2 payment: there was no stock for the paid order, which ends. */
export const REFUND_AND_END = statement(
  "refund-and-end",
  `WITH answered AS (
    UPDATE payments SET code = 'REFUND' WHERE payment_id = $2
  ), ended AS (
    UPDATE orders SET state = 'L' WHERE id = $1 RETURNING buyer, qty
  ), freed AS (
    UPDATE buyers SET units = units - ended.qty FROM ended WHERE buyers.buyer = ended.buyer
  ), refunded AS (
    INSERT INTO refunds (payment_id, order_id) VALUES ($2, $1)
    ON CONFLICT (payment_id) DO NOTHING
  )
  SELECT total - sold AS "left" FROM stock`,
);

/** $1 order: ends it if it is unpaid. `state` is the one before, null if there is no order. */
export const CANCEL = statement(
  "cancel",
  `WITH locked AS (
    SELECT id, state, qty FROM orders WHERE id = $1 FOR UPDATE
  ), ended AS (
    UPDATE orders SET state = 'L' FROM locked
    WHERE orders.id = locked.id AND locked.state IN ('H', 'O')
    RETURNING orders.buyer, orders.qty
  ), freed AS (
    UPDATE buyers SET units = units - ended.qty FROM ended WHERE buyers.buyer = ended.buyer
  )
  SELECT state, qty, total - sold AS "left" FROM stock LEFT JOIN locked ON true`,
);

/**
 * $1 order: a tombstone if there is none. `state` is the one before. An order inserted while the
 * statement ran is neither found nor replaced: `inserted` is false and `state` null.
 */
export const SETTLE = statement(
  "settle",
  `WITH tombstone AS (
    INSERT INTO orders (id, state, buyer, qty) VALUES ($1, 'D', '', 0)
    ON CONFLICT (id) DO NOTHING RETURNING id
  )
  SELECT EXISTS (SELECT FROM tombstone) AS inserted,
    (SELECT state FROM orders WHERE id = $1) AS state, total - sold AS "left"
  FROM stock`,
);

/** The whole book at one instant, since one statement sees one instant. */
export const DUMP = statement(
  "dump",
  `SELECT
    (SELECT coalesce(json_agg(json_build_object('id', id, 'state', state, 'buyer', buyer,
      'qty', qty, 'paymentId', payment_id) ORDER BY id), '[]') FROM orders) AS orders,
    (SELECT coalesce(json_agg(json_build_array(payment_id, order_id) ORDER BY payment_id), '[]')
      FROM refunds) AS refunds,
    (SELECT coalesce(json_agg(json_build_array(payment_id,
      json_build_object('id', order_id, 'code', code)) ORDER BY payment_id), '[]')
      FROM payments) AS payments,
    (SELECT coalesce(json_agg(json_build_array(buyer, units) ORDER BY buyer), '[]')
      FROM buyers) AS "unitsByBuyer",
    (SELECT coalesce(sum(qty), 0)::integer FROM payments JOIN orders ON id = order_id
      WHERE code = 'PAID') AS confirmed,
    total, sold
  FROM stock`,
);
