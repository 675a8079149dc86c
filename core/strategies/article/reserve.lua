#!lua
-- The demo's script as it was published. `total >= sold` holds once more when all are sold, so it
-- sells one ticket too many. Without the hash it fails, and buyers read that as "sold out".

local ticket_key = KEYS[1]
local ticket_total_key = ARGV[1]
local ticket_sold_key = ARGV[2]
local ticket_total_nums = tonumber(redis.call('HGET', ticket_key, ticket_total_key))
local ticket_sold_nums = tonumber(redis.call('HGET', ticket_key, ticket_sold_key))
if (ticket_total_nums >= ticket_sold_nums) then
  return redis.call('HINCRBY', ticket_key, ticket_sold_key, 1)
end
return 0
