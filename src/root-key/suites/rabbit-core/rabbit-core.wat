;; Root key derivation of suites 0 and 1: Rabbit (RFC 4503, without IV, octets in little-endian order),
;; the paper's extractor and both expanders. `rabbit.ts` and `rabbit-split.ts` beside this folder are the
;; same in TypeScript, and say why. No branch, address or table index depends on a secret.
;;
;; Words of the state stand in the vectors as x0 x2 x4 x6 (even) and x1 x3 x5 x7 (odd), so that the sums of
;; the next-state function are sums of whole vectors.
(module
  (memory (export "memory") 1 1)

  ;; The last two of `blocks` blocks of the keystream; zeros and the block if there is one.
  (func $keystream (param $key v128) (param $blocks i32) (result v128 v128)
    (local $even v128) (local $odd v128)
    ;; Counters in pairs, c0 in the lower half of c01: the counter system is one long addition.
    (local $c01 i64) (local $c23 i64) (local $c45 i64) (local $c67 i64)
    (local $carry i64) (local $term i64)
    (local $low v128) (local $high v128)
    (local $before v128) (local $last v128)
    (local $left i32)
    ;; Kept outside the loop, where the engine would build them anew in each turn. Both rotate words:
    ;; to the next lane and by 16 bits, and by 8 bits in their lane.
    (local $nextLaneBy16 v128) (local $by8 v128)
    (local.set $nextLaneBy16 (v128.const i8x16 14 15 12 13 2 3 0 1 6 7 4 5 10 11 8 9))
    (local.set $by8 (v128.const i8x16 3 0 1 2 7 4 5 6 11 8 9 10 15 12 13 14))

    ;; Key set-up (section 2.3), with the key as k0..k7 of 16 bits: x0 x2 x4 x6 are the key as it is.
    (local.set $even (local.get $key))
    (local.set $odd
      (i8x16.shuffle 10 11 12 13 14 15 0 1 2 3 4 5 6 7 8 9 (local.get $key) (local.get $key)))
    (local.set $low
      (i8x16.shuffle 10 11 8 9 4 5 2 3 14 15 12 13 8 9 6 7 (local.get $key) (local.get $key)))
    (local.set $high
      (i8x16.shuffle 2 3 0 1 12 13 10 11 6 7 4 5 0 1 14 15 (local.get $key) (local.get $key)))
    (local.set $c01 (i64x2.extract_lane 0 (local.get $low)))
    (local.set $c23 (i64x2.extract_lane 1 (local.get $low)))
    (local.set $c45 (i64x2.extract_lane 0 (local.get $high)))
    (local.set $c67 (i64x2.extract_lane 1 (local.get $high)))

    ;; Four iterations of the set-up, one for each block.
    (local.set $left (i32.add (local.get $blocks) (i32.const 4)))
    (loop $iterate
      ;; Counter system (section 2.5). Constant and carry together never overflow, so the sum is below
      ;; them exactly if there is a carry out.
      (local.set $term (i64.add (i64.const 0xD34D34D34D34D34D) (local.get $carry)))
      (local.set $c01 (i64.add (local.get $c01) (local.get $term)))
      (local.set $carry (i64.extend_i32_u (i64.lt_u (local.get $c01) (local.get $term))))
      (local.set $term (i64.add (i64.const 0x4D34D34D34D34D34) (local.get $carry)))
      (local.set $c23 (i64.add (local.get $c23) (local.get $term)))
      (local.set $carry (i64.extend_i32_u (i64.lt_u (local.get $c23) (local.get $term))))
      (local.set $term (i64.add (i64.const 0x34D34D34D34D34D3) (local.get $carry)))
      (local.set $c45 (i64.add (local.get $c45) (local.get $term)))
      (local.set $carry (i64.extend_i32_u (i64.lt_u (local.get $c45) (local.get $term))))
      (local.set $term (i64.add (i64.const 0xD34D34D34D34D34D) (local.get $carry)))
      (local.set $c67 (i64.add (local.get $c67) (local.get $term)))
      (local.set $carry (i64.extend_i32_u (i64.lt_u (local.get $c67) (local.get $term))))

      ;; x + c
      (local.set $low (i64x2.replace_lane 1 (i64x2.splat (local.get $c01)) (local.get $c23)))
      (local.set $high (i64x2.replace_lane 1 (i64x2.splat (local.get $c45)) (local.get $c67)))
      (local.set $even (i32x4.add (local.get $even)
        (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27 (local.get $low) (local.get $high))))
      (local.set $odd (i32x4.add (local.get $odd)
        (i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31 (local.get $low) (local.get $high))))

      ;; g: low word XOR high word of the square (section 2.6)
      (local.set $low (i64x2.extmul_low_i32x4_u (local.get $even) (local.get $even)))
      (local.set $high (i64x2.extmul_high_i32x4_u (local.get $even) (local.get $even)))
      (local.set $even (v128.xor
        (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27 (local.get $low) (local.get $high))
        (i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31 (local.get $low) (local.get $high))))
      (local.set $low (i64x2.extmul_low_i32x4_u (local.get $odd) (local.get $odd)))
      (local.set $high (i64x2.extmul_high_i32x4_u (local.get $odd) (local.get $odd)))
      (local.set $odd (v128.xor
        (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27 (local.get $low) (local.get $high))
        (i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31 (local.get $low) (local.get $high))))

      ;; Next state (section 2.6). Even j: g[j] + (g[j-1] <<< 16) + (g[j-2] <<< 16).
      (local.set $low (i32x4.add (local.get $even) (i32x4.add
        (i8x16.swizzle (local.get $odd) (local.get $nextLaneBy16))
        (i8x16.swizzle (local.get $even) (local.get $nextLaneBy16)))))
      ;; Odd j: g[j] + (g[j-1] <<< 8) + g[j-2].
      (local.set $odd (i32x4.add (local.get $odd) (i32x4.add
        (i8x16.swizzle (local.get $even) (local.get $by8))
        (i8x16.shuffle 12 13 14 15 0 1 2 3 4 5 6 7 8 9 10 11 (local.get $odd) (local.get $odd)))))
      (local.set $even (local.get $low))

      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (if (i32.eq (local.get $left) (local.get $blocks))
        (then
          ;; End of the set-up: c[j] takes x[(j + 4) mod 8].
          (local.set $low
            (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $even) (local.get $odd)))
          (local.set $high
            (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $even) (local.get $odd)))
          (local.set $c01 (i64.xor (local.get $c01) (i64x2.extract_lane 0 (local.get $high))))
          (local.set $c23 (i64.xor (local.get $c23) (i64x2.extract_lane 1 (local.get $high))))
          (local.set $c45 (i64.xor (local.get $c45) (i64x2.extract_lane 0 (local.get $low))))
          (local.set $c67 (i64.xor (local.get $c67) (i64x2.extract_lane 1 (local.get $low))))))
      (if (i32.lt_s (local.get $left) (local.get $blocks))
        (then
          ;; Extraction (section 2.7): each word of x0 x2 x4 x6 with a high half and a low half of the others.
          (local.set $before (local.get $last))
          (local.set $last (v128.xor (local.get $even)
            (i8x16.shuffle 10 11 4 5 14 15 8 9 2 3 12 13 6 7 0 1 (local.get $odd) (local.get $odd))))))
      (br_if $iterate (local.get $left)))
    (local.get $before)
    (local.get $last))

  ;; R(key): the first block.
  (func $block (param $key v128) (result v128)
    (local $block v128)
    (call $keystream (local.get $key) (i32.const 1))
    (local.set $block)
    (drop)
    (local.get $block))

  ;; Replaces the key of 16 octets at `at` by the first 32 octets of its keystream: for known answers.
  (func (export "keystream") (param $at i32)
    (local $first v128) (local $second v128)
    (call $keystream (v128.load (local.get $at)) (i32.const 2))
    (local.set $second)
    (local.set $first)
    (v128.store (local.get $at) (local.get $first))
    (v128.store offset=16 (local.get $at) (local.get $second)))

  ;; Derives from `count` >= 1 records at `records`, each the old NwkKey, the old AppKey and `contextBlocks`
  ;; blocks of 16 octets. At `keys` there is for each the new NwkKey and the new AppKey, and after the last
  ;; one its key derivation key. Every record is zeros then.
  (func (export "derive") (param $records i32) (param $keys i32) (param $count i32)
    (param $contextBlocks i32) (param $isSplit i32)
    (local $appKey v128) (local $kdk v128) (local $newNwkKey v128) (local $newAppKey v128)
    (local $left i32)
    (loop $record
      ;; Extractor: F(0) = 0, F(i + 1) = R(B(i) XOR F(i)); the first B is the old NwkKey.
      (local.set $kdk (call $block (v128.load (local.get $records))))
      (local.set $appKey (v128.load offset=16 (local.get $records)))
      (v128.store (local.get $records) (v128.const i64x2 0 0))
      (v128.store offset=16 (local.get $records) (v128.const i64x2 0 0))
      (local.set $records (i32.add (local.get $records) (i32.const 32)))
      (local.set $left (local.get $contextBlocks))
      (block $chained
        (loop $chain
          (br_if $chained (i32.eqz (local.get $left)))
          (local.set $kdk (call $block (v128.xor (local.get $kdk) (v128.load (local.get $records)))))
          (v128.store (local.get $records) (v128.const i64x2 0 0))
          (local.set $records (i32.add (local.get $records) (i32.const 16)))
          (local.set $left (i32.sub (local.get $left) (i32.const 1)))
          (br $chain)))

      (if (local.get $isSplit)
        (then
          ;; Suite 0: each block of the expander is half key derivation key, half old AppKey.
          (local.set $newNwkKey (call $block
            (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $kdk) (local.get $appKey))))
          (local.set $newAppKey (call $block (v128.xor (local.get $newNwkKey)
            (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $kdk) (local.get $appKey))))))
        (else
          ;; Suite 1: two blocks of one keystream.
          (call $keystream (v128.xor (call $block (local.get $kdk)) (local.get $appKey)) (i32.const 2))
          (local.set $newAppKey)
          (local.set $newNwkKey)))

      (v128.store (local.get $keys) (local.get $newNwkKey))
      (v128.store offset=16 (local.get $keys) (local.get $newAppKey))
      (local.set $keys (i32.add (local.get $keys) (i32.const 32)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (br_if $record (local.get $count)))
    (v128.store (local.get $keys) (local.get $kdk)))
)
