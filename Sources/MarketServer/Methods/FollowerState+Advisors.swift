internal import MarketCore
internal import MarketRPC
internal import Projections

extension FollowerState {
    /// The result of `advisor.get`.
    func advisor(_ name: Name) throws(RPCError) -> [UInt8] {
        let number = try number(ofAdvisor: name)
        return JSONText.object { json in
            self.members(of: number, &json)
            json.member("position", market.head)
        }
    }

    /// The result of `advisor.list`; the cursor is the number of the next advisor.
    func advisors(_ page: Page) throws(RPCError) -> [UInt8] {
        let start = try page.number() ?? 0
        let end = min(market.advisors.count, start + page.limit)
        return JSONText.object { json in
            json.list("items", start < end ? start..<end : 0..<0) { json, index in
                self.members(of: AdvisorNumber(index: index), &json)
            }
            if end < market.advisors.count { json.member("cursor", "\(end)") }
            json.member("position", market.head)
        }
    }

    private func members(of number: AdvisorNumber, _ json: inout JSONWriter) {
        let advisor = market.advisors[number.index]
        json.member("advisor", advisor.name)
        json.member("institution", advisor.profile.institution)
        json.member("grade", advisor.grade)
        json.member("setGrade", advisor.profile.grade)
        json.member("gradeDerived", advisor.profile.derivesGrade)
        json.member("state", advisor.isSuspended ? "suspended" : "active")
        json.member("online", advisor.isOnline)
        json.member("availableFen", market.ledger[.available(number)])
        json.member("heldFen", market.ledger[.held(number)])
        json.member("orders", market.orders(of: number).count)
        json.member("dailyCap", advisor.profile.dailyCap)
        json.member("openWorkLimit", advisor.profile.openWorkLimit)
        json.member("reservedToday", advisor.reservedToday.count(on: market.calendar.day(of: now)))
        json.member("openWork", advisor.openWork)
    }

    /// The result of `account.get`.
    func account(_ name: Name?) throws(RPCError) -> [UInt8] {
        guard let name else { return wholeLedger() }
        let number = try number(ofAdvisor: name)
        return JSONText.object { json in
            json.member("advisor", name)
            json.member("availableFen", market.ledger[.available(number)])
            json.member("heldFen", market.ledger[.held(number)])
            json.member("owedFen", Money.zero)
            json.member("position", market.head)
        }
    }

    private func wholeLedger() -> [UInt8] {
        let ledger = market.ledger
        let payable = ledger.channelPayable + ledger.payeePayable
        return JSONText.object { json in
            json.member("cashFen", ledger.cash)
            json.member("availableFen", ledger.available.reduce(.zero, +))
            json.member("heldFen", ledger.held.reduce(.zero, +))
            json.member("owedFen", Money.zero)
            json.member("payableFen", payable.reduce(.zero, +))
            json.member("revenueFen", ledger.revenue)
            json.member("balanced", ledger.imbalance == .zero)
            json.member("position", market.head)
        }
    }
}

extension Page {
    /// The cursor as the number that it is; `nil` for the first part.
    func number() throws(RPCError) -> Int? {
        guard let cursor else { return nil }
        guard let number = Int(cursor), (0..<1 << 53).contains(number) else {
            throw Page.invalidCursor
        }
        return number
    }
}
