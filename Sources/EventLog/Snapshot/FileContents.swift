internal import Glibc

/// What a file holds, to be read where the system keeps it: nothing is copied, and memory is taken for
/// none of it that is in the page cache already.
///
/// The whole file is brought into memory when this is made, so that a disk that cannot read it is an
/// error then, and not the end of the process later.
///
/// Sharing it is safe because nobody writes to the bytes: the files read this way are put in their
/// place whole, and never changed there.
@safe
final class FileContents: @unchecked Sendable {
    private let region: UnsafeRawBufferPointer

    /// Maps the file at `path`; where the system does not bring it in at once, it is read into memory.
    init(of path: String) throws(EventLogError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", path) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .system("fstat", path) }
        let count = status.st_size
        guard count > 0 else {
            unsafe region = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        if let mapped = unsafe Self.map(count, PROT_READ, MAP_PRIVATE, descriptor) {
            if unsafe madvise(mapped.baseAddress, count, MADV_POPULATE_READ) == 0 {
                unsafe region = UnsafeRawBufferPointer(mapped)
                return
            }
            unsafe munmap(mapped.baseAddress, count)
        }
        guard
            let memory = unsafe Self.map(
                count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1)
        else { throw .system("mmap", path) }
        unsafe region = UnsafeRawBufferPointer(memory)
        try unsafe Self.read(descriptor, into: memory, path)
    }

    deinit {
        if let start = unsafe region.baseAddress {
            unsafe munmap(UnsafeMutableRawPointer(mutating: start), region.count)
        }
    }

    /// The bytes.
    var bytes: RawSpan {
        @_lifetime(borrow self)
        get { unsafe overrideLifetime(region.bytes, borrowing: self) }
    }

    private static func map(
        _ count: Int, _ protection: Int32, _ flags: Int32, _ descriptor: Int32
    ) -> UnsafeMutableRawBufferPointer? {
        let start = unsafe mmap(nil, count, protection, flags, descriptor, 0)
        guard unsafe start != MAP_FAILED else { return nil }
        return unsafe UnsafeMutableRawBufferPointer(start: start, count: count)
    }

    /// Fills `memory`; what a file that became shorter does not hold is left zero.
    private static func read(
        _ descriptor: Int32, into memory: UnsafeMutableRawBufferPointer, _ path: String
    ) throws(EventLogError) {
        var done = 0
        while done < memory.count {
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[done...])
            let received = unsafe Glibc.read(descriptor, rest.baseAddress, rest.count)
            if received < 0 {
                if errno == EINTR { continue }
                throw .system("read", path)
            }
            if received == 0 { return }
            done += received
        }
    }
}
