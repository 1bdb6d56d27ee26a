-- Sends the prepared requests of a file in turn, each with its own key where it asks for one, and prints JSON at the end.
-- Arguments: the file (requests parted by BOUNDARY), a text that no other run of wrk uses in its keys, and how many
-- requests to skip at first, so that runs side by side do not ask for the same rows at the same time.

local BOUNDARY, UNIQUE = "\n--boundary--\n", "@unique@"
local prepared, run, skipped, sent = {}, "", 0, 0

local function split(text, separator)
  local parts, from = {}, 1
  while true do
    local first, last = text:find(separator, from, true)
    if not first then break end
    parts[#parts + 1] = text:sub(from, first - 1)
    from = last + 1
  end
  parts[#parts + 1] = text:sub(from)
  return parts
end

function init(args)
  run, skipped = args[2], tonumber(args[3])
  local file = assert(io.open(args[1], "rb"))
  for _, raw in ipairs(split(file:read("*a"), BOUNDARY)) do
    prepared[#prepared + 1] = split(raw, UNIQUE)
  end
  file:close()
end

function request()
  sent = sent + 1
  return table.concat(prepared[(skipped + sent) % #prepared + 1], run .. "-" .. sent)
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '\n{"requests": %d, "microseconds": %d, "unanswered": %d, "refused": %d, "mean": %.1f, "p99": %d}',
    summary.requests, summary.duration, errors.connect + errors.read + errors.write + errors.timeout,
    errors.status, latency.mean, latency:percentile(99)))
end
