import Foundation
import MarketCore
import MarketTestSupport
import Testing

/// Seeds in plenty, on two cores.
struct SeedRun {
    /// How many seeds a run has unless LEADMARKET_SIMULATION_SEEDS says otherwise.
    static let defaultCount: UInt64 = 300

    /// The seeds to run: one alone if LEADMARKET_SIMULATION_SEED names it.
    static var seeds: [UInt64] {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["LEADMARKET_SIMULATION_SEED"].flatMap(UInt64.init) {
            return [seed]
        }
        let count = environment["LEADMARKET_SIMULATION_SEEDS"].flatMap(UInt64.init)
        return Array(1...max(1, count ?? defaultCount))
    }

    /// Plays `seeds` with two workers; stops each at its first divergence.
    static func play(_ seeds: [UInt64]) async -> (tally: Tally, divergences: [Divergence]) {
        await withTaskGroup(of: (Tally, Divergence?).self) { group in
            for worker in 0..<2 {
                let share = seeds.enumerated().filter { $0.offset % 2 == worker }.map(\.element)
                group.addTask { await playInTurn(share) }
            }
            var tally = Tally()
            var divergences: [Divergence] = []
            for await (part, divergence) in group {
                tally.add(part)
                if let divergence { divergences.append(divergence) }
            }
            return (tally, divergences)
        }
    }

    /// Lets others have the thread after each seed: with two cores two workers would keep all tests
    /// that wait for something from going on.
    private static func playInTurn(_ seeds: [UInt64]) async -> (Tally, Divergence?) {
        var tally = Tally()
        for seed in seeds {
            var simulation = Simulation(seed: seed)
            do throws(Divergence) {
                try simulation.run()
            } catch {
                return (tally, error)
            }
            tally.add(simulation.tally)
            await Task.yield()
        }
        return (tally, nil)
    }
}

@Suite(.timeLimit(.minutes(60)))
struct SimulationTests {
    @Test(
        .rules(
            "R1.3", "R1.4", "R1.5", "R2.1", "R2.2", "R2.3", "R3.1", "R3.2", "R4.3", "R4.4", "R4.5",
            "R5.2", "R5.3", "R5.4", "R5.5", "R6.1", "R6.2", "R6.3", "R6.4", "R6.5", "R7.1", "R7.2",
            "R8.1", "R8.2", "R8.3", "R8.4", "R8.5", "R8.7", "R9.1", "R9.2", "R9.4", "R10.1",
            "R10.2", "R10.3", "R12.1", "R12.2", "R12.3"))
    func `market and model answer every command of every seed alike`() async {
        let seeds = SeedRun.seeds
        let (tally, divergences) = await SeedRun.play(seeds)
        for divergence in divergences { Issue.record(divergence) }
        print(tally.description)
        if seeds.count >= SeedRun.defaultCount {
            #expect(tally.shortfalls(times: 100).isEmpty)
        }
    }
}
