package intents

import (
	"math/big"
	"strings"

	"golang.org/x/text/unicode/norm"
)

var (
	dotThousands  = pattern(`^[1-9]\d{0,2}\.\d{3}$`)
	plainNumber   = pattern(`^\d+(?:\.\d+)?$`)
	commaGroups   = pattern(`^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$`)
	dotGroups     = pattern(`^[1-9]\d{0,2}(?:\.\d{3}){2,}(?:,\d+)?$|^[1-9]\d{0,2}\.\d{3},\d+$`)
	quoteGroups   = pattern(`^[1-9]\d{0,2}(?:['_]\d{3})+(?:[.,]\d+)?$|^\d+(?:_\d+)+(?:\.\d+)?$`)
	commaFraction = pattern(`^(?:\d+,\d{1,2}|\d+,\d{4,}|0,\d+)$`)
)

// parseDigits reads a written number as a plain decimal. A comma before exactly three digits separates thousands, unless the
// number starts with a zero; any other single comma is a decimal comma. What fits no custom, or two, is not guessed at.
func parseDigits(s string) (string, bool) {
	s = strings.ReplaceAll(norm.NFKC.String(s), "’", "'")
	switch {
	case dotThousands().MatchString(s) && strings.HasSuffix(s, "0"): // 1.500: no one writes 1.5 so, but many write 1500 so
		return "", false
	case plainNumber().MatchString(s):
	case commaGroups().MatchString(s):
		s = strings.ReplaceAll(s, ",", "")
	case dotGroups().MatchString(s):
		s = strings.ReplaceAll(strings.ReplaceAll(s, ".", ""), ",", ".")
	case quoteGroups().MatchString(s):
		s = strings.NewReplacer("'", "", "_", "", ",", ".").Replace(s)
	case commaFraction().MatchString(s):
		s = strings.ReplaceAll(s, ",", ".")
	default:
		return "", false
	}
	return trimNumber(s), true
}

// trimNumber drops zeros that say nothing.
func trimNumber(s string) string {
	whole, frac, _ := strings.Cut(s, ".")
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if frac = strings.TrimRight(frac, "0"); frac == "" {
		return whole
	}
	return whole + "." + frac
}

// times multiplies a plain decimal by a power of ten.
func times(s string, zeros int) string {
	whole, frac, _ := strings.Cut(s, ".")
	for range zeros {
		if frac == "" {
			whole += "0"
			continue
		}
		whole, frac = whole+frac[:1], frac[1:]
	}
	return trimNumber(whole + "." + frac)
}

// decimal writes r without loss, or reports that it has no end.
func decimal(r *big.Rat) (string, bool) {
	places, exact := r.FloatPrec()
	if !exact {
		return "", false
	}
	return trimNumber(r.FloatString(places)), true
}

func isZero(number string) bool { return strings.Trim(number, "0.") == "" }

// scales are the words that multiply, as powers of ten.
var scales = map[string]int{
	"hundred": 2, "k": 3, "thousand": 3, "grand": 3, "m": 6, "mil": 6, "mill": 6, "mm": 6, "million": 6, "millions": 6,
	"b": 9, "bn": 9, "bil": 9, "billion": 9, "trillion": 12,
}

var (
	units = map[string]int64{
		"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
		"twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
	}
	tens = map[string]int64{
		"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
	}
	powers = map[string]int64{"hundred": 100, "thousand": 1_000, "grand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
)

// spokenNumber reads number words from ws[i:], such as "two hundred and fifty" or "one point five". It returns the number and
// how many words it took; none, where there is no number.
func spokenNumber(ws []word, i int) (*big.Rat, int) {
	total, group := new(big.Int), int64(0)
	taken, last := 0, ""
	at := i
	for at < len(ws) {
		w := ws[at].norm
		u, isUnit := units[w]
		t, isTen := tens[w]
		p, isPower := powers[w]
		switch {
		case isUnit && (last == "" || last == "power" || (last == "ten" && u > 0 && u < 10)):
			group, last = group+u, "unit"
		case isTen && (last == "" || last == "power"):
			group, last = group+t, "ten"
		case isPower && last == "" && w != "grand" && at > i: // "and thousand"
			return nil, 0
		case isPower && (last == "unit" || last == "ten" || (w != "hundred" && last == "power" && group > 0)):
			if group == 0 {
				return nil, 0
			}
			if w == "hundred" {
				group *= 100
			} else {
				total.Add(total, new(big.Int).Mul(big.NewInt(group), big.NewInt(p)))
				group = 0
			}
			last = "power"
		case w == "and" && last == "power" && at+1 < len(ws) && isNumeral(ws[at+1].norm):
			at++
			continue
		case w == "-" && last == "ten" && at+1 < len(ws) && units[ws[at+1].norm] > 0:
			at++
			continue
		case w == "a" && last == "" && at+1 < len(ws) && powers[ws[at+1].norm] > 0:
			group, last = 1, "unit"
		case w == "point" && last != "" && at+1 < len(ws) && isDigitWord(ws[at+1].norm):
			frac := ""
			for at++; at < len(ws) && isDigitWord(ws[at].norm); at++ {
				frac += string(rune('0' + units[ws[at].norm]))
			}
			total.Add(total, big.NewInt(group))
			whole, _ := new(big.Rat).SetString(total.String() + "." + frac)
			return whole, at - i
		default:
			if taken == 0 {
				return nil, 0
			}
			return new(big.Rat).SetInt(total.Add(total, big.NewInt(group))), taken
		}
		at++
		taken = at - i
	}
	if taken == 0 {
		return nil, 0
	}
	return new(big.Rat).SetInt(total.Add(total, big.NewInt(group))), taken
}

func isNumeral(w string) bool { return units[w] > 0 || tens[w] > 0 }

func isDigitWord(w string) bool {
	n, ok := units[w]
	return ok && n < 10
}
