package wallet

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/keymaker-agent/keymaker/refusal"
)

func TestTheDefaultPolicyIsWrittenWithCommentsAndReadBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "policy.json")
	if err := WriteDefaultPolicy(path); err != nil {
		t.Fatal(err)
	}
	if err := WriteDefaultPolicy(path); err == nil {
		t.Error("a policy was overwritten")
	}
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), "// ") {
		t.Errorf("the file: %v", err)
	}
	p, err := LoadPolicy(path)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(p, DefaultPolicy()) {
		t.Errorf("LoadPolicy = %+v", p)
	}
	if p.Unlimited != ChooseDeny || p.Spenders.Unknown != ChooseDeny || p.ApprovalTTL() != 2*time.Minute {
		t.Errorf("the default is lax: %+v", p)
	}
}

func TestAPolicyThatIsNotCertainDoesNotLoad(t *testing.T) {
	swap := func(old, now string) string {
		if !strings.Contains(defaultPolicy, old) {
			t.Fatalf("the default policy has no %s", old)
		}
		return strings.Replace(defaultPolicy, old, now, 1)
	}
	for name, c := range map[string]struct{ text, want string }{
		"empty":                 {"", "line 1"},
		"not JSON":              {"version = 1", "line 1"},
		"half":                  {defaultPolicy[:len(defaultPolicy)/2], "line"},
		"unknown key":           {swap(`"chains"`, `"chain"`), `unknown field "chain"`},
		"unknown key inside":    {swap(`"slippage_bps"`, `"slipage_bps"`), `unknown field "slipage_bps"`},
		"key twice":             {swap(`"version": 1,`, `"version": 1, "version": 1,`), "line 4: the key \"version\" comes twice"},
		"key twice, other case": {swap(`"unlimited_approvals": "deny"`, `"unlimited_approvals": "deny", "Unlimited_Approvals": "ask"`), "comes twice"},
		"key twice inside":      {swap(`"fee_per_tx"`, `"slippage_bps"`), "comes twice"},
		"two policies":          {defaultPolicy + defaultPolicy, "follows"},
		"a bracket too many":    {defaultPolicy + "}", "follows"},
		"other version":         {swap(`"version": 1`, `"version": 2`), "version 2"},
		"unlimited allowed":     {swap(`"unlimited_approvals": "deny"`, `"unlimited_approvals": "allow"`), "unlimited_approvals"},
		"spenders allowed":      {swap(`"spenders": {"allow": [], "deny": [], "unknown": "deny"}`, `"spenders": {"unknown": "allow"}`), "spenders.unknown"},
		"no recipients":         {swap(`"recipients": {"allow": [], "deny": [], "unknown": "ask"},`, ``), "recipients.unknown"},
		"float for an amount":   {swap(`"fee_per_tx": "0.05"`, `"fee_per_tx": 0.05`), "fee_per_tx"},
		"negative":              {swap(`"fee_per_tx": "0.05"`, `"fee_per_tx": "-1"`), "fee_per_tx"},
		"no fee cap":            {swap(`"fee_per_tx": "0.05",`, ``), "fee_per_tx"},
		"for ever":              {swap(`"approval_seconds": 120`, `"approval_seconds": 86400`), "approval_seconds"},
		"all slippage":          {swap(`"slippage_bps": 100`, `"slippage_bps": 10000`), "slippage_bps"},
		"bad address":           {swap(`"address": "0x0000000000000000000000000000000000000000"`, `"address": "0x12"`), "line"},
		"tx above day":          {swap(`"per_tx": "0.5"`, `"per_tx": "5"`), "per_day"},
		"too fine":              {swap(`"per_tx": "0.5"`, `"per_tx": "0.0000000000000000001"`), "per_tx"},
		"token twice":           {swap(`"chain": "base"`, `"chain": "ethereum"`), "comes twice"},
		"limit without limits":  {swap(`{"decision": "ask"}`, `{"decision": "limit"}`), "unlisted_tokens"},
		"limits without limit":  {swap(`{"decision": "ask"}`, `{"decision": "ask", "per_tx": "1"}`), "unlisted_tokens"},
	} {
		path := filepath.Join(t.TempDir(), "policy.json")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := LoadPolicy(path)
		if !refusal.Is(err, refusal.PolicyInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := LoadPolicy(filepath.Join(t.TempDir(), "none")); !refusal.Is(err, refusal.PolicyInvalid) {
		t.Errorf("no file: %v", err)
	}
}

func FuzzAPolicyIsReadOrRefused(f *testing.F) {
	f.Add([]byte(defaultPolicy))
	f.Add([]byte(`{"version":1,"version":1}`))
	f.Add([]byte("// only a comment"))
	f.Add([]byte(`[[{"a":["b",{"c":1}]}]]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := parsePolicy(text)
		if err != nil {
			return
		}
		if v := p.Judge(Facts{}); v.Decision != Deny {
			t.Fatalf("a policy allows nothing at all: %+v", v)
		}
		if p.Unlimited == ChooseAllow || p.Spenders.Unknown == ChooseAllow {
			t.Fatalf("a policy that may not be: %+v", p)
		}
	})
}
