import MarketTestSupport
import Testing

@testable import MarketCore

/// The market's own tables say what plain dictionaries and arrays do.
struct StoreTests {
    private func random(_ seed: UInt64) -> SeededRandom { SeededRandom(seed: seed) }

    @Test func `a table of ids answers like a dictionary through inserts and removals`() {
        var random = random(1)
        var table = IDTable<Lead>()
        var model: [UInt64: Int] = [:]
        for step in 0..<20_000 {
            let id = random.next() % 500 + 1
            if let slot = model[id], random.next() % 3 > 0 {
                #expect(table.remove(LeadID(id)) == slot)
                model[id] = nil
            } else if model[id] == nil, step % 2 == 0 {
                table.insert(LeadID(id), slot: step)
                model[id] = step
            } else {
                table.set(LeadID(id), slot: step)
                model[id] = step
            }
            #expect(table.count == model.count)
            let asked = random.next() % 600 + 1
            #expect(table[LeadID(asked)] == model[asked])
        }
        for id in UInt64(1)...500 { #expect(table[LeadID(id)] == model[id]) }
        #expect(table.remove(LeadID(601)) == nil)
        // A request can ask for 0, which is in no table and marks a free place.
        #expect(table[LeadID(0)] == nil)
        #expect(table.remove(LeadID(0)) == nil)
    }

    /// Leads are every third event or so, orders placed together each one.
    @Test(arguments: [1, 3] as [UInt64])
    func `a table of ids in sequence is searched a place or two at a time`(step: UInt64) throws {
        for count in [3 << 14, 3 << 15, 3 << 16] {
            var table = IDTable<Lead>()
            for number in 0..<UInt64(count) {
                table.insert(LeadID(1_000 + number * step), slot: Int(number))
            }
            var searched = 0
            for number in 0..<UInt64(count) {
                let id = LeadID(1_000 + number * step)
                searched += try #require(table.placesSearched(for: id))
            }
            #expect(searched < 3 * count)
        }
    }

    @Test func `chunks of another array are added behind full ones only`() {
        var array = ChunkedArray<Int>()
        var other = ChunkedArray<Int>()
        for number in 0..<1_500 { other.append(number) }
        var answers = [array.append(chunksOf: ChunkedArray())]
        for number in 0..<1_024 { array.append(-number) }
        answers.append(array.append(chunksOf: other))
        #expect(Array(array) == (0..<1_024).map { -$0 } + Array(0..<1_500))
        answers.append(array.append(chunksOf: other))
        answers.append(array.append(chunksOf: ChunkedArray()))
        #expect(answers == [true, true, false, true])
        array.append(7)
        #expect(array.count == 2_525)
        #expect(array[2_524] == 7)
        #expect(other.count == 1_500)
    }

    @Test func `a copy of a chunked array keeps what it had`() {
        var array = ChunkedArray<Int>()
        for number in 0..<5_000 { array.append(number) }
        let copy = array
        for index in array.indices { array[index] += 1 }
        array.append(-1)
        #expect(copy.count == 5_000)
        #expect(array.count == 5_001)
        #expect(array.last == -1)
        #expect(copy.indices.allSatisfy { copy[$0] == $0 && array[$0] == $0 + 1 })
    }

    @Test func `copies of a chunked array go on apart, however little room is made`() {
        var array = ChunkedArray<Int>()
        for number in 0..<1_500 { array.append(number, room: 4) }
        var copy = array
        for number in 1_500..<3_000 {
            array.append(number, room: 4)
            copy.append(-number, room: 4)
        }
        #expect(array.elementsEqual(0..<3_000))
        #expect(copy.elementsEqual((0..<3_000).map { $0 < 1_500 ? $0 : -$0 }))
    }

    @Test func `a chunked array takes no more room than it is told to`() {
        var array = ChunkedArray<UInt64>()
        for number in UInt64(0)..<3_000 {
            array.append(number, room: 8)
            // An array rounds up to what the allocator gives; beside it stand the chunks themselves.
            #expect(array.byteCount <= (array.count + 8 + 16) * 8 + 64)
        }
        #expect(array.elementsEqual(0..<3_000))
    }

    @Test func `persons who stand around the end of a table are in order all the same`() {
        var random = random(6)
        var people = People()
        var identities: [Identity] = []
        for number in 0..<500 {
            // The last homes there are, and some others.
            let high = number % 3 == 0 ? random.next() & 0xFF_FFFF_FFFF_FFFF : 0xFF_FFFF_FFFF_FFFF
            identities.append(Identity(high: high, low: random.next()))
            _ = people.slot(making: identities[number])
            #expect(people.identities == identities.sorted())
        }
        let slots = people.slotsInOrder(ofPart: 0)
        #expect(slots.count == 500)
        #expect(slots.allSatisfy { people[$0.slot].identity == $0.identity })
    }

    @Test func `every person has a slot of their own, known ones and new`() {
        var random = random(2)
        var people = People()
        var slots: [Identity: PersonSlot] = [:]
        for _ in 0..<50_000 {
            // Few first bytes, so that shards grow, and equal last bytes, so that tags collide.
            let identity = Identity(
                high: random.next() & 0x03FF_FFFF_FFFF_FFFF, low: random.next() & ~0x3F)
            #expect(people.slot(of: identity) == slots[identity])
            slots[identity] = people.slot(making: identity)
        }
        #expect(people.count == slots.count)
        #expect(Set(slots.values).count == slots.count)
        for (identity, slot) in slots {
            #expect(people.slot(of: identity) == slot)
            #expect(people.slot(making: identity) == slot)
            #expect(people[slot].identity == identity)
        }
        #expect(people.identities == slots.keys.sorted())
    }

    @Test func `the facts of a person do not disturb each other`() {
        var people = People()
        let slot = people.slot(making: .person(1))
        people[slot].openLead = 0
        people[slot].isErased = true
        #expect(people[slot].openLead == 0)
        #expect(people[slot].lastSale == nil)
        #expect(!people[slot].isSuppressed)
        people[slot].lastSale = 7
        people[slot].isSuppressed = true
        people[slot].openLead = nil
        #expect(people[slot].openLead == nil)
        #expect(people[slot].lastSale == 7)
        #expect(people[slot].isSuppressed && people[slot].isErased)
        people[slot].isErased = false
        #expect(people[slot].lastSale == 7)
    }

    /// Steps between ids that are even, random, and far apart at one end.
    @Test(arguments: [[3], [1, 2, 900], [1, 1, 1, 1, 1, 1, 1, 10_000]])
    func `an assignment is found by its id, and where one would stand by the ids around`(
        steps: [UInt64]
    ) {
        var random = random(3)
        var assignments = Assignments()
        var ids: [UInt64] = []
        var id: UInt64 = 2
        for _ in 0..<3_000 {
            id += steps[Int(random.next() % UInt64(steps.count))]
            ids.append(id)
            assignments.append(.blank(AssignmentID(id), of: LeadID(id - 1)))
        }
        for (place, id) in ids.enumerated() {
            #expect(assignments.place(of: AssignmentID(id)) == place)
            #expect(assignments.firstPlace(from: AssignmentID(id)) == place)
            #expect(assignments[of: LeadID(id - 1)]?.id == AssignmentID(id))
            let next = ids.firstIndex { $0 >= id + 1 } ?? ids.count
            if place % 50 == 0 {
                #expect(assignments.firstPlace(from: AssignmentID(id + 1)) == next)
                let isThere = next < ids.count && ids[next] == id + 1
                #expect(assignments.place(of: AssignmentID(id + 1)) == (isThere ? next : nil))
            }
        }
        #expect(assignments.firstPlace(from: AssignmentID(1)) == 0)
        #expect(assignments.place(of: AssignmentID(1)) == nil)
        #expect(assignments.place(of: AssignmentID(id + 64)) == nil)
        #expect(assignments.firstPlace(from: AssignmentID(id + 1)) == ids.count)
        #expect(Assignments().firstPlace(from: AssignmentID(1)) == 0)
    }

    @Test func `the latest assignment of a lead is found however late it came`() {
        var assignments = Assignments()
        assignments.append(.blank(AssignmentID(5), of: LeadID(4)))
        assignments.append(.blank(AssignmentID(9), of: LeadID(3)))
        assignments.append(.blank(AssignmentID(12), of: LeadID(4)))
        #expect(assignments[of: LeadID(4)]?.id == AssignmentID(12))
        #expect(assignments[of: LeadID(3)]?.id == AssignmentID(9))
        #expect(assignments[of: LeadID(8)] == nil)
        #expect(assignments[of: LeadID(11)] == nil)
    }

    @Test func `lapsed work can be taken out of the queue, and the rest stays in order`() {
        var random = random(4)
        var queue = DueQueue()
        var items: [DueItem] = []
        for number in 0..<1_000 {
            let item = DueItem(
                time: Timestamp(microseconds: Int64(random.next() % 300)), kind: .leadAge,
                subject: LogPosition(UInt64(number)))
            queue.insert(item)
            items.append(item)
        }
        let last = DueItem(time: .latest, kind: .leadAge, subject: LogPosition(5_000))
        queue.insert(last)
        queue.withdraw(last)
        #expect(queue.items.count == 1_000)
        for item in items.prefix(700) { queue.withdraw(item) }
        #expect(queue.isStale)
        let standing = Set(items.suffix(300))
        queue.removeLapsed(where: standing.contains)
        #expect(!queue.isStale)
        var drained: [DueItem] = []
        while let first = queue.first {
            drained.append(first)
            queue.removeFirst()
        }
        #expect(drained == standing.sorted())
    }

    @Test func `the earliest work comes in order, and none behind the last is looked at`() {
        var random = random(5)
        var queue = DueQueue()
        var items: [DueItem] = []
        for number in 0..<1_000 {
            // Half of it at one time, as turns of orders at midnight.
            let time = number % 2 == 0 ? 150 : Int64(random.next() % 300)
            let item = DueItem(
                time: Timestamp(microseconds: time), kind: number % 3 == 0 ? .deadline : .leadAge,
                subject: LogPosition(UInt64(number)))
            queue.insert(item)
            items.append(item)
        }
        items.sort()
        for count in [1, 2, 255, 256, 400, 1_000] {
            let time = items[count - 1].time
            let first = queue.earliest(by: time, limit: count) { _ in true }
            #expect(first == Array(items.prefix(count)))
            var looks = 0
            let through = queue.earliest(through: items[count - 1]) { item in
                looks += 1
                return item.kind == .deadline
            }
            #expect(through == items.prefix(count).filter { $0.kind == .deadline })
            #expect(looks == count)
        }
    }
}

extension Assignment {
    fileprivate static func blank(_ id: AssignmentID, of lead: LeadID) -> Assignment {
        Assignment(
            id: id, lead: lead, leadArrivedAt: .epoch, order: OrderID(1),
            advisor: AdvisorNumber(0), channel: ChannelNumber(0), identity: .person(0),
            category: CategoryNumber(0), categoryVersion: 1, charge: .zero, reservedAt: .epoch,
            channelPayout: .zero, gates: .none)
    }
}
