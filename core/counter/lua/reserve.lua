#!lua
-- reserve epoch server incarnation, then id qty buyer ttlMs maxPerBuyer requestDeadlineMs for
-- each item. Without allow-oom: at maxmemory Redis refuses to start it, and nothing is sold.

local HEADER_FIELDS, ITEM_FIELDS = 3, 6
if not isBatch(HEADER_FIELDS, ITEM_FIELDS) then return refuse('BADARG') end
local epoch, server, incarnation = countOf[ARGV[1]], ARGV[2], countOf[ARGV[3]]
if not epoch or not isName(server) or not incarnation then return refuse('BADARG') end

local ids, namedBuyers = {}, {}
for at = HEADER_FIELDS + 1, #ARGV, ITEM_FIELDS do
  if not isName(ARGV[at]) then return refuse('BADARG') end
  if not quantityOf[ARGV[at + 1]] then return refuse('BADQTY') end
  if not isNameOrEmpty(ARGV[at + 2]) then return refuse('BADARG') end
  if not quantityOf[ARGV[at + 3]] then return refuse('BADTTL') end
  if not countOf[ARGV[at + 4]] then return refuse('BADARG') end
  if not countOf[ARGV[at + 5]] then return refuse('BADARG') end
  append(ids, ARGV[at])
  if ARGV[at + 2] ~= '' then append(namedBuyers, ARGV[at + 2]) end
end

local ended = enter(epoch)
if ended then return ended end
readRows(ids)
readBuyers(namedBuyers)

-- A tombstone was never asked for anything, so every request is the same as it.
local function isSameRequest(row, qty, buyer)
  return row.state == 'D' or (row.qty == qty and row.buyer == buyer)
end

local function isLate(requestDeadlineMs)
  return requestDeadlineMs > 0 and sale.clockMs > requestDeadlineMs
end

-- The id comes before availability: a retry of the request that took the last ticket must find
-- its reservation, not SOLDOUT. Refusals are not stored.
local function reserveItem(id, qty, buyer, ttlMs, maxPerBuyer, requestDeadlineMs)
  local found = rowOf(id)
  if found then
    if isSameRequest(found, qty, buyer) then return result('DUP', id) end
    return result('CONFLICT', id)
  end
  if not sale.open then return result('NOTOPEN', id) end
  if isLate(requestDeadlineMs) then return result('LATE', id) end
  if overBuyerLimit(buyer, qty, maxPerBuyer) then return result('USERLIMIT', id) end
  if not hasStock(qty) then return result('SOLDOUT', id) end

  local row = {
    state = 'H', qty = qty, deadlineMs = sale.clockMs + ttlMs, server = server,
    incarnation = incarnation, buyer = buyer, maxPerBuyer = maxPerBuyer, paymentId = '',
  }
  writeRow(id, row)
  take(row)
  addDeadline(id, row)
  emit('H', id, row, '')
  return result('OK', id)
end

local results = {}
for at = HEADER_FIELDS + 1, #ARGV, ITEM_FIELDS do
  append(results, reserveItem(ARGV[at], quantityOf[ARGV[at + 1]], ARGV[at + 2],
    quantityOf[ARGV[at + 3]], countOf[ARGV[at + 4]], countOf[ARGV[at + 5]]))
end
heardFrom(server)
return finish('OK', results)
