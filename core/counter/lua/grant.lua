#!lua
-- grant epoch server liveMs: registers the server and counts those heard of within liveMs. With
-- `left`, which every reply has, that is what a server's next share is made of.

if #ARGV ~= 3 then return refuse('BADARG') end
local epoch, server, liveMs = countOf[ARGV[1]], ARGV[2], quantityOf[ARGV[3]]
if not epoch or not isName(server) or not liveMs then return refuse('BADARG') end

local ended = enter(epoch)
if ended then return ended end

heardFrom(server)
commit()
local notLiveMs = '(' .. textOf[sale.clockMs - liveMs]
local answer = reply('OK')
append(answer, redis.call('ZCOUNT', KEY_SERVERS, notLiveMs, '+inf'))
return answer
