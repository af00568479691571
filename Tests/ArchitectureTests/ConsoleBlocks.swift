/// One command of a fenced block in a document, split at blanks.
struct DocumentedCommand: Equatable, Sendable {
    /// Of the line it begins on, from 1.
    var line: Int
    var words: [String]

    /// The program without its folder, and its arguments.
    var program: String { String(words[0].split(separator: "/").last ?? "") }
    var arguments: ArraySlice<String> { words.dropFirst() }
}

extension TextFile {
    /// The commands in the `console` and `sh` blocks of this document.
    ///
    /// In `console` blocks they follow a `$ ` prompt and the rest is output; in `sh` blocks every
    /// line is a command. A trailing backslash continues a line; `&&`, `||`, `;` and `|` separate
    /// commands; `sudo` and leading `NAME=value` words are left out.
    var documentedCommands: [DocumentedCommand] {
        var commands: [DocumentedCommand] = []
        var language: String?
        var pending: (line: Int, text: String)?
        for (index, line) in lines.enumerated() {
            let text = line.drop { $0 == " " }
            if text.hasPrefix("```") {
                language = language == nil ? String(text.drop { $0 == "`" }) : nil
                pending = nil
                continue
            }
            let piece: Substring
            if pending != nil {
                piece = text
            } else if language == "console" && text.hasPrefix("$ ") {
                piece = text.dropFirst(2)
            } else if language == "sh" {
                piece = text
            } else {
                continue
            }
            let start = pending ?? (index + 1, "")
            if piece.hasSuffix("\\") {
                pending = (start.line, start.text + piece.dropLast() + " ")
            } else {
                commands += Self.commands(in: start.text + piece, line: start.line)
                pending = nil
            }
        }
        return commands
    }

    private static func commands(in text: String, line: Int) -> [DocumentedCommand] {
        let words = text.replacing(";", with: " ; ").split(separator: " ").map(String.init)
        let uncommented = words.prefix { !$0.hasPrefix("#") }
        return uncommented.split { ["&&", "||", ";", "|"].contains($0) }.compactMap { command in
            let bare = command.drop { word in
                word == "sudo" || (!word.hasPrefix("-") && word.contains("="))
            }
            return bare.isEmpty ? nil : DocumentedCommand(line: line, words: Array(bare))
        }
    }
}
