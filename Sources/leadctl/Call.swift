import ArgumentParser
import MarketRPC
import MarketTools

struct Call: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Call a method with parameters as JSON and show the result as JSON.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The method, such as market.health.") var method: String
    @Argument(help: "Its parameters as a JSON object.") var parameters: String = "{}"
    @Option(help: "How many seconds to wait for the answer.") var timeout: Int = 30

    func run() async {
        await ending { () throws(ToolError) in
            let value = try MethodArguments.json(parameters, name: "the parameters")
            guard case .object(let object) = value else {
                throw .usage("the parameters must be a JSON object")
            }
            let result = try await connection.connect().call(
                method, object, timeout: .seconds(timeout))
            show(result.line)
        }
    }
}
