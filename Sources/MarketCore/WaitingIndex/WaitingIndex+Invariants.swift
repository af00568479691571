extension Market {
    /// The index of waiting leads says what the state says, and keeps the promises at the head of its
    /// files. A market that does not decide has none.
    ///
    /// - Complexity: O(waiting × blocks that are older).
    func checkWaitingIndex() throws(InvariantViolation) {
        guard let waitingIndex else { return }
        let leads = waiting.compactMap { openLeads[$0] }
        let advisors = leads.map { person($0.identity)?.boundTo }
        guard let fault = waitingIndex.fault(holding: leads, boundTo: advisors, at: time) else {
            return
        }
        throw InvariantViolation(rule: "R6.4", description: "the index of waiting leads: \(fault)")
    }
}

extension WaitingIndex {
    /// What is wrong with it, if these are all the leads that wait and the advisors their persons
    /// were last bound to.
    fileprivate func fault(
        holding leads: [Lead], boundTo advisors: [AdvisorNumber?], at time: Timestamp
    ) -> String? {
        guard leads.count == count else { return "it holds \(count) leads of \(leads.count)" }
        var regional = 0
        for (lead, advisor) in zip(leads, advisors) where lead.id != unplaced {
            if let advisor, bound[advisor]?.holds(lead, layout) == true { continue }
            guard all.holds(lead, layout) else { return "lead \(lead.id.rawValue) is not as it is" }
            guard let attribute = layout.regionAttribute, let code = lead.attributes[attribute]
            else { continue }
            regional += 1
            guard let place = codes.firstIndex(of: code), regions[place].holds(lead, layout) else {
                return "lead \(lead.id.rawValue) is not as it is in its region"
            }
        }
        guard regions.reduce(0, { $0 + $1.count }) == regional else {
            return "its regions hold leads that do not wait"
        }
        guard zip(codes, codes.dropFirst()).allSatisfy(<), regions.count == codes.count,
            regions.allSatisfy({ $0.count > 0 }), bound.values.allSatisfy({ $0.count > 0 })
        else { return "a list is empty or out of order" }
        let lists = [all] + regions + bound.values
        return lists.lazy.compactMap { $0.fault() }.first
    }
}

extension WaitingList {
    /// Whether `lead` is live in it, once, with just the bits of what it declares.
    fileprivate func holds(_ lead: Lead, _ layout: PlaneLayout) -> Bool {
        var expected = Array(repeating: UInt64(0), count: layout.planeCount)
        layout.write(lead, bit: 1, to: &expected, at: 0)
        var found = 0
        for block in blocks where block.firstID <= lead.id.rawValue {
            let base = Int(block.slot) * layout.planeCount
            for index in 0..<Int(block.used)
            where rows[Int(block.slot) * 64 + index].id == lead.id.rawValue {
                let written = (0..<layout.planeCount).map { words[base + $0] >> UInt64(index) & 1 }
                guard written[PlaneLayout.livePlane] == 1 else { continue }
                guard written == expected else { return false }
                found += 1
            }
        }
        return found == 1
    }

    /// Which of the invariants of ``WaitingList`` does not hold.
    fileprivate func fault() -> String? {
        let stride = blocks.isEmpty ? 0 : words.count / (rows.count / 64)
        var counted = 0
        for (place, block) in blocks.enumerated() {
            let next = place + 1 < blocks.count ? blocks[place + 1] : nil
            let live = words[Int(block.slot) * stride + PlaneLayout.livePlane]
            counted += live.nonzeroBitCount
            guard live != 0, (1...64).contains(block.used) else { return "a block is empty" }
            for index in 0..<64 where live >> UInt64(index) & 1 == 1 {
                let row = rows[Int(block.slot) * 64 + index]
                guard row.id >= block.firstID, row.id < next?.firstID ?? .max, row.id <= newest,
                    row.arrival >= block.firstArrival, row.arrival <= next?.firstArrival ?? .max
                else { return "a lead is in another one's block" }
            }
            for plane in 0..<stride where block.used < 64 {
                guard words[Int(block.slot) * stride + plane] >> UInt64(block.used) == 0 else {
                    return "a row is written that is not used"
                }
            }
        }
        return counted == count ? nil : "a list holds \(counted) leads, not \(count)"
    }
}
