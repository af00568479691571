internal import MarketCore
internal import MarketRPC
internal import Projections

extension FollowerState {
    /// The result of `stats.matching`.
    func matchingStatistics() throws(RPCError) -> [UInt8] {
        let (counts, delays) = try looking { views throws(ViewError) in
            (try views.leadCounts(), try views.releaseDelays())
        }
        var count = LeadCount()
        for (_, part) in counts { count += part }
        var delay = ReleaseDelay()
        for (_, part) in delays { delay += part }
        return JSONText.object { json in
            json.member("taken", count.taken)
            json.member("released", count.released)
            json.member("fillBasisPoints", count.fillRate)
            json.member("medianMilliseconds", delay.histogram.percentile(50)?.milliseconds)
            json.member("p90Milliseconds", delay.histogram.percentile(90)?.milliseconds)
            json.member("p99Milliseconds", delay.histogram.percentile(99)?.milliseconds)
            json.list("buckets", DelayBucket.allCases) { json, bucket in
                json.member("key", bucket.word)
                json.member("released", delay.buckets[bucket] ?? 0)
            }
            json.member("position", market.head)
        }
    }

    /// The result of `stats.returns` (R10).
    func returnStatistics() throws(RPCError) -> [UInt8] {
        let (counts, leads) = try looking { views throws(ViewError) in
            (try views.returnCounts(), try views.leadCounts())
        }
        var rows: [ReturnReason: ReturnCount] = [:]
        for (key, count) in counts { rows[key.reason, default: ReturnCount()] += count }
        return JSONText.object { json in
            json.list("rows", ReturnReason.allCases.filter { rows[$0] != nil }) { json, reason in
                let count = rows[reason] ?? ReturnCount()
                json.member("reason", reason)
                json.member("requested", count.requested)
                json.member("approved", count.approved)
                json.member("automatic", count.automatic)
                json.member("refused", count.refused)
                json.member("open", count.open)
                json.member("refundedFen", count.refunded)
            }
            json.member("released", leads.reduce(0) { $0 + $1.1.released })
            json.member("position", market.head)
        }
    }
}

extension Timespan {
    /// Whole milliseconds, rounded up.
    fileprivate var milliseconds: Int { Int((microseconds + 999) / 1_000) }
}
