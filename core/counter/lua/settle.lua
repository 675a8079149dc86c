#!lua flags=allow-oom
-- settle epoch, then id for each item: what became of a request whose answer was lost. An id that
-- is unknown gets a tombstone, so that the request cannot land after this answer.

local ids = idsOfBatch(1)
if not ids then return refuse('BADARG') end

local ended = enter(countOf[ARGV[1]])
if ended then return ended end
readRows(ids)

local function settleItem(id)
  if not rows[id] then tombstone(id) end
  return result('OK', id)
end

local results = {}
for i = 1, #ids do append(results, settleItem(ids[i])) end
return finish('OK', results)
