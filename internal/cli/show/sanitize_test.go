package show_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/internal/cli/show"
)

func TestSanitizeKeepsWhatPeopleSeeAndDropsWhatTheyDoNot(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"plain":             {"Swap 100 USDC", "Swap 100 USDC"},
		"accents":           {"Überweisung für José", "Überweisung für José"},
		"colour sequence":   {"\x1b[31mred\x1b[0m", "[31mred[0m"},
		"window title":      {"\x1b]0;gotcha\x07x", "]0;gotchax"},
		"c1 control":        {"a\u009b31mb", "a31mb"},
		"backspaces":        {"safe\b\b\b\bevil", "safeevil"},
		"carriage return":   {"pay 1\rpay 9", "pay 1 pay 9"},
		"line breaks":       {"a\nb\u2028c\u0085d", "a b c d"},
		"bidi override":     {"USDC\u202ecod.exe\u202c", "USDCcod.exe"},
		"bidi isolate":      {"\u2066x\u2069", "x"},
		"zero width":        {"US\u200bD\u200dC\ufeff", "USDC"},
		"soft hyphen":       {"US\u00adDC", "USDC"},
		"tag letters":       {"ok\U000e0041\U000e0042", "ok"},
		"variation":         {"x\ufe0f\U000e0101", "x"},
		"hangul filler":     {"a\u3164b\u115fc", "abc"},
		"blank braille":     {"a\u2800b", "ab"},
		"no-break space":    {"a\u00a0b\u3000c", "a b c"},
		"zalgo":             {"e\u0301\u0302\u0303\u0304x", "e\u0301\u0302x"},
		"broken utf-8":      {"a\xff\xfeb", "a\ufffd\ufffdb"},
		"private use":       {"a\ue000b", "ab"},
		"nothing":           {"", ""},
		"only hidden marks": {"\u200b\u200c", ""},
	} {
		if got := show.Sanitize(c.in); got != c.want {
			t.Errorf("%s: Sanitize(%q) = %q, want %q", name, c.in, got, c.want)
		}
	}
}

func TestSanitizeCapsTheLength(t *testing.T) {
	if got := show.SanitizeTo("USDCUSDCUSDC", 5); got != "USDC…" {
		t.Errorf("got %q", got)
	}
	if got := show.SanitizeTo("USDC", 4); got != "USDC" {
		t.Errorf("a text that fits was cut: %q", got)
	}
	if n := utf8.RuneCountInString(show.Sanitize(strings.Repeat("a", 1<<20))); n != 512 {
		t.Errorf("%d runes of a megabyte are left", n)
	}
}

func TestHiddenFindsWhatSanitizeWouldDrop(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringN(0, 40, 80).Draw(t, "text")
		if show.Hidden(s) {
			return
		}
		for _, r := range s {
			if unicode.IsControl(r) && !unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
				t.Fatalf("%q hides %U and Hidden does not say so", s, r)
			}
		}
	})
}

func FuzzSanitize(f *testing.F) {
	for _, seed := range []string{"USDC", "\x1b[2J", "a\u202eb", "\xff", strings.Repeat("e\u0301", 600)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := show.Sanitize(s)
		if !utf8.ValidString(got) {
			t.Fatalf("%q became invalid UTF-8", s)
		}
		if utf8.RuneCountInString(got) > 512 {
			t.Fatalf("%q is too long", got)
		}
		for _, r := range got {
			if r < ' ' || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs) {
				t.Fatalf("%q kept %U", s, r)
			}
		}
		if again := show.Sanitize(got); again != got {
			t.Fatalf("not stable: %q, then %q", got, again)
		}
	})
}
