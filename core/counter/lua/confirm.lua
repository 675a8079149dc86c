#!lua flags=allow-oom
-- confirm epoch latePayment, then id paymentId for each item. latePayment: lazy, strict, revive.

local HEADER_FIELDS, ITEM_FIELDS = 2, 2
if not isBatch(HEADER_FIELDS, ITEM_FIELDS) then return refuse('BADARG') end
local epoch, latePayment = countOf[ARGV[1]], ARGV[2]
if not epoch then return refuse('BADARG') end
if latePayment ~= 'lazy' and latePayment ~= 'strict' and latePayment ~= 'revive' then
  return refuse('BADARG')
end

local ids, paymentIds = {}, {}
for at = HEADER_FIELDS + 1, #ARGV, ITEM_FIELDS do
  if not isName(ARGV[at]) or not isName(ARGV[at + 1]) then return refuse('BADARG') end
  append(ids, ARGV[at])
  append(paymentIds, ARGV[at + 1])
end

local ended = enter(epoch)
if ended then return ended end
readRows(ids)
readPayments(paymentIds)

-- The first final answer to a payment stands for good.
local function answerPayment(paymentId, id, code)
  payments[paymentId] = { id = id, code = code }
  appendPair(writtenPayments, paymentId, code .. '|' .. id)
  return result(code, id)
end

-- Charged, and confirms nothing: the money goes back, once for each payment.
local function giveMoneyBack(paymentId, id, code, row)
  emit('refund', id, row, paymentId)
  return answerPayment(paymentId, id, code)
end

local function confirmRow(paymentId, id, code, row)
  row.state = 'C'
  row.paymentId = paymentId
  writeRow(id, row)
  emit('C', id, row, paymentId)
  return answerPayment(paymentId, id, code)
end

-- A redelivered payment hears its first answer again, whatever became of the reservation since;
-- where that answer confirmed, it is DUP.
local function redelivered(payment, id)
  if payment.id ~= id then return result('PAYMENTCONFLICT', id) end
  if payment.code == 'OK' or payment.code == 'REVIVED' then return result('DUP', id) end
  return result(payment.code, id)
end

local function isRefusedLate(row)
  return latePayment == 'strict' and sale.clockMs >= row.deadlineMs
end

local function canRevive(row)
  return latePayment == 'revive' and hasStock(row.qty)
    and not overBuyerLimit(row.buyer, row.qty, row.maxPerBuyer)
end

local function confirmItem(id, paymentId)
  local payment = payments[paymentId]
  if payment then return redelivered(payment, id) end

  local row = rowOf(id)
  if not row then return giveMoneyBack(paymentId, id, 'NOSUCH', tombstone(id)) end
  if row.state == 'H' then
    if isRefusedLate(row) then return giveMoneyBack(paymentId, id, 'EXPIRED', row) end
    removeDeadline(id)
    return confirmRow(paymentId, id, 'OK', row)
  end
  if row.state == 'C' then return giveMoneyBack(paymentId, id, 'DOUBLEPAY', row) end
  if row.state == 'X' then
    if not canRevive(row) then return giveMoneyBack(paymentId, id, 'EXPIRED', row) end
    take(row)
    unretire(id)
    return confirmRow(paymentId, id, 'REVIVED', row)
  end
  return giveMoneyBack(paymentId, id, 'RELEASED', row)
end

local results = {}
for i = 1, #ids do append(results, confirmItem(ids[i], paymentIds[i])) end
return finish('OK', results)
