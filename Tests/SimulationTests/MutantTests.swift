import MarketCore
import Testing

/// The simulation can fail: a model that forgets a rule is told from the market.
struct MutantTests {
    @Test(arguments: Rule.allCases)
    func `a model that forgets a rule is found out`(rule: Rule) {
        let found = (1...SeedRun.defaultCount).contains { seed in
            guard seed % Simulation.floodInterval != 0 else { return false }
            var simulation = Simulation(seed: seed, forgetting: rule)
            // Here answers count alone; that all else is right, the other test shows.
            simulation.isThorough = false
            do throws(Divergence) {
                try simulation.run()
                return false
            } catch {
                return error.market != nil
            }
        }
        #expect(found, "\(rule.rawValue) can be forgotten unnoticed")
    }
}
