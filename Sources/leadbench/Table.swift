import ArgumentParser
import MarketRPC
import MarketTools

struct Table: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the table of speed targets with what was measured, as Markdown.",
        discussion: """
            Reads lines such as {"row":"replay","value":1200000,"unit":"events/s"}, one for each time that a figure \
            was taken; `make bench` makes them. Other lines are passed over.
            """)

    @Argument(help: "Files of measurements.") var files: [String]

    func run() async {
        await ending { () throws(ToolError) in
            var table = SpeedTable()
            for path in files {
                for line in try RunComparison.read(path: path) {
                    if !table.add(run: line) { _ = table.add(line) }
                }
            }
            StandardOutput.write(table.markdown + "\n" + table.summary)
        }
    }
}
