package untrusted_test

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/keymaker-agent/keymaker/internal/untrusted"
)

func TestTextIsOneLineOfWhatIsSeen(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                             "plain",
		"two\nlines\tand\u2028more":         "two lines and more",
		"a\x1b[31mred\u202e\u200b\ufeff":    "a[31mred",
		"cut\xff":                           "cut\ufffd",
		"tag\U000e0041 filler\u3164 \u2800": "tag filler ",
		"e\u0301\u0301\u0301\u0301":         "e\u0301\u0301",
	} {
		if got := untrusted.Text(in, 40); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
	if got := untrusted.Text("abcdef", 4); got != "abc…" {
		t.Errorf("cut to %q", got)
	}
}

func FuzzText(f *testing.F) {
	f.Add("a\x1b[31m\u202e\xff")
	f.Fuzz(func(t *testing.T, s string) {
		got := untrusted.Text(s, 30)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > 30 {
			t.Fatalf("%q", got)
		}
		for _, r := range got {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
				t.Fatalf("%q holds %U", got, r)
			}
		}
		if again := untrusted.Text(got, 30); again != got {
			t.Fatalf("%q becomes %q", got, again)
		}
	})
}
