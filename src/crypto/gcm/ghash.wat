;; GHASH of AES-GCM (NIST SP 800-38D section 6.4). No branch, address or table index depends on a secret; the
;; multiplication of 64 bits by 64, whose time does not depend on them on the processors Node runs on, is all
;; there is besides shifts and masks.
;;
;; A block of 16 octets stands in two words, read big-endian, so that the coefficient of x^0 is the top bit of the
;; high word: everything is mirrored, and the product of two mirrored words is mirrored about one bit less, which
;; the shift by one before the reduction makes up for.
;;
;; Memory: H in octets 0 to 15, the state Y in 16 to 31, blocks from 32 on.
(module
  (memory (export "memory") 1 1)

  ;; The lower 64 bits of the product without carries. Each factor is split in four, with three zeros between any
  ;; two bits: the carries of at most sixteen terms a place run into those zeros, which are masked away, and those
  ;; of the one place with sixteen run out at the top.
  (func $multiplyLow (param $x i64) (param $y i64) (result i64)
    (local $x0 i64) (local $x1 i64) (local $x2 i64) (local $x3 i64)
    (local $y0 i64) (local $y1 i64) (local $y2 i64) (local $y3 i64)
    (local.set $x0 (i64.and (local.get $x) (i64.const 0x1111111111111111)))
    (local.set $x1 (i64.and (local.get $x) (i64.const 0x2222222222222222)))
    (local.set $x2 (i64.and (local.get $x) (i64.const 0x4444444444444444)))
    (local.set $x3 (i64.and (local.get $x) (i64.const 0x8888888888888888)))
    (local.set $y0 (i64.and (local.get $y) (i64.const 0x1111111111111111)))
    (local.set $y1 (i64.and (local.get $y) (i64.const 0x2222222222222222)))
    (local.set $y2 (i64.and (local.get $y) (i64.const 0x4444444444444444)))
    (local.set $y3 (i64.and (local.get $y) (i64.const 0x8888888888888888)))
    (i64.or
      (i64.or
      (i64.and (i64.const 0x1111111111111111)
        (i64.xor
          (i64.xor (i64.mul (local.get $x0) (local.get $y0)) (i64.mul (local.get $x1) (local.get $y3)))
          (i64.xor (i64.mul (local.get $x2) (local.get $y2)) (i64.mul (local.get $x3) (local.get $y1)))))
      (i64.and (i64.const 0x2222222222222222)
        (i64.xor
          (i64.xor (i64.mul (local.get $x0) (local.get $y1)) (i64.mul (local.get $x1) (local.get $y0)))
          (i64.xor (i64.mul (local.get $x2) (local.get $y3)) (i64.mul (local.get $x3) (local.get $y2))))))
      (i64.or
      (i64.and (i64.const 0x4444444444444444)
        (i64.xor
          (i64.xor (i64.mul (local.get $x0) (local.get $y2)) (i64.mul (local.get $x1) (local.get $y1)))
          (i64.xor (i64.mul (local.get $x2) (local.get $y0)) (i64.mul (local.get $x3) (local.get $y3)))))
      (i64.and (i64.const 0x8888888888888888)
        (i64.xor
          (i64.xor (i64.mul (local.get $x0) (local.get $y3)) (i64.mul (local.get $x1) (local.get $y2)))
          (i64.xor (i64.mul (local.get $x2) (local.get $y1)) (i64.mul (local.get $x3) (local.get $y0))))))))

  ;; The bits of a word in the opposite order.
  (func $reverse (param $x i64) (result i64)
    (local.set $x (i64.or
      (i64.shl (i64.and (local.get $x) (i64.const 0x5555555555555555)) (i64.const 1))
      (i64.and (i64.shr_u (local.get $x) (i64.const 1)) (i64.const 0x5555555555555555))))
    (local.set $x (i64.or
      (i64.shl (i64.and (local.get $x) (i64.const 0x3333333333333333)) (i64.const 2))
      (i64.and (i64.shr_u (local.get $x) (i64.const 2)) (i64.const 0x3333333333333333))))
    (local.set $x (i64.or
      (i64.shl (i64.and (local.get $x) (i64.const 0x0f0f0f0f0f0f0f0f)) (i64.const 4))
      (i64.and (i64.shr_u (local.get $x) (i64.const 4)) (i64.const 0x0f0f0f0f0f0f0f0f))))
    (local.set $x (i64.or
      (i64.shl (i64.and (local.get $x) (i64.const 0x00ff00ff00ff00ff)) (i64.const 8))
      (i64.and (i64.shr_u (local.get $x) (i64.const 8)) (i64.const 0x00ff00ff00ff00ff))))
    (local.set $x (i64.or
      (i64.shl (i64.and (local.get $x) (i64.const 0x0000ffff0000ffff)) (i64.const 16))
      (i64.and (i64.shr_u (local.get $x) (i64.const 16)) (i64.const 0x0000ffff0000ffff))))
    (i64.rotl (local.get $x) (i64.const 32)))

  ;; The octets of a word in the opposite order: memory is little-endian.
  (func $swap (param $x i64) (result i64)
    (local.set $x (i64.or
      (i64.shl (i64.and (local.get $x) (i64.const 0x00ff00ff00ff00ff)) (i64.const 8))
      (i64.and (i64.shr_u (local.get $x) (i64.const 8)) (i64.const 0x00ff00ff00ff00ff))))
    (local.set $x (i64.or
      (i64.shl (i64.and (local.get $x) (i64.const 0x0000ffff0000ffff)) (i64.const 16))
      (i64.and (i64.shr_u (local.get $x) (i64.const 16)) (i64.const 0x0000ffff0000ffff))))
    (i64.rotl (local.get $x) (i64.const 32)))

  ;; The upper 63 bits of a product, from the lower ones of the product of the mirrored factors.
  (func $upperOf (param $mirrored i64) (result i64)
    (i64.shr_u (call $reverse (local.get $mirrored)) (i64.const 1)))

  ;; Y = (Y xor block) * H, for each of so many blocks.
  (func (export "ghash") (param $blocks i32)
    (local $from i32)
    ;; High and low word of H and Y, the sum of both for Karatsuba, and all of them mirrored.
    (local $h1 i64) (local $h0 i64) (local $h2 i64) (local $h1r i64) (local $h0r i64) (local $h2r i64)
    (local $y1 i64) (local $y0 i64) (local $y1r i64) (local $y0r i64)
    ;; Products, lower and upper halves; then the four words of the product, the lowest first.
    (local $a i64) (local $b i64) (local $c i64) (local $aUp i64) (local $bUp i64) (local $cUp i64)
    (local $v0 i64) (local $v1 i64) (local $v2 i64) (local $v3 i64)
    (local.set $h1 (call $swap (i64.load (i32.const 0))))
    (local.set $h0 (call $swap (i64.load (i32.const 8))))
    (local.set $h2 (i64.xor (local.get $h1) (local.get $h0)))
    (local.set $h1r (call $reverse (local.get $h1)))
    (local.set $h0r (call $reverse (local.get $h0)))
    (local.set $h2r (i64.xor (local.get $h1r) (local.get $h0r)))
    (local.set $y1 (call $swap (i64.load (i32.const 16))))
    (local.set $y0 (call $swap (i64.load (i32.const 24))))
    (local.set $from (i32.const 32))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $blocks)))
        (local.set $blocks (i32.sub (local.get $blocks) (i32.const 1)))
        (local.set $y1 (i64.xor (local.get $y1) (call $swap (i64.load (local.get $from)))))
        (local.set $y0 (i64.xor (local.get $y0) (call $swap (i64.load offset=8 (local.get $from)))))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (local.set $y1r (call $reverse (local.get $y1)))
        (local.set $y0r (call $reverse (local.get $y0)))

        (local.set $a (call $multiplyLow (local.get $y0) (local.get $h0)))
        (local.set $b (call $multiplyLow (local.get $y1) (local.get $h1)))
        (local.set $c (i64.xor (i64.xor (local.get $a) (local.get $b))
          (call $multiplyLow (i64.xor (local.get $y1) (local.get $y0)) (local.get $h2))))
        (local.set $aUp (call $multiplyLow (local.get $y0r) (local.get $h0r)))
        (local.set $bUp (call $multiplyLow (local.get $y1r) (local.get $h1r)))
        (local.set $cUp (i64.xor (i64.xor (local.get $aUp) (local.get $bUp))
          (call $multiplyLow (i64.xor (local.get $y1r) (local.get $y0r)) (local.get $h2r))))

        (local.set $v0 (local.get $a))
        (local.set $v1 (i64.xor (call $upperOf (local.get $aUp)) (local.get $c)))
        (local.set $v2 (i64.xor (local.get $b) (call $upperOf (local.get $cUp))))
        (local.set $v3 (call $upperOf (local.get $bUp)))

        ;; One bit up, all 256.
        (local.set $v3 (i64.or (i64.shl (local.get $v3) (i64.const 1)) (i64.shr_u (local.get $v2) (i64.const 63))))
        (local.set $v2 (i64.or (i64.shl (local.get $v2) (i64.const 1)) (i64.shr_u (local.get $v1) (i64.const 63))))
        (local.set $v1 (i64.or (i64.shl (local.get $v1) (i64.const 1)) (i64.shr_u (local.get $v0) (i64.const 63))))
        (local.set $v0 (i64.shl (local.get $v0) (i64.const 1)))

        ;; The lower two words modulo x^128 + x^7 + x^2 + x + 1, each in turn.
        (local.set $v2 (i64.xor (local.get $v2) (i64.xor
          (i64.xor (local.get $v0) (i64.shr_u (local.get $v0) (i64.const 1)))
          (i64.xor (i64.shr_u (local.get $v0) (i64.const 2)) (i64.shr_u (local.get $v0) (i64.const 7))))))
        (local.set $v1 (i64.xor (local.get $v1) (i64.xor (i64.shl (local.get $v0) (i64.const 63))
          (i64.xor (i64.shl (local.get $v0) (i64.const 62)) (i64.shl (local.get $v0) (i64.const 57))))))
        (local.set $v3 (i64.xor (local.get $v3) (i64.xor
          (i64.xor (local.get $v1) (i64.shr_u (local.get $v1) (i64.const 1)))
          (i64.xor (i64.shr_u (local.get $v1) (i64.const 2)) (i64.shr_u (local.get $v1) (i64.const 7))))))
        (local.set $v2 (i64.xor (local.get $v2) (i64.xor (i64.shl (local.get $v1) (i64.const 63))
          (i64.xor (i64.shl (local.get $v1) (i64.const 62)) (i64.shl (local.get $v1) (i64.const 57))))))

        (local.set $y0 (local.get $v2))
        (local.set $y1 (local.get $v3))
        (br $next)))
    (i64.store (i32.const 16) (call $swap (local.get $y1)))
    (i64.store (i32.const 24) (call $swap (local.get $y0)))))
