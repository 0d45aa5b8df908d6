-- One row a customer, for a shop whose orders no browser holds: Regulars loads the result
-- in place of the orders. BigQuery; to files with: EXPORT DATA OPTIONS
-- (uri = 'gs://bucket/customers-*.csv', format = 'CSV', header = true) AS ...
--
-- Yours to change are the table and the four columns in `lines`, and which rows are orders.
-- `amount` is price x quantity of the line, negative for what came back. An order belongs to
-- the day of its earliest line; several orders of one day are one occasion in
-- `repeat_orders`, as the models of lifetime value count them.
WITH lines AS (
  SELECT
    customer_id,
    order_id,
    CAST(order_date AS DATE) AS order_day,
    CAST(amount AS NUMERIC) AS amount
  FROM order_lines
  WHERE customer_id IS NOT NULL
    AND order_date IS NOT NULL
    -- AND status NOT IN ('cancelled', 'pending')
    -- AND order_date < DATE '2026-01-01'
),
orders AS (
  SELECT customer_id, order_id, MIN(order_day) AS order_day, SUM(amount) AS gross
  FROM lines
  WHERE amount > 0
  GROUP BY customer_id, order_id
),
came_back AS (
  SELECT customer_id, SUM(amount) AS returned
  FROM lines
  WHERE amount < 0
  GROUP BY customer_id
)
SELECT
  orders.customer_id AS customer_id,
  MIN(orders.order_day) AS first_order,
  MAX(orders.order_day) AS last_order,
  COUNT(*) AS orders,
  COUNT(DISTINCT orders.order_day) - 1 AS repeat_orders,
  SUM(orders.gross) AS total_spent,
  -COALESCE(MAX(came_back.returned), 0) AS total_refunded
FROM orders
LEFT JOIN came_back ON came_back.customer_id = orders.customer_id
GROUP BY orders.customer_id
ORDER BY customer_id
