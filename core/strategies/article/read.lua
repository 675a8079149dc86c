#!lua flags=no-writes
-- Total and sold, for who wants to see what the demo did.

local nums = redis.call('HMGET', KEYS[1], 'ticket_total_nums', 'ticket_sold_nums')
return { tonumber(nums[1] or 0), tonumber(nums[2] or 0) }
