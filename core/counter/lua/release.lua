#!lua flags=allow-oom
-- release epoch, then id for each item: gives up a hold that is not paid.

local ids = idsOfBatch()
if not ids then return refuse('BADARG') end

local ended = enter(ARGV[1])
if ended then return ended end
readRows(ids)
readBuyersOf(ids)

local function releaseItem(id)
  local row = rows[id]
  if not row then return result('TOMBSTONE', tombstone(id)) end
  if row.state == 'C' then return result('CONFIRMED', row) end
  if row.state ~= 'H' then return result('DUP', row) end
  removeDeadline(id)
  giveBack(row)
  retire(id, row, 'L')
  emit('L', id, row, '')
  return result('OK', row)
end

local results = {}
for i = 1, #ids do append(results, releaseItem(ids[i])) end
return finish('OK', results)
