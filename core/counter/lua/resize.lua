#!lua
-- resize epoch newTotal expectedTotal: compare-and-set of the stock, never below what is sold.

if #ARGV ~= 3 then return refuse('BADARG') end
local epoch, newTotal, expectedTotal = ARGV[1], ARGV[2], ARGV[3]
if not isCount(epoch) then return refuse('BADARG') end
if not isQuantity(newTotal) or not isQuantity(expectedTotal) then return refuse('BADTOTAL') end

local ended = enter(epoch)
if ended then return ended end

local function resizeSale(newTotal, expectedTotal)
  if sale.total == newTotal then return 'DUP' end
  if sale.total ~= expectedTotal then return 'CONFLICT' end
  if newTotal < sale.sold then return 'BELOWSOLD' end
  if newTotal > sale.total then sale.generation = sale.generation + 1 end
  sale.total = newTotal
  return 'OK'
end

return finish(resizeSale(tonumber(newTotal), tonumber(expectedTotal)), {})
