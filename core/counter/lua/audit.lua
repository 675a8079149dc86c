#!lua flags=no-writes
-- audit: sums over the rows, to be compared with the counts kept beside them. Reads every row.

if #ARGV ~= 0 then return refuse('BADARG') end

checkKeyTypes()
if not readSale() then return refuse('NOEVENT') end

local heldUnits, confirmedUnits, heldRows, namedUnits, buyerUnits = 0, 0, 0, 0, 0
for _, text in ipairs(redis.call('HVALS', KEY_ROWS)) do
  local row = rowFrom(text)
  if row.state == 'H' then
    heldUnits = heldUnits + row.qty
    heldRows = heldRows + 1
  end
  if row.state == 'C' then confirmedUnits = confirmedUnits + row.qty end
  if (row.state == 'H' or row.state == 'C') and row.buyer ~= '' then
    namedUnits = namedUnits + row.qty
  end
end
for _, units in ipairs(redis.call('HVALS', KEY_BUYERS)) do
  buyerUnits = buyerUnits + tonumber(units)
end

local answer = reply('OK')
append(answer, sale.total)
append(answer, sale.sold)
append(answer, heldUnits)
append(answer, confirmedUnits)
append(answer, heldRows)
append(answer, redis.call('ZCARD', KEY_DEADLINES))
append(answer, buyerUnits)
append(answer, namedUnits)
return answer
