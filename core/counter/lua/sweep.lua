#!lua flags=allow-oom
-- sweep epoch limit graceMs retainMs: expires at most `limit` holds that are due, earliest first,
-- and deletes at most `limit` rows that ended retainMs ago. Any number of sweepers may race.

if #ARGV ~= 4 then return refuse('BADARG') end
local epoch, limit, graceMs, retainMs = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if not isCount(epoch) or not isCount(graceMs) or not isCount(retainMs) then
  return refuse('BADARG')
end
if not isQuantity(limit) or tonumber(limit) > MAX_ITEMS then return refuse('BADARG') end

local ended = enter(epoch)
if ended then return ended end

-- Of a sorted set of times, the first members whose time is `afterMs` or longer past.
local function membersPast(key, afterMs)
  local latestMs = string.format('%.0f', sale.clockMs - tonumber(afterMs))
  return redis.call('ZRANGEBYSCORE', key, '-inf', latestMs, 'LIMIT', 0, limit)
end

local due = membersPast(KEY_DEADLINES, graceMs)
local outlived = membersPast(KEY_RETIRED, retainMs)
if #due > 0 then readRows(due) end
readBuyersOf(due)

-- The state decides, not the entry: a row that is no longer held is left as it is.
local function expireItem(id)
  local row = rows[id]
  removeDeadline(id)
  if not row or row.state ~= 'H' then return nil end
  giveBack(row)
  retire(id, row, 'X')
  emit('X', id, row, '')
  return row.qty .. '|' .. id
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
