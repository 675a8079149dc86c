#!lua
-- init total epoch: creates the counter, once. It never resets one that lives.

if #ARGV ~= 2 then return refuse('BADARG') end
local total, epoch = quantityOf[ARGV[1]], countOf[ARGV[2]]
if not total then return refuse('BADTOTAL') end
if not epoch then return refuse('BADARG') end

checkKeyTypes()
if readSale() then
  if sale.total == total and sale.epoch == epoch then return reply('EXISTS') end
  return reply('CONFLICT')
end

sale = {
  total = total, sold = 0, epoch = epoch, generation = 0, open = false,
  clockMs = redisTimeMs(),
}
-- A sale whose hash was lost is not a new sale: what it sold still stands in the other keys.
if redis.call('EXISTS', unpack(KEYS)) > 0 then
  return { 'CONFLICT', 0, 0, 0, sale.clockMs }
end
redis.call('HSET', KEY_SALE, 'epoch', textOf[sale.epoch], 'clock_offset_ms', '0')
redis.call('XGROUP', 'CREATE', KEY_OUTBOX, 'orders', '0', 'MKSTREAM')
return finish('OK', {})
