#!lua flags=allow-oom
-- refund epoch reason, then id for each item: takes back a confirmed reservation, and its payment.

local ids, reason = idsOfBatch(2), ARGV[2]
if not ids or not isNameOrEmpty(reason) then return refuse('BADARG') end

local ended = enter(countOf[ARGV[1]])
if ended then return ended end
readRows(ids)

local function refundItem(id)
  local row = rowOf(id)
  if not row then return result('NOSUCH', id) end
  if row.state == 'R' then return result('DUP', id) end
  if row.state ~= 'C' then return result('NOTCONFIRMED', id) end
  giveBack(row)
  retire(id, row, 'R')
  emit('R', id, row, '', reason)
  emit('refund', id, row, row.paymentId)
  return result('OK', id)
end

local results = {}
for i = 1, #ids do append(results, refundItem(ids[i])) end
return finish('OK', results)
