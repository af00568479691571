/// The interface as an OpenRPC document, for tools that read such: the answer to `rpc.discover`.
public enum OpenRPC {
    /// The version of the OpenRPC specification that the document follows.
    public static let specification = "1.3.2"

    /// The document.
    ///
    /// - Parameter version: the daemon's.
    public static func document(version: String) -> JSONObject {
        [
            "openrpc": .string(specification),
            "info": [
                "title": "leadmarket", "version": .string(version),
                "license": ["name": "Apache-2.0"],
            ],
            "methods": .array(Catalogue.methods.map { .object(describe($0)) }),
        ]
    }

    private static func describe(_ method: Method) -> JSONObject {
        let parameters = method.allParameters.map { member -> JSONValue in
            [
                "name": .string(member.name), "description": .string(member.meaning),
                "required": .bool(member.isRequired),
                "schema": .object(member.type.schema(.request)),
            ]
        }
        let errors = method.allErrors.map { code -> JSONValue in
            [
                "code": .integer(Int64(code.rawValue)), "message": .string(code.definition.meaning),
                "data": ["reason": .string(code.reason)],
            ]
        }
        let example = method.example.members.map { member -> JSONValue in
            ["name": .string(member.name), "value": member.value]
        }
        return [
            "name": .string(method.name), "summary": .string(method.summary),
            "tags": [["name": .string(method.noun)]], "paramStructure": "by-name",
            "params": .array(parameters),
            "result": [
                "name": "result", "schema": .object(ValueType.objectSchema(method.result, .reply)),
            ],
            "errors": .array(errors),
            "examples": [["name": .string(method.name), "params": .array(example)]],
            "x-roles": .array(method.roles.map { .string($0.word) }),
            "x-mutating": .bool(method.kind == .mutation),
        ]
    }
}
