extension APIDocument {
    static let introduction = """
        # The socket interface

        This document is made from the method catalogue in Sources/MarketRPC/Catalogue by `make docs`; do not edit it.

        JSON-RPC 2.0 over a Unix stream socket, one message a line. By hand:

        ```console
        $ socat - UNIX-CONNECT:/run/leadmarket/market.sock
        {"jsonrpc":"2.0","id":1,"method":"market.health"}
        ```

        Each line that follows here as an example can be sent like that. A first session as operator, on an empty market:

        ```json
        {"jsonrpc":"2.0","id":1,"method":"market.apply","params":{"configuration":{"attributes":[{"name":"ownsHouse","kind":"flag"}],"categories":[{"name":"homeOwner","qualification":{"ownsHouse":true},"ladder":[{"maxAge":"5m","priceFen":6000},{"maxAge":"1d","priceFen":4000}]}],"channels":[{"name":"partner-a","payoutFen":1200}]}}}
        {"jsonrpc":"2.0","id":2,"method":"advisor.register","params":{"advisor":"adv-17","institution":"Xihu Consumer Finance"}}
        {"jsonrpc":"2.0","id":3,"method":"account.deposit","params":{"advisor":"adv-17","amountFen":500000}}
        {"jsonrpc":"2.0","id":4,"method":"order.place","params":{"advisor":"adv-17","category":"homeOwner","quantity":10}}
        {"jsonrpc":"2.0","id":5,"method":"lead.submit","params":{"channel":"partner-a","phone":"13800138000","attributes":{"ownsHouse":true},"consent":{"givenAt":"2026-11-21T20:09:30+08:00","agreementSha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}}}
        ```

        On a market with the supplied clock each of them needs `at` too.
        """

    static let conventions = """
        ## Conventions

        - **Messages.** UTF-8, at most 1 MiB a line, nested at most 64 deep; `\\n` ends a line. Batches and \
        notifications are as JSON-RPC 2.0 says. Replies carry the request's `id` and may come in another order; changes \
        of one connection are decided in the order sent. A message that is wrong gets an error and the connection lives \
        on; only a line beyond the limit closes it.
        - **Parameters** go by name. Unknown and repeated ones are errors, and `null` never stands for an absent one. In \
        the tables `?` marks what may be absent.
        - **Roles.** The kernel vouches for the user at the other end, and the daemon's configuration maps users and \
        groups to roles: frontend, supplier (of one channel), operator, auditor. Auditors never see contact data.
        - **Money** is a whole number of fen, 1/100 yuan: `priceFen`.
        - **Times** are RFC 3339 text with an offset or integer microseconds since 1970 in requests, RFC 3339 text in \
        UTC in replies.
        - **Durations** are a whole number and `us`, `ms`, `s`, `m`, `h` or `d`: `"5m"`, `"30d"`; at most `36500d`.
        - **Time-outs** are `true` for the usual one, `false` for none, or a duration.
        - **Windows** of orders name a weekday (`monday` or 1 to `sunday` or 7) and times of day in market-local time.
        - **Names** of advisors, categories, channels, payees and attributes have 1 to 64 letters, digits, dots, \
        underscores or hyphens. Leads, orders and assignments have numbers: the log positions of the events that made \
        them, below 2^53.
        - **Lists** take `limit` (1 to 1000, 100 by default) and an opaque `cursor`.
        - **Changes** (methods that change the market) also take `idempotencyKey`? (1 to 64 bytes): a repetition with \
        the same key and parameters gets the first answer again, and one with other parameters an error. On a market \
        with the supplied clock they require `at`, the time of the change, equal to or after the last; on the real clock \
        they refuse it. Each reply is sent after the change is on disk and has `position`. While the market has more work \
        than it can queue a change is answered `overloaded`, before its parameters are looked at or after, and so is a \
        repetition of one that was answered already: nothing was changed by it, ask again.
        - **Looks** (the others that read the market) also take `atLeast`?, a position from such a reply: they answer \
        once that change is visible.
        """

    static let notations = """
        ## Attributes and filters

        Each market declares its attributes; `market.info` lists them. A lead's `attributes` give a value for any of \
        them: true or false for a flag, a whole number for an integer, a word for a choice, a code for a region:

        ```json
        {"ownsHouse":true,"age":34,"employment":"employee","region":"330106"}
        ```

        A filter is an object of conditions, all of which must hold; one on an attribute that the lead leaves out does \
        not hold, and an empty filter takes every lead. An integer takes `minimum` and `maximum`, inclusive, either of \
        which may be absent; a choice or region takes one word or a list of them, and a region code covers all longer \
        codes under it:

        ```json
        {"ownsHouse":true,"age":{"minimum":25,"maximum":55},"employment":["employee","publicServant"],"region":"3301"}
        ```
        """
}
