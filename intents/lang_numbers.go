package intents

import (
	"math/big"
	"strings"
	"unicode/utf8"
)

// Number words of other languages. A table has entries such as "2 dos", "x100 cien" (multiplies the units before it) and
// "X1000 mil" (multiplies all before it). A ~ after a word says that it is a word of its own too, and counts only before what
// can be counted; a - within one stands for a space.
//
// What is read must be the whole number: a number word that is left over beside an amount would change it silently. So a run of
// number words that does not add up, or that stands beside a word that makes it vague, is an amount that can't be read.

// numeral is one number word.
type numeral struct {
	value *big.Rat
	times byte // 'x' multiplies the units before it, 'X' all before it, 0 adds
	shy   bool // a word of its own too
	inner bool // a number only as a part of a longer one
}

// numberForm is how a language puts numbers together.
type numberForm struct {
	joined   bool            // words are written together: zweihundert, 二百
	joiners  map[string]bool // between number words: y, und
	clips    bool            // the last power may be left out: 三百五 for 350
	inverted bool            // units stand before tens: fünfundzwanzig
	points   map[string]bool // the decimal mark as a word: coma
	halves   []string        // phrases that add a half: y medio
	counters map[string]bool // stand between a number and what is counted: 个
	vague    map[string]bool // beside a number make it vague: 几
	percent  map[string]bool // stand before a number and make it a percentage: yüzde
}

func numbersOf(list string) map[string]numeral {
	table := map[string]numeral{}
	for entry := range strings.SplitSeq(list, ",") {
		fields := strings.Fields(entry)
		if len(fields) == 0 {
			continue
		}
		digits, n := fields[0], numeral{}
		if digits[0] == 'x' || digits[0] == 'X' {
			n.times, digits = digits[0], digits[1:]
		}
		n.value, _ = new(big.Rat).SetString(digits)
		for _, w := range fields[1:] {
			word := strings.TrimRight(w, "~^")
			n.shy, n.inner = strings.HasSuffix(w, "~"), strings.HasSuffix(w, "^")
			table[fold(strings.ReplaceAll(word, "-", " "))] = n
		}
	}
	return table
}

// sum adds number words up as they come.
type sum struct {
	total, section, cur *big.Rat
	limit               *big.Rat // the next number added must be less; nil: any
	words               int
	inverted            bool
	power               *big.Rat // the last word multiplied by this
	clipped             bool     // the last word is a bare unit right after a power: 三百五 may be 350
}

func newSum(inverted bool) *sum {
	return &sum{total: new(big.Rat), section: new(big.Rat), cur: new(big.Rat), inverted: inverted}
}

var (
	ten     = big.NewRat(10, 1)
	twenty  = big.NewRat(20, 1)
	hundred = big.NewRat(100, 1)
)

// add takes one more number word, and reports whether it fits what came before.
func (s *sum) add(n numeral, joined bool) bool {
	if n.times == 0 && n.value.Sign() == 0 && s.words > 0 {
		s.power = nil
		return true
	}
	power := s.power
	s.power, s.clipped = nil, false
	switch n.times {
	case 'x', 'X':
		by := s.cur
		if n.times == 'X' {
			by = new(big.Rat).Add(s.section, s.cur)
		}
		if by.Sign() == 0 {
			by = big.NewRat(1, 1)
		}
		made := new(big.Rat).Mul(by, n.value)
		if n.times == 'x' {
			if s.section.Sign() > 0 && s.cur.Cmp(n.value) >= 0 || s.section.Sign() > 0 && lowest(s.section).Cmp(made) <= 0 {
				return false
			}
			s.section, s.cur = s.section.Add(s.section, made), new(big.Rat)
		} else {
			if s.total.Sign() > 0 && lowest(s.total).Cmp(made) <= 0 {
				return false
			}
			s.total, s.section, s.cur = s.total.Add(s.total, made), new(big.Rat), new(big.Rat)
		}
		s.limit, s.power = n.value, n.value
	default:
		backwards := s.inverted && joined && s.cur.Sign() > 0 && s.cur.Cmp(ten) < 0 && n.value.Cmp(twenty) >= 0 && n.value.Cmp(hundred) < 0
		if !backwards && s.limit != nil && n.value.Cmp(s.limit) >= 0 {
			return false
		}
		if s.cur.Cmp(hundred) >= 0 {
			s.section, s.cur = s.section.Add(s.section, s.cur), new(big.Rat)
		}
		s.clipped = power != nil && power.Cmp(hundred) >= 0 && n.value.Cmp(ten) < 0
		if s.cur.Sign() > 0 {
			s.cur = new(big.Rat).Add(s.cur, n.value)
		} else {
			s.cur = new(big.Rat).Set(n.value)
		}
		s.limit = roomAfter(n.value)
		if backwards {
			s.limit = new(big.Rat)
		}
	}
	s.words++
	return true
}

func (s *sum) value() *big.Rat {
	v := new(big.Rat).Add(s.total, s.section)
	return v.Add(v, s.cur)
}

// lowest is the place of the last digit of a whole number that is not zero: 1000 of 21000.
func lowest(r *big.Rat) *big.Rat {
	digits := strings.TrimRight(r.Num().String(), "0")
	zeros := len(r.Num().String()) - len(digits)
	return new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(zeros)), nil))
}

// roomAfter is what a number that follows directly must be less than: 10 after twenty, 100 after two hundred, nothing after five.
func roomAfter(v *big.Rat) *big.Rat {
	if !v.IsInt() || v.Cmp(twenty) < 0 && v.Cmp(ten) != 0 {
		return new(big.Rat)
	}
	if s := v.Num().String(); s == "60" || s == "80" { // soixante-quinze, quatre-vingt-dix
		return twenty
	}
	return lowest(v)
}

// numeralAt reads number words, or digits before number words, from raw word i on. It returns how many words they are, and the
// number; the number is empty where it can't be read for sure.
func (t *tongue) numeralAt(ws []word, i int, countable func(int) bool) (string, int) {
	v, s := t.read(), newSum(t.form.inverted)
	at, joined, shy, extended := i, false, true, false
	limit := func(k int) bool { return k < len(ws) && ws[k].own == ws[i].own && !(ws[k].breaks && k > i) }
	for limit(at) {
		w := ws[at]
		if w.kind == digits {
			value, readable := parseDigits(w.norm)
			if !readable || at > i && !(t.form.joined && w.glued) {
				break
			}
			r, _ := new(big.Rat).SetString(value)
			if !s.add(numeral{value: r}, false) {
				return "", at + 1 - i
			}
			s.limit = new(big.Rat)
			at, shy = at+1, false
			continue
		}
		n, parts, taken := t.numberWord(ws, at, v)
		if taken == 0 {
			if k := at + 1; at > i && limit(k) && (t.form.joiners[fold(w.norm)] || w.norm == "-" && w.glued) && !joined && s.words > 0 {
				if _, _, more := t.numberWord(ws, k, v); more > 0 && (ws[k].kind == letters) {
					joined, at = true, k
					continue
				}
			}
			break
		}
		if len(parts) > 0 {
			whole := newSum(t.form.inverted)
			if !whole.addAll(parts) || s.limit != nil && whole.value().Cmp(s.limit) >= 0 {
				if at == i {
					return "", 1
				}
				return "", at + taken - i
			}
			for _, part := range parts {
				s.add(part, part.times == 0 && t.form.inverted)
			}
			shy = false
		} else {
			if at == i+1 && ws[i].kind == digits && n.times == 0 { // 5 dos: two numbers
				break
			}
			if !s.add(n, joined) {
				return "", at + taken - i
			}
			shy = shy && n.shy && s.words == 1
		}
		at, joined, extended = at+taken, false, true
	}
	if joined {
		at--
	}
	if !extended || at == i {
		return t.vaguely(ws, i)
	}
	value := s.value()
	if n, frac := t.pointed(ws, at, v); n > 0 {
		value, at = value.Add(value, frac), at+n
	} else if n := t.halfAt(ws, at); n > 0 {
		value, at = value.Add(value, big.NewRat(1, 2)), at+n
		if m, _, k := t.numberWord(ws, at, v); k > 0 && m.times != 0 {
			value, at = value.Mul(value, m.value), at+k
		}
	}
	if shy && !countable(at) {
		return "", 0
	}
	said, exact := decimal(value)
	if !exact || t.form.clips && s.clipped || t.unsure(ws, i, at, v) {
		said = ""
	}
	if at < len(ws) && t.form.counters[ws[at].norm] {
		at++
		if n := t.halfAt(ws, at); n > 0 && said != "" && !strings.Contains(said, ".") { // 两个半
			return said + ".5", at + n - i
		}
	}
	return said, at - i
}

// addAll adds the parts of one written word.
func (s *sum) addAll(parts []numeral) bool {
	for _, n := range parts {
		if !s.add(n, true) {
			return false
		}
	}
	return true
}

// vaguely reads plain digits that a word makes vague (100多), or that a counter follows (5个).
func (t *tongue) vaguely(ws []word, i int) (string, int) {
	if ws[i].kind != digits {
		return "", 0
	}
	value, readable := parseDigits(ws[i].norm)
	next := i + 1
	if next < len(ws) && t.form.vague[ws[next].norm] || i > 0 && t.form.vague[ws[i-1].norm] {
		return "", 1
	}
	if readable && next < len(ws) && t.form.counters[ws[next].norm] {
		return value, 2
	}
	if readable && next < len(ws) && len(ws[i].norm) <= 3 && ws[next].kind == digits && !ws[next].glued { // 1 500,25
		if whole, frac, ok := strings.Cut(ws[next].norm, ","); ok && len(whole) == 3 && strings.Trim(whole+frac, "0123456789") == "" {
			return value + whole + "." + frac, 2
		}
	}
	if n := t.halfAt(ws, next); n > 0 && readable && !strings.Contains(value, ".") {
		return value + ".5", 1 + n
	}
	return "", 0
}

// unsure reports whether a word beside a number may change it.
func (t *tongue) unsure(ws []word, from, to int, v *vocabulary) bool {
	if to < len(ws) && t.form.vague[ws[to].norm] || from > 0 && t.form.vague[ws[from-1].norm] {
		return true
	}
	left := func(i int) bool { // a number word that the run left over
		_, number := v.numbers[fold(ws[i].norm)]
		return number && t.form.joined
	}
	if v.slipped(ws, from-1) || v.slipped(ws, to) {
		return true
	}
	if from > 0 && ws[from].glued && left(from-1) || to < len(ws) && ws[to].glued && left(to) {
		return true
	}
	first, known := v.numbers[fold(ws[from].norm)]
	if !known || first.times == 0 || from == 0 || ws[from-1].kind != letters || ws[from].breaks {
		return false
	}
	before := fold(ws[from-1].norm)
	_, sense := v.senses[before]
	return !sense && !englishWord(before) // a number word with a slip, perhaps
}

// slipped reports whether word i is a number word with a slip of the finger: dos mil setecientoss.
func (v *vocabulary) slipped(ws []word, i int) bool {
	if i < 0 || i >= len(ws) || ws[i].kind != letters {
		return false
	}
	said := fold(ws[i].norm)
	if first, _ := utf8.DecodeRuneInString(said); scriptGroup(first) > cyrillic || utf8.RuneCountInString(said) < 4 || v.senses[said] != "" || englishWord(said) {
		return false
	}
	for w := range v.numbers {
		if Slip(said, w) {
			return true
		}
	}
	return false
}

// numberWord reads the number word at i: one of the table, a phrase of it, or (parts) several that are written together.
func (t *tongue) numberWord(ws []word, i int, v *vocabulary) (n numeral, parts []numeral, taken int) {
	if i >= len(ws) || ws[i].kind != letters {
		return numeral{}, nil, 0
	}
	said := ""
	for k := 0; k < 3 && i+k < len(ws) && (k == 0 || ws[i+k].kind == letters || ws[i+k].norm == "-"); k++ {
		if ws[i+k].norm == "-" {
			continue
		}
		said = strings.TrimSpace(said + " " + fold(ws[i+k].norm))
		if m, ok := v.numbers[said]; ok && !m.inner {
			n, taken = m, k+1
		}
	}
	if taken > 0 || !t.form.joined || v.senses[fold(ws[i].norm)] != "" {
		return n, nil, taken
	}
	if parts = t.compound(fold(ws[i].norm), v); len(parts) > 1 {
		return numeral{}, parts, 1
	}
	return numeral{}, nil, 0
}

// compound cuts a word into number words, the longest first.
func (t *tongue) compound(w string, v *vocabulary) []numeral {
	var parts []numeral
	for w != "" {
		if len(parts) > 0 {
			for j := range t.form.joiners {
				if rest, ok := strings.CutPrefix(w, j); ok && rest != "" {
					w = rest
				}
			}
		}
		end := len(w)
		for end > 0 {
			if n, ok := v.numbers[w[:end]]; ok && !(n.shy && end == len(w) && len(parts) == 0) {
				parts = append(parts, n)
				break
			}
			_, size := utf8.DecodeLastRuneInString(w[:end])
			end -= size
		}
		if end == 0 || len(parts) > 20 {
			return nil
		}
		w = w[end:]
	}
	return parts
}

// pointed reads a decimal mark and digit words: coma cinco.
func (t *tongue) pointed(ws []word, i int, v *vocabulary) (int, *big.Rat) {
	if i+1 >= len(ws) || !t.form.points[fold(ws[i].norm)] {
		return 0, nil
	}
	frac, at := "", i+1
	for at < len(ws) {
		n, known := v.numbers[fold(ws[at].norm)]
		if !known || n.times != 0 || n.value.Cmp(ten) >= 0 {
			break
		}
		frac, at = frac+n.value.Num().String(), at+1
	}
	if frac == "" {
		return 0, nil
	}
	r, _ := new(big.Rat).SetString("0." + frac)
	return at - i, r
}

func (t *tongue) halfAt(ws []word, i int) int {
	for _, phrase := range t.form.halves {
		if n := spelledAt(ws, i, phrase); n > 0 {
			return n
		}
	}
	return 0
}

// spelledAt returns how many raw words from i on spell a phrase.
func spelledAt(ws []word, i int, phrase string) int {
	n := 0
	for w := range strings.FieldsSeq(phrase) {
		if i+n >= len(ws) || fold(ws[i+n].norm) != fold(w) {
			return 0
		}
		n++
	}
	return n
}
