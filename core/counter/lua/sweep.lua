#!lua flags=allow-oom
-- sweep epoch limit graceMs retainMs: expires at most `limit` holds that are due, earliest first,
-- and deletes at most `limit` rows that ended retainMs ago. Any number of sweepers may race.

if #ARGV ~= 4 then return refuse('BADARG') end
local epoch, limit = countOf[ARGV[1]], quantityOf[ARGV[2]]
local graceMs, retainMs = countOf[ARGV[3]], countOf[ARGV[4]]
if not epoch or not graceMs or not retainMs then return refuse('BADARG') end
if not limit or limit > MAX_ITEMS then return refuse('BADARG') end

local ended = enter(epoch)
if ended then return ended end

-- The first members of a sorted set of times, as far as `latestMs`.
local function membersUntil(key, latestMs)
  return redis.call('ZRANGEBYSCORE', key, '-inf', textOf[latestMs], 'LIMIT', '0', textOf[limit])
end

local due = membersUntil(KEY_DEADLINES, sale.clockMs - graceMs)
local outlived = membersUntil(KEY_RETIRED, sale.clockMs - retainMs)
if #due > 0 then readRows(due) end

-- The state decides, not the entry: a row that is no longer held is left as it is.
local function expireItem(id)
  local row = rowOf(id)
  removeDeadline(id)
  if not row or row.state ~= 'H' then return nil end
  giveBack(row)
  retire(id, row, 'X')
  emit('X', id, row, '')
  return textOf[row.qty] .. '|' .. id
end

local function deleteItem(id)
  rows[id] = nil
  append(deletedRows, id)
  append(removedRetired, id)
end

for i = 1, #outlived do deleteItem(outlived[i]) end
local swept = {}
for i = 1, #due do append(swept, expireItem(due[i])) end
return finish('OK', swept)
