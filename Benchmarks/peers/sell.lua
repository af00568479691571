-- Sells one lead: the best order of the first of its categories that has one, in the order of ranks.
--
-- A bucket, `b:CATEGORY:REGION`, is a sorted set of orders by rank; a member says everything about the order that
-- does not change, packed, so that only an order that takes the lead costs a further look-up. The order's region
-- is 0, a province or a city.
--
-- ARGV: person, categories as digits, province, city, income, age, social insurance, employment as a bit, instalment
-- Returns: the order, 0 when none takes the lead, -1 when the person was there before.
local person = ARGV[1]
if redis.call('EXISTS', 'p:' .. person) == 1 then return -1 end
local income, age = tonumber(ARGV[5]), tonumber(ARGV[6])
local insured, employment, instalment = ARGV[7] == '1', tonumber(ARGV[8]), tonumber(ARGV[9])
local regions = {'0', ARGV[3], ARGV[4]}
local page_size = 8

for place = 1, #ARGV[2] do
    local category = string.sub(ARGV[2], place, place)
    local best, best_rank, best_charge, best_advisor
    for number = 1, (ARGV[3] == '0') and 1 or 3 do
        local bucket, from, done = 'b:' .. category .. ':' .. regions[number], 0, false
        while not done do
            local page = redis.call('ZRANGE', bucket, from, from + page_size - 1, 'WITHSCORES')
            for entry = 1, #page, 2 do
                local rank = tonumber(page[entry + 1])
                if best_rank and rank >= best_rank then
                    done = true
                    break
                end
                local order, advisor, charge, least_income, least_age, most_age, asks_insured,
                    employments, most_instalment =
                    struct.unpack('>I4I4I4I4BBBBI4', page[entry])
                if income >= least_income and age >= least_age and age <= most_age
                    and (asks_insured == 0 or insured)
                    and (employments == 0 or bit.band(employments, employment) ~= 0)
                    and instalment <= most_instalment
                    and tonumber(redis.call('HGET', 'balance', advisor)) >= charge then
                    best, best_rank, best_charge, best_advisor = order, rank, charge, advisor
                    done = true
                    break
                end
            end
            if #page < 2 * page_size then break end
            from = from + page_size
        end
    end
    if best then
        if redis.call('HINCRBY', 'left', best, -1) == 0 then
            for bucket, member in string.gmatch(redis.call('HGET', 'where', best), '(%S+) (%x+)') do
                redis.call('ZREM', bucket, (string.gsub(member, '%x%x', function(byte)
                    return string.char(tonumber(byte, 16))
                end)))
            end
        end
        redis.call('HINCRBY', 'balance', best_advisor, -best_charge)
        redis.call('SET', 'p:' .. person, best)
        redis.call('RPUSH', 'sales', person .. ' ' .. best .. ' ' .. best_charge)
        return best
    end
end
redis.call('SET', 'p:' .. person, 0)
return 0
