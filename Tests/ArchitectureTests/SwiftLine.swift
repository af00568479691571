/// A line of Swift taken apart into code and trailing comment.
///
/// Knows string literals of one line, which is enough: a rule that a text over several lines breaks
/// is better broken loudly.
struct SwiftLine {
    /// Everything before the comment.
    var code = ""
    /// The code with its string literals emptied.
    var bareCode = ""
    /// With its slashes; empty when there is none.
    var comment = ""

    init(_ line: String) {
        var inString = false
        var index = line.startIndex
        while index < line.endIndex {
            let character = line[index]
            let next = line.index(after: index)
            if !inString && line[index...].hasPrefix("//") {
                comment = String(line[index...])
                return
            }
            code.append(character)
            if character == "\\", inString, next < line.endIndex {
                code.append(line[next])
                index = line.index(after: next)
                continue
            }
            if character == "\"" { inString.toggle() }
            if character == "\"" || !inString { bareCode.append(character) }
            index = next
        }
    }

    /// Whether the line is nothing but a comment.
    var isComment: Bool { !comment.isEmpty && code.allSatisfy(\.isWhitespace) }
}

extension TextFile {
    /// The comment on line `index` and on the lines just above it, up to the first line of code.
    ///
    /// A declaration may run over several lines, so up to three lines of code without a blank
    /// between are skipped on the way up.
    func commentAround(_ index: Int) -> String {
        var comments = [SwiftLine(lines[index]).comment]
        var codeLinesLeft = 3
        for above in lines[..<index].reversed() {
            let line = SwiftLine(above)
            if line.isComment {
                comments.append(line.comment)
                codeLinesLeft = 0
            } else if above.allSatisfy(\.isWhitespace) || codeLinesLeft == 0 {
                break
            } else {
                codeLinesLeft -= 1
            }
        }
        return comments.reversed().joined(separator: "\n")
    }
}

extension String {
    /// Whether `word` stands in the text with no letter, digit or underscore on either side.
    ///
    /// An end of `word` that is itself no such character may touch anything. ASCII words only.
    func containsWord(_ word: String) -> Bool {
        func isWordByte(_ byte: UInt8) -> Bool {
            let character = Character(Unicode.Scalar(byte))
            return byte < 128
                && (character.isLetter || character.isNumber || byte == UInt8(ascii: "_"))
        }
        let text = Array(utf8)
        let sought = Array(word.utf8)
        guard let first = sought.first, let last = sought.last, text.count >= sought.count else {
            return false
        }
        for start in 0...(text.count - sought.count) where text[start] == first {
            let end = start + sought.count
            guard text[start..<end].elementsEqual(sought) else { continue }
            let continuesBefore = start > 0 && isWordByte(first) && isWordByte(text[start - 1])
            let continuesAfter = end < text.count && isWordByte(last) && isWordByte(text[end])
            if !continuesBefore && !continuesAfter { return true }
        }
        return false
    }
}
