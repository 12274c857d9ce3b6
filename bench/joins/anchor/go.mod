module warren/bench/joins/anchor

go 1.19

require github.com/brocaar/lorawan v0.0.0-20240507141140-a18a1037da07
