#!lua
-- What the demo tells its reader to type before the sale: nothing keeps it from being typed again.

return redis.call('HSET', KEYS[1], 'ticket_total_nums', ARGV[1], 'ticket_sold_nums', 0)
