#!lua flags=allow-oom
-- release epoch reason, then id for each item: gives up a hold that is not paid.

local ids, reason = idsOfBatch(2), ARGV[2]
if not ids or not isNameOrEmpty(reason) then return refuse('BADARG') end

local ended = enter(countOf[ARGV[1]])
if ended then return ended end
readRows(ids)

local function releaseItem(id)
  local row = rowOf(id)
  if not row then
    tombstone(id)
    return result('TOMBSTONE', id)
  end
  if row.state == 'C' then return result('CONFIRMED', id) end
  if row.state ~= 'H' then return result('DUP', id) end
  removeDeadline(id)
  giveBack(row)
  retire(id, row, 'L')
  emit('L', id, row, '', reason)
  return result('OK', id)
end

local results = {}
for i = 1, #ids do append(results, releaseItem(ids[i])) end
return finish('OK', results)
