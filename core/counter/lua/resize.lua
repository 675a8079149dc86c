#!lua
-- resize epoch newTotal expectedTotal: compare-and-set of the stock, never below what is sold.

if #ARGV ~= 3 then return refuse('BADARG') end
local epoch = countOf[ARGV[1]]
local newTotal, expectedTotal = quantityOf[ARGV[2]], quantityOf[ARGV[3]]
if not epoch then return refuse('BADARG') end
if not newTotal or not expectedTotal then return refuse('BADTOTAL') end

local ended = enter(epoch)
if ended then return ended end

local function resizeSale()
  if sale.total == newTotal then return 'DUP' end
  if sale.total ~= expectedTotal then return 'CONFLICT' end
  if newTotal < sale.sold then return 'BELOWSOLD' end
  if newTotal > sale.total then sale.generation = sale.generation + 1 end
  sale.total = newTotal
  return 'OK'
end

return finish(resizeSale(), {})
