internal import MarketCore
internal import MarketRPC

extension FollowerState {
    /// The result of `channel.get`.
    func channel(_ name: Name) throws(RPCError) -> [UInt8] {
        let number = try number(ofChannel: name)
        return JSONText.object { json in
            self.members(of: number, &json)
            json.member("position", market.head)
        }
    }

    /// The result of `channel.list`.
    func channels(onlyOf name: Name?) throws(RPCError) -> [UInt8] {
        let own = try name.map { name throws(RPCError) in try number(ofChannel: name) }
        return JSONText.object { json in
            let numbers = market.channels.indices.map(ChannelNumber.init(index:))
            json.list("items", numbers.filter { own == nil || $0 == own }) { json, number in
                self.members(of: number, &json)
            }
            json.member("position", market.head)
        }
    }

    private func members(of number: ChannelNumber, _ json: inout JSONWriter) {
        let channel = market.channels[number.index]
        json.member("channel", channel.name)
        json.channelTerms(channel.definition)
        json.member("takenToday", channel.taken.count(on: market.calendar.day(of: now)))
        json.member("state", ChannelState(of: channel))
        json.member(
            "quality",
            object: { json in
                json.member("decided", channel.quality.count)
                json.member("bad", channel.quality.bad)
                json.member("span", market.settings.qualitySpan)
                json.member("limitBasisPoints", market.settings.qualityLimit)
            })
        json.member("payableFen", market.ledger[.channelPayable(number)])
    }
}
