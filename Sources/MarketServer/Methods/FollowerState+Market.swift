internal import EventLog
internal import MarketCore
internal import MarketRPC
internal import Projections

extension FollowerState {
    /// The result of `market.info`; a supplier sees no prices and no channel but its own.
    func information(onlyOf own: Name?) -> [UInt8] {
        JSONText.object { json in
            json.member("version", Version.current)
            json.member("rulesVersion", market.rulesInForce)
            json.member("clock", (market.foundation?.clock ?? .real).word)
            json.member("currency", market.foundation?.currency ?? "")
            json.member("utcOffsetMinutes", market.foundation?.utcOffsetMinutes ?? 0)
            json.member("time", market.time)
            json.member("position", market.head)
            json.list("categories", market.categories) { json, category in
                json.member("name", category.name)
                json.member("version", category.version)
                if own == nil {
                    json.category(category.definition, in: market)
                } else {
                    json.member("title", category.definition.title)
                    json.name("qualification")
                    json.filter(category.definition.qualification, schema: market.schema)
                    json.member("retired", category.definition.retired)
                }
            }
            let channels = market.channels.filter { own == nil || $0.name == own }
            json.list("channels", channels) { json, channel in
                json.member("name", channel.name)
                json.channel(channel.definition)
                json.member("state", ChannelState(of: channel))
            }
            json.member("attributes", list: market.schema.attributes) { $0.attribute($1) }
            json.list("payees", own == nil ? market.payees : []) { json, payee in
                json.member("name", payee.name)
                json.member("title", payee.title)
            }
            var settings = market.settings
            // Who knows how leads are graded declares what grades well.
            if own != nil { (settings.tierRules, settings.gradeRules) = (nil, nil) }
            json.name("settings")
            json.settings(settings, in: market)
        }
    }

    /// The result of `market.health`; looks at the free space, which the writer does only when it has
    /// something to write.
    func health(_ health: Health, _ reserve: StorageReserve) throws(RPCError) -> [UInt8] {
        let head = try reading { () throws(EventLogError) in try log.head() }
        let space = try reading { () throws(EventLogError) in try reserve.look() }
        return JSONText.object { json in
            let status =
                !health.isSound ? "damaged" : reserve.isEnough(space) ? "ok" : "storageFull"
            json.member("status", status)
            json.member("position", head)
            json.member("followerPosition", market.head)
            json.member("toldPosition", health.toldPosition)
            json.member("viewsPosition", views.writtenPosition)
            json.member(
                "scrub",
                object: { json in
                    json.member("position", health.scrubbedPosition)
                    if let damaged = health.damagedPosition {
                        json.member("damagedPosition", damaged)
                    }
                })
            json.member("openLeads", market.openLeads.count)
            json.member("waitingLeads", market.waitingLeads.count)
            json.member("advisors", market.advisors.count)
            json.member("orders", market.orders.count)
            json.member("assignments", market.assignments.count)
            json.member("overdueDeliveries", overdue.count)
            json.member("freeMapBytes", space.freeMapBytes)
            json.member("freeDiskBytes", space.freeDiskBytes)
            let uptime = (Instant.now.nanoseconds - health.start.nanoseconds) / 1_000_000_000
            json.member("uptimeSeconds", Int(uptime))
        }
    }

    // MARK: - Time

    /// The time for what depends on it: the machine's, or that of the last event where time is
    /// supplied.
    var now: Timestamp {
        market.foundation?.clock == .real ? max(market.time, WallClock.now) : market.time
    }

    // MARK: - Names

    func name(of category: CategoryNumber) -> Name { market.categories[category.index].name }
    func name(of advisor: AdvisorNumber) -> Name { market.advisors[advisor.index].name }
    func name(of channel: ChannelNumber) -> Name { market.channels[channel.index].name }

    func number(ofAdvisor name: Name) throws(RPCError) -> AdvisorNumber {
        guard let number = market.advisor(named: name) else {
            throw RPCError(.unknownAdvisor, field: "advisor")
        }
        return number
    }

    func number(ofCategory name: Name) throws(RPCError) -> CategoryNumber {
        guard let number = market.category(named: name) else {
            throw RPCError(.unknownCategory, field: "category")
        }
        return number
    }

    func number(ofChannel name: Name) throws(RPCError) -> ChannelNumber {
        guard let number = market.channel(named: name) else {
            throw RPCError(.unknownChannel, field: "channel")
        }
        return number
    }

    // MARK: - Failing

    /// Reads the log or the keys.
    func reading<Value>(_ body: () throws(EventLogError) -> Value) throws(RPCError) -> Value {
        do {
            return try body()
        } catch {
            throw RPCError(.internalError, "\(error)")
        }
    }
}
