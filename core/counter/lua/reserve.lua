#!lua
-- reserve epoch server incarnation, then id buyer terms for each item, where terms are
-- qty|ttlMs|maxPerBuyer|requestDeadlineMs. Without allow-oom: at maxmemory Redis refuses to start
-- it, and nothing is sold.

local HEADER_FIELDS, ITEM_FIELDS = 3, 3
if not isBatch(HEADER_FIELDS, ITEM_FIELDS) then return refuse('BADARG') end
local epoch, server, incarnation = countOf[ARGV[1]], ARGV[2], countOf[ARGV[3]]
if not epoch or not isName(server) or not incarnation then return refuse('BADARG') end

-- Most items of a batch ask on the same terms, which are therefore taken apart once. A term that
-- is malformed is false or missing.
local termsOf = memo(function(text)
  local qty, ttlMs, maxPerBuyer, requestDeadlineMs =
    string.match(text, '^([^|]*)|([^|]*)|([^|]*)|([^|]*)$')
  if not qty then return {} end
  return {
    qty = quantityOf[qty], ttlMs = quantityOf[ttlMs], maxPerBuyer = countOf[maxPerBuyer],
    requestDeadlineMs = countOf[requestDeadlineMs],
  }
end)

local ids, namedBuyers = {}, {}
for at = HEADER_FIELDS + 1, #ARGV, ITEM_FIELDS do
  local id, buyer, terms = ARGV[at], ARGV[at + 1], termsOf[ARGV[at + 2]]
  if not isName(id) then return refuse('BADARG') end
  if not terms.qty then return refuse('BADQTY') end
  if not isNameOrEmpty(buyer) then return refuse('BADARG') end
  if not terms.ttlMs then return refuse('BADTTL') end
  if not terms.maxPerBuyer or not terms.requestDeadlineMs then return refuse('BADARG') end
  append(ids, id)
  if buyer ~= '' then append(namedBuyers, buyer) end
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

-- What all holds on these terms have in common: everything but the id and the buyer. Rows are
-- kept as text, so one table can stand for each of them in turn.
local holdOn = memo(function(terms)
  local ttlMs = terms.ttlMs
  local row = {
    state = 'H', qty = terms.qty, deadlineMs = sale.clockMs + ttlMs, server = server,
    incarnation = incarnation, buyer = '', maxPerBuyer = terms.maxPerBuyer, paymentId = '',
  }
  local before, after = textBeforeBuyer(row), textAfterBuyer(row)
  return { row = row, before = before, after = after, answer = 'OK|' .. before .. after }
end)

-- The id comes before availability: a retry of the request that took the last ticket must find
-- its reservation, not SOLDOUT. Refusals are not stored.
local function reserveItem(id, buyer, terms)
  local qty, maxPerBuyer, requestDeadlineMs = terms.qty, terms.maxPerBuyer, terms.requestDeadlineMs
  local found = rowOf(id)
  if found then
    if isSameRequest(found, qty, buyer) then return result('DUP', id) end
    return result('CONFLICT', id)
  end
  if not sale.open then return result('NOTOPEN', id) end
  if isLate(requestDeadlineMs) then return result('LATE', id) end
  if overBuyerLimit(buyer, qty, maxPerBuyer) then return result('USERLIMIT', id) end
  if not hasStock(qty) then return result('SOLDOUT', id) end

  local hold = holdOn[terms]
  local row = hold.row
  row.buyer = buyer
  writeText(id, hold.before .. buyer .. hold.after)
  take(row)
  addDeadline(id, row)
  emit('H', id, row, '')
  -- The buyer, which the caller knows, is left out: the answer is the same text for all.
  return hold.answer
end

local results = {}
for at = HEADER_FIELDS + 1, #ARGV, ITEM_FIELDS do
  append(results, reserveItem(ARGV[at], ARGV[at + 1], termsOf[ARGV[at + 2]]))
end
heardFrom(server)
return finish('OK', results)
