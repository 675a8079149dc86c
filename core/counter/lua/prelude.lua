-- Shared by every script of the counter: spliced in after the script's shebang line.
--
-- A script checks all its arguments, then reads, then decides item by item, then writes. Redis
-- does not roll a failed script back, so nothing that can fail may follow the first write: the
-- decisions only change the tables below, and `commit`, the last step, writes them, one command
-- for each structure and batch. An item therefore reads what the items before it decided.
--
-- The TypeScript twin (../twin/) has the same functions under the same names.

-- A local is found faster than a global, and these are asked for at every item.
local redis, string, ARGV = redis, string, ARGV

local KEY_SALE, KEY_ROWS, KEY_DEADLINES, KEY_RETIRED = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local KEY_OUTBOX, KEY_BUYERS, KEY_PAYMENTS, KEY_SERVERS = KEYS[5], KEYS[6], KEYS[7], KEYS[8]

-- More would block the one thread of Redis for everybody, and unpack() has a limit of its own.
local MAX_ITEMS = 1000

-- On one line, so that the contract suite can put a steered clock in its place.
local function redisTimeMs() local time = redis.call('TIME') return time[1] * 1000 + math.floor(time[2] / 1000) end

-- A table that computes an entry when it is first asked for: the items of a batch are much alike.
local function memo(compute)
  return setmetatable({}, {
    __index = function(entries, key)
      local value = compute(key)
      entries[key] = value
      return value
    end,
  })
end

-- Integers as text. Lua's own `..` would round what has more than 14 digits.
local textOf = memo(function(number) return string.format('%.0f', number) end)

local function append(list, value)
  list[#list + 1] = value
end

local function appendPair(list, first, second)
  local length = #list
  list[length + 1] = first
  list[length + 2] = second
end

---- Arguments

-- A positive integer of at most 9 digits, or false.
local quantityOf = memo(function(text)
  return #text <= 9 and string.find(text, '^[1-9]%d*$') and tonumber(text) or false
end)

-- An integer of at most 15 digits, 0 included, or false.
local countOf = memo(function(text)
  if text == '0' then return 0 end
  return #text <= 15 and string.find(text, '^[1-9]%d*$') and tonumber(text) or false
end)

-- Printable ASCII without the bar, which separates the fields of a row.
local function isName(text)
  return #text <= 128 and string.find(text, '^[!-{}~]+$') ~= nil
end

local function isNameOrEmpty(text)
  return text == '' or isName(text)
end

-- Whether a whole number of items, at least one, follows the header.
local function isBatch(headerFields, itemFields)
  local items = (#ARGV - headerFields) / itemFields
  return items >= 1 and items <= MAX_ITEMS and items == math.floor(items)
end

local function refuse(code)
  return redis.error_reply(code .. ': nothing was written')
end

-- The ids of a batch that is an epoch, perhaps more, then the ids; nil if one is malformed.
local function idsOfBatch(headerFields)
  if not isBatch(headerFields, 1) or not countOf[ARGV[1]] then return nil end
  local ids = {}
  for i = headerFields + 1, #ARGV do
    if not isName(ARGV[i]) then return nil end
    append(ids, ARGV[i])
  end
  return ids
end

---- The sale

local sale

-- A read of each structure by its own type: Redis raises WRONGTYPE here, before any write.
local function checkKeyTypes()
  redis.call('HLEN', KEY_ROWS)
  redis.call('ZCARD', KEY_DEADLINES)
  redis.call('ZCARD', KEY_RETIRED)
  redis.call('XLEN', KEY_OUTBOX)
  redis.call('HLEN', KEY_BUYERS)
  redis.call('HLEN', KEY_PAYMENTS)
  redis.call('ZCARD', KEY_SERVERS)
end

-- Reads the hash into `sale`, with the time of this call in clockMs: Redis TIME plus the offset
-- that only recovery sets, never behind the high-water mark. False if there is no such sale.
local function readSale()
  local field = redis.call('HMGET', KEY_SALE, 'ticket_total_nums', 'ticket_sold_nums', 'epoch',
    'generation', 'open', 'clock_ms', 'clock_offset_ms')
  for i = 1, 7 do
    if not field[i] then return false end
  end
  sale = {
    total = tonumber(field[1]),
    sold = tonumber(field[2]),
    epoch = tonumber(field[3]),
    generation = tonumber(field[4]),
    open = field[5] == '1',
    clockMs = math.max(redisTimeMs() + tonumber(field[7]), tonumber(field[6])),
  }
  return true
end

-- Every reply carries what a latch needs: (epoch, generation, left).
local function reply(code)
  return { code, sale.epoch, sale.generation, sale.total - sale.sold, sale.clockMs }
end

-- The common start of every call but init. Returns the reply that ends the call, or nil.
local function enter(epoch)
  checkKeyTypes()
  if not readSale() then return refuse('NOEVENT') end
  if sale.epoch ~= epoch then return reply('FENCED') end
  return nil
end

local function hasStock(qty)
  return sale.total - sale.sold >= qty
end

---- Rows, buyers, payments, as read and as decided so far

-- Rows by id, as text: most are never taken apart.
local rows = {}
local payments = {}
-- Units that each buyer holds and owns.
local buyers = memo(function(buyer)
  return tonumber(redis.call('HGET', KEY_BUYERS, buyer) or '0')
end)

-- What `commit` will write: alternating fields and values, as the commands take them. Where a
-- field comes twice, the later value stands.
local writtenRows, deletedRows = {}, {}
local changedBuyers = {}
local writtenPayments = {}
local addedDeadlines, removedDeadlines = {}, {}
local addedRetired, removedRetired = {}, {}
-- Alternating ids and texts.
local events = {}
local heardServer

local ROW_PATTERN = '^(%u)|(%d+)|(%d+)|([^|]*)|(%d+)|([^|]*)|(%d+)|([^|]*)$'

local function rowFrom(text)
  local state, qty, deadlineMs, server, incarnation, buyer, maxPerBuyer, paymentId =
    string.match(text, ROW_PATTERN)
  return {
    state = state, qty = tonumber(qty), deadlineMs = tonumber(deadlineMs),
    server = server, incarnation = tonumber(incarnation), buyer = buyer,
    maxPerBuyer = tonumber(maxPerBuyer), paymentId = paymentId,
  }
end

-- The row of that id, or nil.
local function rowOf(id)
  return rows[id] and rowFrom(rows[id]) or nil
end

-- A row's text up to its buyer, and from there on.
local function textBeforeBuyer(row)
  return row.state .. '|' .. textOf[row.qty] .. '|' .. textOf[row.deadlineMs] .. '|'
    .. row.server .. '|' .. textOf[row.incarnation] .. '|'
end

local function textAfterBuyer(row)
  return '|' .. textOf[row.maxPerBuyer] .. '|' .. row.paymentId
end

-- Every change of a row ends here.
local function writeText(id, text)
  rows[id] = text
  appendPair(writtenRows, id, text)
end

local function writeRow(id, row)
  writeText(id, textBeforeBuyer(row) .. row.buyer .. textAfterBuyer(row))
end

local function readRows(ids)
  local found = redis.call('HMGET', KEY_ROWS, unpack(ids))
  for i = 1, #ids do rows[ids[i]] = found[i] end
end

-- In one read what `buyers` would else read one by one.
local function readBuyers(names)
  if #names == 0 then return end
  local found = redis.call('HMGET', KEY_BUYERS, unpack(names))
  for i = 1, #names do buyers[names[i]] = found[i] and tonumber(found[i]) or 0 end
end

local function readPayments(paymentIds)
  local found = redis.call('HMGET', KEY_PAYMENTS, unpack(paymentIds))
  for i = 1, #paymentIds do
    if found[i] then
      local code, id = string.match(found[i], '^(%u+)|([^|]+)$')
      payments[paymentIds[i]] = { code = code, id = id }
    end
  end
end

-- An anonymous buyer has no limit; 0 means that there is none.
local function overBuyerLimit(buyer, qty, maxPerBuyer)
  return buyer ~= '' and maxPerBuyer > 0 and buyers[buyer] + qty > maxPerBuyer
end

local function addToBuyer(buyer, units)
  if buyer == '' then return end
  buyers[buyer] = buyers[buyer] + units
  append(changedBuyers, buyer)
end

-- Stock leaves the sale for this row.
local function take(row)
  sale.sold = sale.sold + row.qty
  addToBuyer(row.buyer, row.qty)
end

-- Stock comes back from this row: a closed latch must hear of it.
local function giveBack(row)
  sale.sold = sale.sold - row.qty
  sale.generation = sale.generation + 1
  addToBuyer(row.buyer, -row.qty)
end

local function addDeadline(id, row)
  appendPair(addedDeadlines, textOf[row.deadlineMs], id)
end

local function removeDeadline(id)
  append(removedDeadlines, id)
end

-- The row enters X, L, R or D, and may be deleted some time after now.
local function retire(id, row, state)
  row.state = state
  writeRow(id, row)
  appendPair(addedRetired, textOf[sale.clockMs], id)
end

-- The row, revived, is no longer to be deleted.
local function unretire(id)
  append(removedRetired, id)
end

-- From now on a reserve that is still on its way finds its id taken.
local function tombstone(id)
  local row = {
    qty = 0, deadlineMs = 0, server = '', incarnation = 0, buyer = '', maxPerBuyer = 0,
    paymentId = '',
  }
  retire(id, row, 'D')
  return row
end

-- A server that reserves or asks for a grant is live: what is left is shared among the live.
local function heardFrom(server)
  heardServer = server
end

-- For the outbox. Of a state that the row has entered, the event is the row as it stands, and
-- why it did where somebody said so.
local function emit(kind, id, row, paymentId, reason)
  if kind ~= row.state then
    appendPair(events, id, kind .. '|' .. textOf[row.qty] .. '|' .. row.buyer .. '|' .. paymentId)
  elseif reason and reason ~= '' then
    appendPair(events, id, rows[id] .. '|' .. reason)
  else
    appendPair(events, id, rows[id])
  end
end

-- One item's answer: the code, then its row where there is one.
local function result(code, id)
  if not rows[id] then return code end
  return code .. '|' .. rows[id]
end

---- The only writes

local function write(command, key, arguments)
  if #arguments > 0 then redis.call(command, key, unpack(arguments)) end
end

local function writeBuyers()
  local set, removed = {}, {}
  for i = 1, #changedBuyers do
    local buyer = changedBuyers[i]
    if buyers[buyer] > 0 then
      appendPair(set, buyer, textOf[buyers[buyer]])
    else
      append(removed, buyer)
    end
  end
  write('HSET', KEY_BUYERS, set)
  write('HDEL', KEY_BUYERS, removed)
end

local function commit()
  redis.call('HSET', KEY_SALE, 'ticket_total_nums', textOf[sale.total],
    'ticket_sold_nums', textOf[sale.sold], 'generation', textOf[sale.generation],
    'open', sale.open and '1' or '0', 'clock_ms', textOf[sale.clockMs])
  write('HDEL', KEY_ROWS, deletedRows)
  write('HSET', KEY_ROWS, writtenRows)
  write('HSET', KEY_PAYMENTS, writtenPayments)
  write('ZADD', KEY_DEADLINES, addedDeadlines)
  write('ZREM', KEY_DEADLINES, removedDeadlines)
  write('ZADD', KEY_RETIRED, addedRetired)
  write('ZREM', KEY_RETIRED, removedRetired)
  writeBuyers()
  if heardServer then redis.call('ZADD', KEY_SERVERS, textOf[sale.clockMs], heardServer) end
  for i = 1, #events, 2 do redis.call('XADD', KEY_OUTBOX, '*', events[i], events[i + 1]) end
end

-- The end of every call that passed the fence.
local function finish(code, results)
  commit()
  local answer = reply(code)
  for i = 1, #results do append(answer, results[i]) end
  return answer
end
