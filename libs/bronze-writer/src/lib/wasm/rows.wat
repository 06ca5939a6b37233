;; What a row of COPY needs byte by byte: where its fields are, its canonical JSON, and the MD5 of that. Sixteen bytes at once, and four hashes at once.
;; `node assemble.mjs` in this project's folder makes rows-module.ts of it. The first 1024 bytes of the memory are this module's, all else is given out by
;; row-kernel.ts. Sixteen bytes are read and written where less is needed: behind every place that is given as one to read or write at there have to be as many more.
(module
  (import "host" "memory" (memory 1))

  ;; ---- Constants -------------------------------------------------------------------------------------------------------------------------------------

  ;; MD5 (RFC 1321): a number for each step, and for each round the four rotations that its steps repeat.
  (data (i32.const 0)
    "\78\a4\6a\d7\56\b7\c7\e8\db\70\20\24\ee\ce\bd\c1\af\0f\7c\f5\2a\c6\87\47\13\46\30\a8\01\95\46\fd"
    "\d8\98\80\69\af\f7\44\8b\b1\5b\ff\ff\be\d7\5c\89\22\11\90\6b\93\71\98\fd\8e\43\79\a6\21\08\b4\49"
    "\62\25\1e\f6\40\b3\40\c0\51\5a\5e\26\aa\c7\b6\e9\5d\10\2f\d6\53\14\44\02\81\e6\a1\d8\c8\fb\d3\e7"
    "\e6\cd\e1\21\d6\07\37\c3\87\0d\d5\f4\ed\14\5a\45\05\e9\e3\a9\f8\a3\ef\fc\d9\02\6f\67\8a\4c\2a\8d"
    "\42\39\fa\ff\81\f6\71\87\22\61\9d\6d\0c\38\e5\fd\44\ea\be\a4\a9\cf\de\4b\60\4b\bb\f6\70\bc\bf\be"
    "\c6\7e\9b\28\fa\27\a1\ea\85\30\ef\d4\05\1d\88\04\39\d0\d4\d9\e5\99\db\e6\f8\7c\a2\1f\65\56\ac\c4"
    "\44\22\29\f4\97\ff\2a\43\a7\23\94\ab\39\a0\93\fc\c3\59\5b\65\92\cc\0c\8f\7d\f4\ef\ff\d1\5d\84\85"
    "\4f\7e\a8\6f\e0\e6\2c\fe\14\43\01\a3\a1\11\08\4e\82\7e\53\f7\35\f2\3a\bd\bb\d2\d7\2a\91\d3\86\eb")
  (data (i32.const 256) "\07\0c\11\16" "\05\09\0e\14" "\04\0b\10\17" "\06\0a\0f\15")
  ;; JSON: what stands behind the backslash for control characters; u where there is no letter.
  (data (i32.const 336) "uuuuuuuubtnufruuuuuuuuuuuuuuuuuu")
  (data (i32.const 368) "0123456789abcdef")
  (data (i32.const 384) "null" "true" "false")

  ;; 512: the words of four blocks, word by word. 768: the states, word by word. 832: of each of the four where its block is, where its message ends, and where its
  ;; digest goes. 896: digests of no message.

  ;; ---- Fields ----------------------------------------------------------------------------------------------------------------------------------------

  ;; Finds the fields between tabs of the row from $at to $end. Writes where each begins and ends (i32) and whether a backslash is in it (a byte).
  ;; Answers how many there are, those beyond $most too, which are not written; negative when a byte of the row is no ASCII.
  (func (export "split") (param $at i32) (param $end i32) (param $starts i32) (param $ends i32) (param $escaped i32) (param $most i32) (result i32)
    (local $bytes v128) (local $found i32) (local $wide i32) (local $left i32) (local $place i32) (local $field i32) (local $from i32) (local $backslash i32)
    (local.set $from (local.get $at))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $bytes (v128.load (local.get $at)))
        (local.set $found
          (i8x16.bitmask
            (v128.or
              (i8x16.eq (local.get $bytes) (v128.const i8x16 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9))
              (i8x16.eq (local.get $bytes) (v128.const i8x16 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92)))))
        (local.set $left (i32.sub (local.get $end) (local.get $at)))
        ;; Nothing behind the end counts.
        (local.set $left (select (i32.const -1) (i32.sub (i32.shl (i32.const 1) (local.get $left)) (i32.const 1)) (i32.gt_u (local.get $left) (i32.const 15))))
        (local.set $found (i32.and (local.get $found) (local.get $left)))
        (local.set $wide (i32.or (local.get $wide) (i32.and (i8x16.bitmask (local.get $bytes)) (local.get $left))))
        (block $searched
          (loop $more
            (br_if $searched (i32.eqz (local.get $found)))
            (local.set $place (i32.add (local.get $at) (i32.ctz (local.get $found))))
            (local.set $found (i32.and (local.get $found) (i32.sub (local.get $found) (i32.const 1))))
            (if (i32.eq (i32.load8_u (local.get $place)) (i32.const 92))
              (then (local.set $backslash (i32.const 1)))
              (else
                (if (i32.lt_u (local.get $field) (local.get $most))
                  (then
                    (i32.store (i32.add (local.get $starts) (i32.shl (local.get $field) (i32.const 2))) (local.get $from))
                    (i32.store (i32.add (local.get $ends) (i32.shl (local.get $field) (i32.const 2))) (local.get $place))
                    (i32.store8 (i32.add (local.get $escaped) (local.get $field)) (local.get $backslash))))
                (local.set $field (i32.add (local.get $field) (i32.const 1)))
                (local.set $from (i32.add (local.get $place) (i32.const 1)))
                (local.set $backslash (i32.const 0))))
            (br $more)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))
    (if (i32.lt_u (local.get $field) (local.get $most))
      (then
        (i32.store (i32.add (local.get $starts) (i32.shl (local.get $field) (i32.const 2))) (local.get $from))
        (i32.store (i32.add (local.get $ends) (i32.shl (local.get $field) (i32.const 2))) (local.get $end))
        (i32.store8 (i32.add (local.get $escaped) (local.get $field)) (local.get $backslash))))
    (local.set $field (i32.add (local.get $field) (i32.const 1)))
    (select (i32.sub (i32.const 0) (local.get $field)) (local.get $field) (local.get $wide)))

  ;; ---- JSON ------------------------------------------------------------------------------------------------------------------------------------------

  ;; Writes the JSON of a row whose fields were found, from $out on, and answers where it ends. $plan to $planEnd has 16 bytes for each member, of which there is one
  ;; at least: where the text before its value is (`,"key":`) and how long that, the field's number, and its form: 0 a string, 1 a number, 2 a truth value.
  ;; Answers 0 for a number or truth value with a backslash in it, which Postgres does not print.
  (func (export "json") (param $plan i32) (param $planEnd i32) (param $starts i32) (param $ends i32) (param $escaped i32) (param $out i32) (result i32)
    (local $at i32) (local $end i32) (local $field i32) (local $form i32) (local $digit i32) (local $backslash i32)
    (loop $next
      (local.set $out (call $copy (local.get $out) (i32.load (local.get $plan)) (i32.add (i32.load (local.get $plan)) (i32.load offset=4 (local.get $plan)))))
      (local.set $field (i32.load offset=8 (local.get $plan)))
      (local.set $form (i32.load offset=12 (local.get $plan)))
      (local.set $at (i32.load (i32.add (local.get $starts) (i32.shl (local.get $field) (i32.const 2)))))
      (local.set $end (i32.load (i32.add (local.get $ends) (i32.shl (local.get $field) (i32.const 2)))))
      (local.set $backslash (i32.load8_u (i32.add (local.get $escaped) (local.get $field))))
      (local.set $plan (i32.add (local.get $plan) (i32.const 16)))
      (block $written
        (if (local.get $backslash)
          (then
            ;; \N alone is null.
            (if (i32.and (i32.eq (i32.sub (local.get $end) (local.get $at)) (i32.const 2)) (i32.eq (i32.load16_u (local.get $at)) (i32.const 0x4e5c)))
              (then
                (i32.store (local.get $out) (i32.load (i32.const 384)))
                (local.set $out (i32.add (local.get $out) (i32.const 4)))
                (br $written)))
            (if (local.get $form) (then (return (i32.const 0))))))
        (if (i32.eq (local.get $form) (i32.const 2))
          (then
            (if (i32.and (i32.eq (i32.sub (local.get $end) (local.get $at)) (i32.const 1)) (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x74)))
              (then (local.set $out (call $copy (local.get $out) (i32.const 388) (i32.const 392))))
              (else (local.set $out (call $copy (local.get $out) (i32.const 392) (i32.const 397)))))
            (br $written)))
        (if (local.get $form)
          (then
            ;; NaN and infinities are no numbers of JSON.
            (local.set $digit (i32.add (local.get $at) (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x2d))))
            (if (i32.and
                  (i32.lt_u (local.get $digit) (local.get $end))
                  (i32.lt_u (i32.sub (i32.load8_u (local.get $digit)) (i32.const 0x30)) (i32.const 10)))
              (then
                (local.set $out (call $copy (local.get $out) (local.get $at) (local.get $end)))
                (br $written)))))
        (local.set $out (call $string (local.get $out) (local.get $at) (local.get $end) (i32.const 92))))
      (br_if $next (i32.lt_u (local.get $plan) (local.get $planEnd))))
    (i32.store8 (local.get $out) (i32.const 0x7d))
    (i32.add (local.get $out) (i32.const 1)))

  ;; Copies the bytes from $at to $end, and up to 15 more behind them. Answers where they end.
  (func $copy (param $out i32) (param $at i32) (param $end i32) (result i32)
    (loop $next
      (v128.store (local.get $out) (v128.load (local.get $at)))
      (local.set $out (i32.add (local.get $out) (i32.const 16)))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (i32.sub (local.get $out) (i32.sub (local.get $at) (local.get $end))))

  ;; A text as a JSON string. $escape is the character that begins escapes in it, which are COPY's: 92, or −1 for a text without.
  (func $string (export "string") (param $out i32) (param $at i32) (param $end i32) (param $escape i32) (result i32)
    (local $bytes v128) (local $plain i32) (local $left i32) (local $byte i32)
    (i32.store8 (local.get $out) (i32.const 0x22))
    (local.set $out (i32.add (local.get $out) (i32.const 1)))
    (block $done
      (loop $next
        ;; All that stands for itself.
        (local.set $left (i32.sub (local.get $end) (local.get $at)))
        (local.set $bytes (v128.load (local.get $at)))
        (v128.store (local.get $out) (local.get $bytes))
        (local.set $plain
          (i32.ctz
            (i32.or
              (i8x16.bitmask
                (v128.or
                  (i8x16.lt_u (local.get $bytes) (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32))
                  (v128.or
                    (i8x16.eq (local.get $bytes) (v128.const i8x16 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34))
                    (i8x16.eq (local.get $bytes) (v128.const i8x16 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92 92)))))
              (i32.const 0x10000))))
        (if (i32.ge_u (local.get $plain) (local.get $left))
          (then
            (local.set $out (i32.add (local.get $out) (local.get $left)))
            (br $done)))
        (local.set $at (i32.add (local.get $at) (local.get $plain)))
        (local.set $out (i32.add (local.get $out) (local.get $plain)))
        (br_if $next (i32.eq (local.get $plain) (i32.const 16)))
        ;; One that doesn't.
        (local.set $byte (i32.load8_u (local.get $at)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (if (i32.eq (local.get $byte) (local.get $escape))
          (then
            (local.set $byte (call $unescaped (i32.load8_u (local.get $at))))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))))
        (local.set $out (call $character (local.get $out) (local.get $byte)))
        (br_if $next (i32.lt_u (local.get $at) (local.get $end)))))
    (i32.store8 (local.get $out) (i32.const 0x22))
    (i32.add (local.get $out) (i32.const 1)))

  ;; What a character behind COPY's backslash stands for: \b \f \n \r \t \v, any other for itself.
  (func $unescaped (param $byte i32) (result i32)
    (if (i32.eq (local.get $byte) (i32.const 0x62)) (then (return (i32.const 8))))
    (if (i32.eq (local.get $byte) (i32.const 0x66)) (then (return (i32.const 12))))
    (if (i32.eq (local.get $byte) (i32.const 0x6e)) (then (return (i32.const 10))))
    (if (i32.eq (local.get $byte) (i32.const 0x72)) (then (return (i32.const 13))))
    (if (i32.eq (local.get $byte) (i32.const 0x74)) (then (return (i32.const 9))))
    (if (i32.eq (local.get $byte) (i32.const 0x76)) (then (return (i32.const 11))))
    (local.get $byte))

  ;; A byte of a JSON string, escaped where it has to be.
  (func $character (param $out i32) (param $byte i32) (result i32)
    (if (i32.ge_u (local.get $byte) (i32.const 0x20))
      (then
        (if (i32.or (i32.eq (local.get $byte) (i32.const 0x22)) (i32.eq (local.get $byte) (i32.const 0x5c)))
          (then
            (i32.store8 (local.get $out) (i32.const 0x5c))
            (local.set $out (i32.add (local.get $out) (i32.const 1)))))
        (i32.store8 (local.get $out) (local.get $byte))
        (return (i32.add (local.get $out) (i32.const 1)))))
    (i32.store8 (local.get $out) (i32.const 0x5c))
    (i32.store8 offset=1 (local.get $out) (i32.load8_u offset=336 (local.get $byte)))
    (if (i32.ne (i32.load8_u offset=336 (local.get $byte)) (i32.const 0x75)) (then (return (i32.add (local.get $out) (i32.const 2)))))
    (i32.store16 offset=2 (local.get $out) (i32.const 0x3030))
    (i32.store8 offset=4 (local.get $out) (i32.load8_u offset=368 (i32.shr_u (local.get $byte) (i32.const 4))))
    (i32.store8 offset=5 (local.get $out) (i32.load8_u offset=368 (i32.and (local.get $byte) (i32.const 15))))
    (i32.add (local.get $out) (i32.const 6)))

  ;; ---- MD5 -------------------------------------------------------------------------------------------------------------------------------------------

  ;; Makes a message from $start to $end one of whole blocks of 64 bytes: a one, zeros, its length in bits. Answers where that ends.
  (func (export "pad") (param $start i32) (param $end i32) (result i32)
    (local $at i32) (local $last i32)
    (local.set $last (i32.add (local.get $start) (i32.and (i32.add (i32.sub (local.get $end) (local.get $start)) (i32.const 72)) (i32.const -64))))
    (i32.store8 (local.get $end) (i32.const 0x80))
    (local.set $at (i32.add (local.get $end) (i32.const 1)))
    (loop $next
      (v128.store (local.get $at) (v128.const i64x2 0 0))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $last))))
    (i64.store (i32.sub (local.get $last) (i32.const 8)) (i64.shl (i64.extend_i32_u (i32.sub (local.get $end) (local.get $start))) (i64.const 3)))
    (local.get $last))

  ;; The messages that are not begun: how many there are, where the next one begins, where (i32) its end stands, and where its digest goes.
  (global $left (mut i32) (i32.const 0))
  (global $next (mut i32) (i32.const 0))
  (global $end (mut i32) (i32.const 0))
  (global $digest (mut i32) (i32.const 0))

  ;; The MD5 of $count messages, one at least, that lie from $first on, one behind the other: message n ends at the n-th of $ends (i32). 16 bytes for each go to
  ;; $digests. Four are hashed side by side; when one is done, the next takes its place. Where there is none, the first block is hashed once more for nothing.
  (func (export "md5") (param $first i32) (param $ends i32) (param $count i32) (param $digests i32)
    (local $lane i32) (local $at i32) (local $step i32) (local $turn i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $sum v128)
    (global.set $left (local.get $count))
    (global.set $next (local.get $first))
    (global.set $end (local.get $ends))
    (global.set $digest (local.get $digests))
    (loop $lanes
      (call $take (local.get $lane) (local.get $first))
      (local.set $lane (i32.add (local.get $lane) (i32.const 4)))
      (br_if $lanes (i32.lt_u (local.get $lane) (i32.const 16))))
    (loop $blocks
      (call $transpose (i32.const 0))
      (call $transpose (i32.const 16))
      (call $transpose (i32.const 32))
      (call $transpose (i32.const 48))
      (local.set $a (v128.load offset=768 (i32.const 0)))
      (local.set $b (v128.load offset=784 (i32.const 0)))
      (local.set $c (v128.load offset=800 (i32.const 0)))
      (local.set $d (v128.load offset=816 (i32.const 0)))
      (local.set $step (i32.const 0))
      (loop $round1
        (local.set $sum (i32x4.add
          (i32x4.add (local.get $a) (v128.bitselect (local.get $c) (local.get $d) (local.get $b)))
          (i32x4.add
            (v128.load32_splat offset=0 (i32.shl (local.get $step) (i32.const 2)))
            (v128.load offset=512 (i32.shl (local.get $step) (i32.const 4))))))
        (local.set $turn (i32.load8_u offset=256 (i32.and (local.get $step) (i32.const 3))))
        (local.set $a (local.get $d))
        (local.set $d (local.get $c))
        (local.set $c (local.get $b))
        (local.set $b (i32x4.add (local.get $b)
          (v128.or (i32x4.shl (local.get $sum) (local.get $turn)) (i32x4.shr_u (local.get $sum) (i32.sub (i32.const 32) (local.get $turn))))))
        (local.set $step (i32.add (local.get $step) (i32.const 1)))
        (br_if $round1 (i32.lt_u (local.get $step) (i32.const 16))))
      (local.set $step (i32.const 0))
      (loop $round2
        (local.set $sum (i32x4.add
          (i32x4.add (local.get $a) (v128.bitselect (local.get $b) (local.get $c) (local.get $d)))
          (i32x4.add
            (v128.load32_splat offset=64 (i32.shl (local.get $step) (i32.const 2)))
            (v128.load offset=512 (i32.shl (i32.and (i32.add (i32.mul (local.get $step) (i32.const 5)) (i32.const 1)) (i32.const 15)) (i32.const 4))))))
        (local.set $turn (i32.load8_u offset=260 (i32.and (local.get $step) (i32.const 3))))
        (local.set $a (local.get $d))
        (local.set $d (local.get $c))
        (local.set $c (local.get $b))
        (local.set $b (i32x4.add (local.get $b)
          (v128.or (i32x4.shl (local.get $sum) (local.get $turn)) (i32x4.shr_u (local.get $sum) (i32.sub (i32.const 32) (local.get $turn))))))
        (local.set $step (i32.add (local.get $step) (i32.const 1)))
        (br_if $round2 (i32.lt_u (local.get $step) (i32.const 16))))
      (local.set $step (i32.const 0))
      (loop $round3
        (local.set $sum (i32x4.add
          (i32x4.add (local.get $a) (v128.xor (local.get $b) (v128.xor (local.get $c) (local.get $d))))
          (i32x4.add
            (v128.load32_splat offset=128 (i32.shl (local.get $step) (i32.const 2)))
            (v128.load offset=512 (i32.shl (i32.and (i32.add (i32.mul (local.get $step) (i32.const 3)) (i32.const 5)) (i32.const 15)) (i32.const 4))))))
        (local.set $turn (i32.load8_u offset=264 (i32.and (local.get $step) (i32.const 3))))
        (local.set $a (local.get $d))
        (local.set $d (local.get $c))
        (local.set $c (local.get $b))
        (local.set $b (i32x4.add (local.get $b)
          (v128.or (i32x4.shl (local.get $sum) (local.get $turn)) (i32x4.shr_u (local.get $sum) (i32.sub (i32.const 32) (local.get $turn))))))
        (local.set $step (i32.add (local.get $step) (i32.const 1)))
        (br_if $round3 (i32.lt_u (local.get $step) (i32.const 16))))
      (local.set $step (i32.const 0))
      (loop $round4
        (local.set $sum (i32x4.add
          (i32x4.add (local.get $a) (v128.xor (local.get $c) (v128.or (local.get $b) (v128.not (local.get $d)))))
          (i32x4.add
            (v128.load32_splat offset=192 (i32.shl (local.get $step) (i32.const 2)))
            (v128.load offset=512 (i32.shl (i32.and (i32.mul (local.get $step) (i32.const 7)) (i32.const 15)) (i32.const 4))))))
        (local.set $turn (i32.load8_u offset=268 (i32.and (local.get $step) (i32.const 3))))
        (local.set $a (local.get $d))
        (local.set $d (local.get $c))
        (local.set $c (local.get $b))
        (local.set $b (i32x4.add (local.get $b)
          (v128.or (i32x4.shl (local.get $sum) (local.get $turn)) (i32x4.shr_u (local.get $sum) (i32.sub (i32.const 32) (local.get $turn))))))
        (local.set $step (i32.add (local.get $step) (i32.const 1)))
        (br_if $round4 (i32.lt_u (local.get $step) (i32.const 16))))
      (v128.store offset=768 (i32.const 0) (i32x4.add (local.get $a) (v128.load offset=768 (i32.const 0))))
      (v128.store offset=784 (i32.const 0) (i32x4.add (local.get $b) (v128.load offset=784 (i32.const 0))))
      (v128.store offset=800 (i32.const 0) (i32x4.add (local.get $c) (v128.load offset=800 (i32.const 0))))
      (v128.store offset=816 (i32.const 0) (i32x4.add (local.get $d) (v128.load offset=816 (i32.const 0))))
      (local.set $lane (i32.const 0))
      (loop $lanes
        (local.set $at (i32.add (i32.load offset=832 (local.get $lane)) (i32.const 64)))
        (i32.store offset=832 (local.get $lane) (local.get $at))
        (if (i32.eq (local.get $at) (i32.load offset=848 (local.get $lane)))
          (then
            (local.set $at (i32.load offset=864 (local.get $lane)))
            (i32.store (local.get $at) (i32.load offset=768 (local.get $lane)))
            (i32.store offset=4 (local.get $at) (i32.load offset=784 (local.get $lane)))
            (i32.store offset=8 (local.get $at) (i32.load offset=800 (local.get $lane)))
            (i32.store offset=12 (local.get $at) (i32.load offset=816 (local.get $lane)))
            (local.set $count (i32.sub (local.get $count) (i32.ne (local.get $at) (i32.const 896))))
            (call $take (local.get $lane) (local.get $first))))
        (local.set $lane (i32.add (local.get $lane) (i32.const 4)))
        (br_if $lanes (i32.lt_u (local.get $lane) (i32.const 16))))
      (br_if $blocks (local.get $count))))

  ;; Begins the next message; the block at $first, whose digest is none, where there is no more.
  (func $take (param $lane i32) (param $first i32)
    (i32.store offset=768 (local.get $lane) (i32.const 0x67452301))
    (i32.store offset=784 (local.get $lane) (i32.const 0xefcdab89))
    (i32.store offset=800 (local.get $lane) (i32.const 0x98badcfe))
    (i32.store offset=816 (local.get $lane) (i32.const 0x10325476))
    (if (i32.eqz (global.get $left))
      (then
        (i32.store offset=832 (local.get $lane) (local.get $first))
        (i32.store offset=848 (local.get $lane) (i32.add (local.get $first) (i32.const 64)))
        (i32.store offset=864 (local.get $lane) (i32.const 896))
        (return)))
    (i32.store offset=832 (local.get $lane) (global.get $next))
    (global.set $next (i32.load (global.get $end)))
    (i32.store offset=848 (local.get $lane) (global.get $next))
    (i32.store offset=864 (local.get $lane) (global.get $digest))
    (global.set $left (i32.sub (global.get $left) (i32.const 1)))
    (global.set $end (i32.add (global.get $end) (i32.const 4)))
    (global.set $digest (i32.add (global.get $digest) (i32.const 16))))

  ;; Four words of each of the four blocks, from byte $from of the blocks on: all first words, then all second ones…
  (func $transpose (param $from i32)
    (local $p v128) (local $q v128) (local $r v128) (local $s v128) (local $t v128) (local $u v128)
    (local.set $p (v128.load (i32.add (i32.load (i32.const 832)) (local.get $from))))
    (local.set $q (v128.load (i32.add (i32.load (i32.const 836)) (local.get $from))))
    (local.set $r (v128.load (i32.add (i32.load (i32.const 840)) (local.get $from))))
    (local.set $s (v128.load (i32.add (i32.load (i32.const 844)) (local.get $from))))
    (local.set $from (i32.shl (local.get $from) (i32.const 2)))
    (local.set $t (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $p) (local.get $q)))
    (local.set $u (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $r) (local.get $s)))
    (v128.store offset=512 (local.get $from) (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $t) (local.get $u)))
    (v128.store offset=528 (local.get $from) (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $t) (local.get $u)))
    (local.set $t (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $p) (local.get $q)))
    (local.set $u (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $r) (local.get $s)))
    (v128.store offset=544 (local.get $from) (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $t) (local.get $u)))
    (v128.store offset=560 (local.get $from) (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $t) (local.get $u)))))
