#!lua
-- open epoch: from now on reserve takes tickets.

if #ARGV ~= 1 or not countOf[ARGV[1]] then return refuse('BADARG') end

local ended = enter(countOf[ARGV[1]])
if ended then return ended end

local code = sale.open and 'DUP' or 'OK'
sale.open = true
return finish(code, {})
