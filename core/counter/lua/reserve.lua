#!lua
-- reserve epoch server incarnation, then id qty buyer ttlMs maxPerBuyer requestDeadlineMs for
-- each item. Without allow-oom: at maxmemory Redis refuses to start it, and nothing is sold.

local HEADER_FIELDS, ITEM_FIELDS = 3, 6
if not isBatch(HEADER_FIELDS, ITEM_FIELDS) then return refuse('BADARG') end
local epoch, server, incarnation = ARGV[1], ARGV[2], ARGV[3]
if not isCount(epoch) or not isName(server) or not isCount(incarnation) then
  return refuse('BADARG')
end

local ids, namedBuyers = {}, {}
for at = HEADER_FIELDS + 1, #ARGV, ITEM_FIELDS do
  if not isName(ARGV[at]) then return refuse('BADARG') end
  if not isQuantity(ARGV[at + 1]) then return refuse('BADQTY') end
  if not isNameOrEmpty(ARGV[at + 2]) then return refuse('BADARG') end
  if not isQuantity(ARGV[at + 3]) then return refuse('BADTTL') end
  if not isCount(ARGV[at + 4]) then return refuse('BADARG') end
  if not isCount(ARGV[at + 5]) then return refuse('BADARG') end
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
  local found = rows[id]
  if found then
    if isSameRequest(found, qty, buyer) then return result('DUP', found) end
    return result('CONFLICT', found)
  end
  if not sale.open then return result('NOTOPEN') end
  if isLate(requestDeadlineMs) then return result('LATE') end
  if overBuyerLimit(buyer, qty, tonumber(maxPerBuyer)) then return result('USERLIMIT') end
  if not hasStock(qty) then return result('SOLDOUT') end

  local row = {
    state = 'H', qty = qty, deadlineMs = string.format('%.0f', sale.clockMs + ttlMs), server = server,
    incarnation = incarnation, buyer = buyer, maxPerBuyer = maxPerBuyer, paymentId = '',
  }
  writeRow(id, row)
  take(row)
  addDeadline(id, row)
  emit('H', id, row, '')
  return result('OK', row)
end

local results = {}
for at = HEADER_FIELDS + 1, #ARGV, ITEM_FIELDS do
  append(results, reserveItem(ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 2],
    tonumber(ARGV[at + 3]), ARGV[at + 4], tonumber(ARGV[at + 5])))
end
heardFrom(server)
return finish('OK', results)
